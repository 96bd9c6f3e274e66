# ===- check_runner.py - does dsa-ptx-run check as compare.py does ---------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Whether dsa-ptx-run's checks and those of compare.py agree about results.

Takes results that the CPU computes, right as they are, and variants of them with a
few elements changed by more or less than is tolerated; has both check all of them;
and fails if verdicts differ, or if too few of either kind came up.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys

import make_bundle  # noqa: F401, puts test/Integration on the path
import cases
import compare
import matrix_unit
import numpy as np
import run_cases

CHIP = "sm_90a"
VARIANTS = 12


def compute(program, dsa_run, directory):
    """The results on the CPU."""
    output = directory / "out"
    output.mkdir(parents=True)
    (directory / "module.mlir").write_text(program.text())
    command = [dsa_run, directory / "module.mlir", "--output", output]
    for name, array in program.inputs.items():
        np.save(directory / f"{name}.npy", array)
        command += ["--input", f"{name}={directory / name}.npy"]
    subprocess.run(command, check=True, capture_output=True)
    results, reason = run_cases.results_of(program, output)
    assert reason is None, f"{program.name}: {reason}"
    return results


def change(rng, program, results):
    """The results with one to three elements of one result changed."""
    results = {name: array.copy() for name, array in results.items()}
    names = [name for name, array in results.items() if array.size]
    if not names:
        return results
    name = rng.choice(names)
    array = results[name]
    rows = array.reshape(array.shape[0], -1)
    for _ in range(rng.integers(1, 4)):
        t, i = rng.integers(rows.shape[0]), rng.integers(rows.shape[1])
        value = float(rows[t, i])
        if array.dtype == np.int32:
            j = rng.integers(rows.shape[1])
            if rng.random() < 0.3:
                rows[t, i], rows[t, j] = rows[t, j], rows[t, i]
            else:
                rows[t, i] ^= rng.integers(0, 3, dtype=np.int32)
            continue
        row = np.abs(rows[t].astype(np.float64))
        size = row[np.isfinite(row)].max(initial=0)
        tolerance = compare.TOLERANCE[program.results[name][0]]
        others = [np.nan, np.inf, -np.inf, -value, value]
        others += [value + factor * tolerance * size for factor in (0.2, 0.2, 3, -3)]
        rows[t, i] = others[rng.integers(len(others))]
    return results


def verdict(program, results, on_tiles):
    """What compare.py says: None, or why not."""
    for array in results.values():
        if array.dtype != np.int32 and np.isnan(array).any():
            return "holds NaN"
    checks = program.checks_on_tiles if on_tiles else program.checks
    reasons = (check(results) for check in checks)
    return next((reason for reason in reasons if reason), None)


def verdicts(runner, manifest, directory):
    """Why dsa-ptx-run says that cases fail, by name."""
    command = [runner, "--batch", manifest, "--results", directory]
    done = subprocess.run(command, capture_output=True, text=True)
    *lines, last = done.stdout.splitlines() or [done.stderr]
    assert last.endswith(" failed"), last
    return dict(line.removeprefix("FAIL ").split(": ", 1) for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsa-run", default="dsa-run")
    parser.add_argument("--compiler", default="dsa-compile")
    parser.add_argument("--runner", default="dsa-ptx-run")
    parser.add_argument("--tmp", type=pathlib.Path, required=True)
    parser.add_argument("--step", type=int, default=1, help="take every so manieth")
    arguments = parser.parse_args()

    shutil.rmtree(arguments.tmp, ignore_errors=True)
    programs = list(cases.all_programs())[:: arguments.step]
    bundle = arguments.tmp / "bundle"
    entries, _ = make_bundle.emit(bundle, programs, [CHIP], arguments.compiler)
    # What does not compile fails other tests, and a CPU does not compute what matrix
    # units make of bytes.
    ptx = {e["name"]: (bundle / e["kernels"]).read_text() for e in entries}
    ptx = {n: text for n, text in ptx.items() if not matrix_unit.is_used_by(text)}
    programs = [p for p in programs if f"{CHIP}/{p.name}" in ptx]
    entries = [entry for entry in entries if entry["name"] in ptx]
    manifest = make_bundle.write_manifest(bundle, entries)

    right = {
        p.name: compute(p, arguments.dsa_run, arguments.tmp / "cpu" / p.name)
        for p in programs
    }
    agreed = {True: 0, False: 0}
    for variant in range(VARIANTS):
        directory = arguments.tmp / str(variant)
        expected = {}
        for number, program in enumerate(programs):
            rng = np.random.default_rng([variant, number])
            results = right[program.name]
            if variant:
                results = change(rng, program, results)
            name = f"{CHIP}/{program.name}"
            expected[name] = verdict(program, results, "wgmma" in ptx[name])
            (directory / name.replace("/", ".")).mkdir(parents=True)
            for result, array in results.items():
                path = directory / name.replace("/", ".") / f"{result}.npy"
                np.save(path, array)
        found = verdicts(arguments.runner, manifest, directory)
        for name, reason in expected.items():
            if (reason is None) != (name not in found):
                sys.exit(
                    f"error: {name}, variant {variant}: compare.py says {reason}, "
                    f"dsa-ptx-run says {found.get(name)}"
                )
            agreed[reason is None] += 1
        assert variant or not found, found
    assert min(agreed.values()) > len(programs), agreed
    print(f"agreed on {agreed[True]} right and {agreed[False]} wrong results")


if __name__ == "__main__":
    main()
