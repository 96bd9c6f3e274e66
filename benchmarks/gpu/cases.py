# ===- cases.py - the works that are measured ------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The table of works: operations at sizes that matter, and how fast they must be."""

from work import Decode, Dense, Layer, Ratios, Scores, Select, Sparse, Topk


def _table():
    yield Scores(4096, 32768, Ratios(0.85, 0.95, 0.75))
    yield Scores(4096, 131072, Ratios(0.83, 0.95, 0.70))
    yield Scores(8192, 65536, Ratios(0.72, 0.85, 0.63), H=32)
    yield Scores(4096, 8192)
    yield Scores(4096, 32768, element="bf16")
    yield Dense(16384, 16384, Ratios(0.72, 0.84, 0.80), H=16, D=128, Dv=128)
    # Few rows, as in decoding.
    for rows in (1, 16, 64):
        yield Dense(rows, 32768, H=32, Hkv=8, D=128, Dv=128)
    yield Sparse(4096, 8192, Ratios(0.90, 0.94, 0.85))
    yield Sparse(4096, 32768, Ratios(0.86, 0.91, 0.75))
    yield Sparse(4096, 65536, Ratios(0.81, 0.87, 0.73))
    yield Sparse(4096, 131072, Ratios(0.77, 0.84, 0.68))
    yield Sparse(4096, 131072, Ratios(0.87, 0.92, 0.83), shared=0.8)
    yield Sparse(4096, 8192, Ratios(0.89, 0.93, 0.85), H=64)
    yield Sparse(4096, 32768, Ratios(0.80, 0.86, 0.73), H=64)
    yield Sparse(4096, 131072, Ratios(0.52, 0.55, 0.51), H=64)
    yield Sparse(4096, 8192, Ratios(0.66, 0.74, 0.60), H=64, D=512, K=512)
    yield Sparse(4096, 65536, Ratios(0.75, 0.85, 0.68), H=128, D=512, K=1024)
    # Few heads, and narrow ones.
    for heads in (1, 16, 32):
        yield Sparse(4096, 32768, H=heads)
    yield Sparse(4096, 32768, H=16, D=128, Dv=128)
    yield Sparse(4096, 32768, H=64, D=256, Dv=256)
    # Heads that are fewer than a block's rows, but many for columns.
    for heads in (40, 48, 56):
        yield Sparse(4096, 32768, H=heads)
    for width in (512, 256, 128):
        yield Sparse(4096, 32768, H=48, D=width, Dv=width)
    # More rows than 16 bits count, and keys of more bytes than 31 bits do.
    yield Sparse(70_000, 131_072, H=16, D=64, Dv=64, K=64)
    yield Sparse(256, 2**21, H=64)
    yield Topk(4096, 131072, Ratios(0.75, 0.94, 0.35))
    yield Topk(4096, 8192, Ratios(0.19, 0.28, 0.15))
    yield Topk(64, 131072, Ratios(0.25, 0.40, 0.18))
    yield Topk(1, 131072, Ratios(0.0058, 0.010, 0.0033))
    # What is hard may take twice as long.
    for scores in ("relu", "ascending", "descending", "clustered"):
        yield Topk(4096, 131072, Ratios(0.38, 0.63), scores=scores)
    for scores in ("equal", "lonely", "zeros", "two", "nan", "infinite"):
        yield Topk(4096, 131072, Ratios(0.38, 0.63), scores=scores)
        yield Topk(4096, 8192, Ratios(0.095, 0.15), scores=scores)
    yield Select(4096, 131072, Ratios(0.76, 0.89, 0.58))
    yield Select(4096, 32768, Ratios(0.67, 0.80, 0.57))
    yield Select(4096, 8192, Ratios(0.46, 0.60, 0.41))
    yield Layer(4096, 131072, Ratios(0.63, 0.75, 0.51))
    # Keys in pages: one sequence, some, and some with a draft of three tokens.
    yield Decode(1, 131072)
    yield Decode(64, 32768)
    yield Decode(64, 131072, tokens=4)
    yield from _tuned()


def _tuned():
    """Sizes of benchmarks/tuning that are not above."""
    yield Scores(64, 65536)
    yield Scores(64, 65536, H=32)
    yield Scores(4096, 32768, H=32)
    yield Dense(2048, 2048, H=16, D=128, Dv=128)
    for heads in (1, 16, 32, 64, 128):
        yield Sparse(64, 32768, H=heads)
    for heads in (64, 128):
        for k in (512, 1024):
            for keys in (8192, 65536):
                yield Sparse(4096, keys, H=heads, D=512, K=k)
    for k in (512, 1024):
        yield Topk(4096, 65536, K=k)
        yield Select(4096, 65536, K=k)
    yield Select(64, 65536)
    yield Select(4096, 32768, H=32)
    # Decoding: a row or two of one sequence, or of some.
    for rows in (1, 16):
        yield Scores(rows, 131072)
        yield Select(rows, 131072)
        yield Sparse(rows, 131072, H=16)
    yield Topk(16, 131072)
    for heads in (64, 128):
        for rows in (1, 16, 256):
            yield Sparse(rows, 131072, H=heads)
    yield Sparse(16, 65536, H=64, D=512, K=512)
    yield Sparse(16, 65536, H=128, D=512, K=1024)
    yield Dense(16, 16384, H=16, D=128, Dv=128)


WORKS = {}
for _work in _table():
    # What is in both has ratios in the table.
    WORKS.setdefault(_work.name, _work)
