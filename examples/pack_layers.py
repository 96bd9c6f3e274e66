#!/usr/bin/env python3
# ===- pack_layers.py - layers for a bare machine --------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles the layers of this directory and packs them with what runs and checks them.

Where there are a GPU, its driver, and a Python with NumPy and ml_dtypes:
    tar xf layers.tar.gz && layers/run
"""

import argparse
import pathlib
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
LAYERS = ("deepseek_v32_layer", "glm5_layer")
# What check_layer.py imports.
CHECKS = (
    "cases",
    "compare",
    "matrix_unit",
    "oracle",
    "program",
    "run_cases",
    "timeouts",
)

RUN = """#!/bin/bash
# Runs every layer on the GPU and checks it; fails unless all are right.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
status=0
for layer in examples/*.mlir; do
  python3 examples/check_layer.py "$layer" --kernels kernels "$@" || status=1
done
exit $status
"""


def compile_layer(name, directory, arguments):
    """Writes kernels and launch record, or says why that fails and exits."""
    stem = directory / "kernels" / name
    command = [arguments.compiler, HERE / f"{name}.mlir", "--target", arguments.chip]
    command += ["-o", f"{stem}.ptx", "--launch", f"{stem}.json"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(done.stderr, end="", file=sys.stderr)
        sys.exit(f"error: {name} does not compile for {arguments.chip}")


def pack(directory, output):
    """The archive appears when it is complete."""
    unfinished = output.with_name(output.name + ".tmp")
    try:
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(directory, arcname=output.name.split(".")[0])
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path, metavar="OUT.tar.gz")
    parser.add_argument("--chip", default="sm_90a")
    parser.add_argument("--compiler", default=ROOT / "build/bin/dsa-compile")
    parser.add_argument(
        "--runner",
        type=pathlib.Path,
        default=ROOT / "build/bin/dsa-ptx-run",
        help="the dsa-ptx-run to carry",
    )
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        (directory / "kernels").mkdir()
        for name in LAYERS:
            compile_layer(name, directory, arguments)
        files = {f"examples/{name}.mlir": HERE / f"{name}.mlir" for name in LAYERS}
        files["examples/check_layer.py"] = HERE / "check_layer.py"
        files["kernels/dsa-ptx-run"] = arguments.runner
        for name in CHECKS:
            path = f"test/Integration/{name}.py"
            files[path] = ROOT / path
        for name, source in files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.read_bytes())
            path.chmod(0o755 if source == arguments.runner else 0o644)
        (directory / "run").write_text(RUN)
        (directory / "run").chmod(0o755)
        pack(directory, arguments.output)
    print(f"{arguments.output}: {len(LAYERS)} layers for {arguments.chip}")


if __name__ == "__main__":
    main()
