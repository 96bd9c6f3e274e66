# ===- make_bundle.py - test programs for a bare machine -------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Makes a bundle of test programs that runs where only a GPU's driver is.

The bundle holds, for every program of test/Integration and every chip, PTX, launch
record, inputs and what the results must be; dsa-ptx-run; and a script, `run`, that
runs all of it. Cases are named `<chip>/<operation>/<what>`.
"""

import argparse
import concurrent.futures
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import cases  # noqa: E402
import numpy as np  # noqa: E402
import pauses  # noqa: E402
from record_checks import record_checks  # noqa: E402

# How many of a chip's programs of one operation there are to one in the sample.
SAMPLE = 4


class Arrays:
    """Files of arrays, one for all that are equal."""

    def __init__(self, directory):
        self._directory = directory
        self._names = {}
        (directory / "arrays").mkdir(parents=True)

    def save(self, array):
        contents = io.BytesIO()
        np.save(contents, np.ascontiguousarray(array))
        key = hashlib.sha256(contents.getbuffer()).digest()
        if key not in self._names:
            self._names[key] = f"arrays/{len(self._names)}.npy"
            path = self._directory / self._names[key]
            path.write_bytes(contents.getbuffer())
        return self._names[key]


class Modules:
    """Compiled modules, one for all programs and chips with the same text."""

    def __init__(self, directory, compiler):
        self._directory, self._compiler = directory, compiler
        self._numbers = {}
        (directory / "modules").mkdir(parents=True)

    def name(self, text, chip):
        """The module's name, without `.ptx` and `.json`, and whether it is new."""
        new = (text, chip) not in self._numbers
        number = self._numbers.setdefault((text, chip), len(self._numbers))
        return f"modules/{number}", new

    def compile(self, name, text, chip):
        """Why that fails, or None."""
        path = self._directory / name
        source = path.with_suffix(".mlir")
        source.write_text(text)
        # Schedules of records are checked where they are measured; whether they split
        # relu, which the model of matrix units must know, they do not say here.
        command = [self._compiler, source, "--target", chip, "--no-tuned"]
        command += ["-o", path.with_suffix(".ptx")]
        command += ["--launch", path.with_suffix(".json")]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            record = path.with_suffix(".json")
            # Without the space that makes it readable.
            record.write_text(
                json.dumps(json.loads(record.read_text()), separators=(",", ":"))
            )
            return None
        lines = done.stderr.strip().splitlines() or ["nothing on stderr"]
        errors = [line for line in lines if "error" in line.lower()] or lines
        return f"dsa-compile exits with {done.returncode}: {errors[0]}"


def compile_all(directory, chosen, chips, compiler):
    """Modules' names by program and chip, and why those that fail do not compile."""
    modules, names, jobs = Modules(directory, compiler), {}, {}
    for program in chosen:
        text = program.text()
        for chip in chips:
            name, new = modules.name(text, chip)
            names[program.name, chip] = name
            if new:
                jobs[name] = (text, chip)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        reasons = pool.map(lambda job: modules.compile(job[0], *job[1]), jobs.items())
        failed = {name: reason for name, reason in zip(jobs, reasons) if reason}
    for path in (directory / "modules").glob("*.mlir"):
        path.unlink()
    return names, failed


def emit(directory, chosen, chips, compiler):
    """Writes all but the runner; returns the cases and what does not compile."""
    arrays = Arrays(directory)
    names, failed = compile_all(directory, chosen, chips, compiler)
    entries, failures, counts = [], [], {}
    for program in chosen:
        operation = program.name.split("/")[0]
        number = counts[operation] = counts.get(operation, -1) + 1
        inputs = {name: arrays.save(a) for name, a in program.inputs.items()}
        for chip in chips:
            name = names[program.name, chip]
            if name in failed:
                failures.append(f"{chip}/{program.name}: {failed[name]}")
                continue
            kernels = f"{name}.ptx"
            ptx = (directory / kernels).read_text()
            entry = {
                "name": f"{chip}/{program.name}",
                "kernels": kernels,
                "launch": f"{name}.json",
                "entry": "main",
                "inputs": inputs,
                "checks": record_checks(program, arrays.save, ptx),
            }
            if chip == chips[0] and number % SAMPLE == 0:
                entry["sample"] = True
            entries.append(entry)
    # Cases of one chip together.
    entries.sort(key=lambda entry: chips.index(entry["name"].split("/")[0]))
    return entries, failures


def write_manifest(directory, entries):
    path = directory / "manifest.json"
    path.write_text(json.dumps({"version": 1, "cases": entries}, indent=0))
    return path


def pack(directory, output):
    """All files, under one folder; the archive appears when it is complete."""
    name = output.name.split(".")[0]
    unfinished = output.with_name(output.name + ".tmp")
    try:
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(directory, arcname=name)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(prog="gpu-bundle", description=__doc__)
    parser.add_argument("output", type=pathlib.Path, metavar="OUT.tar.gz")
    parser.add_argument("--only", default="", metavar="REGEX", help="which programs")
    parser.add_argument("--chips", default="sm_90a,sm_80", help="for which chips")
    parser.add_argument("--compiler", default="dsa-compile", help="the compiler")
    parser.add_argument("--runner", type=pathlib.Path, help="the dsa-ptx-run to carry")
    parser.add_argument(
        "--keep-going", action="store_true", help="leave out what does not compile"
    )
    parser.add_argument(
        "--pauses",
        action="store_true",
        help="let warps pause at random before they wait: what is missing then shows",
    )
    arguments = parser.parse_args()

    if not arguments.output.parent.is_dir():
        sys.exit(f"gpu-bundle: error: no folder '{arguments.output.parent}'")
    only = re.compile(arguments.only)
    chosen = [p for p in cases.all_programs() if only.match(p.name)]
    if not chosen:
        sys.exit(f"gpu-bundle: error: no program's name matches '{arguments.only}'")
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        entries, failures = emit(
            directory, chosen, arguments.chips.split(","), arguments.compiler
        )
        for failure in failures:
            print(f"FAIL {failure}", file=sys.stderr)
        if failures and not arguments.keep_going:
            sys.exit(f"gpu-bundle: error: {len(failures)} cases do not compile")
        if arguments.pauses:
            for path in (directory / "modules").glob("*.ptx"):
                path.write_text(pauses.add(path.read_text()))
        write_manifest(directory, entries)
        for source, name in ((arguments.runner, "dsa-ptx-run"), (HERE / "run", "run")):
            path = directory / name
            path.write_bytes(source.read_bytes())
            path.chmod(0o755)
        pack(directory, arguments.output)
    print(f"{arguments.output}: {len(entries)} cases")


if __name__ == "__main__":
    main()
