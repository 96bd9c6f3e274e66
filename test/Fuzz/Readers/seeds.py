# ===- seeds.py - files for readers to begin with ----------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Usage: seeds.py DSA_COMPILE DIRECTORY: writes arrays and launch records."""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402
import programs  # noqa: E402
from program import ELEMENTS  # noqa: E402


def main():
    compiler, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    arrays, records = directory / "npy", directory / "launch-record"
    for folder in (arrays, records):
        folder.mkdir(parents=True, exist_ok=True)
    for element, dtype in (*ELEMENTS.items(), ("f64", np.dtype(np.float64))):
        for shape in ((), (0,), (2, 3), (1, 2, 2)):
            name = "x".join(map(str, shape)) + element
            np.save(arrays / f"{name}.npy", np.ones(shape).astype(dtype))
    for number in range(12):
        program, _, _ = programs.draw(1, number)
        command = [compiler, "-", "--target", "sm_90a", "-o", directory / "unused.ptx"]
        command += ["--launch", records / f"{number}.json"]
        subprocess.run(command, input=program.text(), text=True, check=True)


if __name__ == "__main__":
    main()
