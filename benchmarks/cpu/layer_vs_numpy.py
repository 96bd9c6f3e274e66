#!/usr/bin/env python3
# ===- layer_vs_numpy.py - Time a layer's parts against NumPy --------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Times scoring, top-k, sparse attention and the demo's layer on dsa-run and on NumPy.

Both run in turn on the same machine, which should do nothing else, with the same
number of threads and the same data: a round after the other, of which the fastest
counts. NumPy computes in float32 with its own BLAS, in each way that a user may write.
The sizes are those of examples/deepseek_v32_layer.mlir.
"""

import argparse
import os
import re
import statistics
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
    parser.add_argument("--repeat", type=int, default=3,
                        help="runs of each part in a round, whose median counts")
    parser.add_argument("--rounds", type=int, default=7,
                        help="rounds of both sides in turn, whose fastest counts")
    parser.add_argument("--parts", default="", metavar="REGEX",
                        help="only those of the parts whose name it matches")
    return parser.parse_args()


def restart_with_clean_environment(threads):
    """BLAS reads its variables when NumPy is loaded: set them before."""
    wanted = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads),
                  OMP_NUM_THREADS=str(threads))
    for name in BLAS_OVERRIDES:
        wanted.pop(name, None)
    if wanted != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.argv], wanted)


def describe_processor():
    names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    return names[0] if names else "unknown processor"


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

    print(f"{args.rows} rows, {args.keys} keys, {args.threads} threads; the fastest "
          f"of {args.rounds} rounds, each the median of {args.repeat} runs")
    print(f"{describe_processor()}; {describe_blas()}")
    # OpenBLAS waits by spinning: beside other work it is many times slower.
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} (should be near 0)")
    print()
    print(f"{'part':<10} {'elements':<9} {'NumPy f32':<12} {'dsa':>8} {'NumPy':>8} "
          f"{'dsa':>8} {'NumPy':>8} {'NumPy ÷ dsa':>12} {'max. diff.':>11}")
    print(f"{'':<33} {'ms':>8} {'ms':>8} {'GFLOP/s':>8} {'GFLOP/s':>8}")
    for part in parts.make_parts(args.rows, args.keys):
        if re.search(args.parts, part.name):
            measure(args, part)


def measure(args, part):
    """Prints a line for each kind of elements and each way of NumPy's."""
    ways = part.numpy()
    references = {way: function() for way, function in ways.items()}  # warms caches
    numpy_s = {way: [] for way in ways}
    dsa_s = {kind: [] for kind in part.kinds}
    results = {}
    for _ in range(args.rounds):
        for way, function in ways.items():
            numpy_s[way].append(time_numpy(function, args.repeat))
        for kind in part.kinds:
            seconds, results[kind] = time_dsa(args, part, kind)
            dsa_s[kind].append(seconds)
    for kind in part.kinds:
        for way in ways:
            print_row(part, kind, way, min(dsa_s[kind]), min(numpy_s[way]),
                      part.difference(results[kind], references[way]))


def time_numpy(function, repeat):
    """Median seconds of one call."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


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


def print_row(part, kind, way, dsa_s, numpy_s, difference):
    def rate(seconds):
        return f"{part.flops / seconds / 1e9:.1f}" if part.flops else "–"

    print(f"{part.name:<10} {kind:<9} {way:<12} {dsa_s * 1e3:>8.2f} "
          f"{numpy_s * 1e3:>8.2f} {rate(dsa_s):>8} {rate(numpy_s):>8} "
          f"{numpy_s / dsa_s:>12.2f} {difference:>11.1e}", flush=True)


if __name__ == "__main__":
    main()
