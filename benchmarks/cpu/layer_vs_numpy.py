#!/usr/bin/env python3
# ===- layer_vs_numpy.py - Time a layer's parts against NumPy --------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Times scoring, top-k and sparse attention on dsa-run and on NumPy.

Both run in turn on the same machine, which should do nothing else, with the same
number of threads and the same data. NumPy computes in float32 with its own BLAS, a row at a time, which is
its fastest way. The sizes are those of examples/deepseek_v32_layer.mlir.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Variables that make OpenBLAS use another kernel than the best for this chip.
BLAS_OVERRIDES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dsa-run", type=Path, default=ROOT / "build/bin/dsa-run")
    parser.add_argument("--rows", type=int, default=64)
    parser.add_argument("--keys", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5,
                        help="runs of each part; the median counts")
    return parser.parse_args()


def restart_with_clean_environment(threads):
    """BLAS reads its variables when NumPy is loaded: set them before."""
    wanted = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads),
                  OMP_NUM_THREADS=str(threads))
    for name in BLAS_OVERRIDES:
        wanted.pop(name, None)
    if wanted != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.argv], wanted)


def describe_blas():
    import numpy
    from threadpoolctl import threadpool_info
    lines = [f"NumPy {numpy.__version__}"]
    for pool in threadpool_info():
        if pool["user_api"] == "blas":
            lines.append(f"{pool['internal_api']} {pool['version']}, kernel "
                         f"{pool.get('architecture', 'unknown')}, "
                         f"{pool['num_threads']} threads")
    return "; ".join(lines)


def main():
    args = parse_arguments()
    restart_with_clean_environment(args.threads)
    # Only now: these load NumPy.
    import parts
    if not args.dsa_run.exists():
        sys.exit(f"error: expected dsa-run at {args.dsa_run}: run scripts/build")

    print(f"{args.rows} rows, {args.keys} keys, {args.threads} threads; "
          f"median of {args.repeat}")
    print(describe_blas())
    # OpenBLAS waits by spinning: beside other work it is many times slower.
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} (should be near 0)")
    print()
    print(f"{'part':<12} {'elements':<9} {'dsa':>10} {'NumPy f32':>10} "
          f"{'dsa':>10} {'NumPy f32':>10} {'NumPy ÷ dsa':>12} {'max. diff.':>11}")
    print(f"{'':<22} {'ms':>10} {'ms':>10} {'GFLOP/s':>10} {'GFLOP/s':>10}")
    for part in parts.make_parts(args.rows, args.keys):
        reference, numpy_s = time_numpy(part, args.repeat)
        for kind in part.kinds:
            dsa_s, result = time_dsa(args, part, kind)
            print_row(part, kind, dsa_s, numpy_s, part.difference(result, reference))


def time_numpy(part, repeat):
    reference = part.numpy()  # warms caches, as dsa-run's first run does
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        part.numpy()
        times.append(time.perf_counter() - start)
    return reference, sorted(times)[len(times) // 2]


def time_dsa(args, part, kind):
    """Median seconds of one call, and its first result."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "part.mlir").write_text(part.module(kind), encoding="utf-8")
        command = [args.dsa_run, folder / "part.mlir", "--target", "cpu",
                   "--bench", str(args.repeat), "--output", folder / "out"]
        for name, array in part.arrays(kind).items():
            part.save(folder / f"{name}.npy", array)
            command += ["--input", f"{name}={folder / name}.npy"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"error: dsa-run failed on {part.name} in {kind}:\n{done.stderr}")
        return part.bench_seconds(done.stdout), part.load(folder / "out", kind)


def print_row(part, kind, dsa_s, numpy_s, difference):
    def rate(seconds):
        return f"{part.flops / seconds / 1e9:.1f}" if part.flops else "–"

    print(f"{part.name:<12} {kind:<9} {dsa_s * 1e3:>10.2f} {numpy_s * 1e3:>10.2f} "
          f"{rate(dsa_s):>10} {rate(numpy_s):>10} {numpy_s / dsa_s:>12.2f} "
          f"{difference:>11.1e}", flush=True)


if __name__ == "__main__":
    main()
