#!/usr/bin/env python3
# ===- make_bundle.py - benchmarks for a bare machine ----------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Compiles the works of cases.py and puts them together with what runs them.

A work has a variant `default`, with the schedule that the compiler chooses, and one
for every --schedule, --variant and --records that names it. Each is a folder
`works/<work>@<variant>` with kernels, launch record and source.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

from cases import WORKS

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Nothing that runs is left out: all but what makes bundles.
SCRIPTS = [path for path in sorted(HERE.glob("*.py")) if path.name != "make_bundle.py"]
NAME = re.compile(r"[A-Za-z0-9_.-]+")


def _addition(text):
    """WORK=NAME:REST, where WORK is an expression that whole names match."""
    pattern, equals, rest = text.partition("=")
    name, colon, rest = rest.partition(":")
    if not equals or not colon or not NAME.fullmatch(name) or name == "default":
        raise argparse.ArgumentTypeError(f"expected WORK=NAME:…, found '{text}'")
    works = [work for work in WORKS.values() if re.fullmatch(pattern, work.name)]
    if not works:
        raise argparse.ArgumentTypeError(f"no work is called '{pattern}'")
    return works, name, rest


def sources(arguments):
    """{folder: (MLIR text, options of the compiler)} of all variants."""
    texts = {}
    if not arguments.no_default:
        texts = {f"{name}@default": (work.module(), ()) for name, work in WORKS.items()}
    for works, name, schedule in arguments.schedule:
        texts |= {f"{work.name}@{name}": (work.module(schedule), ()) for work in works}
    for works, name, path in arguments.variant:
        text = pathlib.Path(path).read_text()
        texts |= {f"{work.name}@{name}": (text, ()) for work in works}
    for works, name, path in arguments.records:
        options = ("--records", path, "--no-tuned")
        texts |= {f"{work.name}@{name}": (work.module(), options) for work in works}
    only = re.compile(arguments.only)
    return {folder: text for folder, text in texts.items() if only.match(folder)}


def compile_text(variant, directory, arguments):
    """Writes source, kernels and launch record; returns why that fails, or None."""
    text, options = variant
    directory.mkdir(parents=True)
    source = directory / "source.mlir"
    source.write_text(text)
    command = [arguments.compiler, source, "--target", arguments.chip, *options]
    command += ["-o", directory / f"kernels.{arguments.code}"]
    command += ["--launch", directory / "record.json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines() or ["nothing on stderr"]
    errors = [line for line in lines if "error" in line.lower()] or lines
    return f"dsa-compile exits with {done.returncode}: {errors[0]}"


def build(directory, texts, arguments):
    """Fills the bundle's folder; returns what does not compile."""
    # Works that differ in sizes alone have the same code.
    modules = {
        text: directory / "modules" / str(i) for i, text in enumerate(texts.values())
    }
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        reasons = pool.map(lambda item: compile_text(*item, arguments), modules.items())
        failed = {text: reason for text, reason in zip(modules, reasons) if reason}
    failures = []
    for folder, text in texts.items():
        if text in failed:
            failures.append(f"{folder}: {failed[text]}")
        else:
            shutil.copytree(modules[text], directory / "works" / folder)
    shutil.rmtree(directory / "modules")
    for script in SCRIPTS:
        shutil.copy(script, directory)
    return failures


def move(directory, output):
    """The bundle to where it belongs, in place of an older one."""
    if output.name.endswith(".tar.gz"):
        unfinished = output.with_name(output.name + ".tmp")
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(directory, arcname=output.name.removesuffix(".tar.gz"))
        unfinished.replace(output)
        return
    if output.exists():
        # Nothing but a bundle is ever removed.
        if not (output / "run.py").exists() or not (output / "works").exists():
            sys.exit(f"make_bundle.py: error: '{output}' exists and is no bundle")
        shutil.rmtree(output)
    shutil.copytree(directory, output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add(
        "--out",
        type=pathlib.Path,
        default=ROOT / "build/gpu-bench",
        metavar="DIR",
        help="a folder, or an archive if it ends in .tar.gz",
    )
    add("--only", default="", metavar="REGEX", help="which, by <work>@<variant>")
    add(
        "--schedule",
        action="append",
        type=_addition,
        default=[],
        metavar="WORK=NAME:ATTRIBUTE",
        help="a variant with this schedule",
    )
    add(
        "--variant",
        action="append",
        type=_addition,
        default=[],
        metavar="WORK=NAME:FILE",
        help="a variant from a file of the same function",
    )
    add(
        "--records",
        action="append",
        type=_addition,
        default=[],
        metavar="WORK=NAME:FILE",
        help="a variant with the schedules of these records, and of no others",
    )
    add(
        "--no-default",
        action="store_true",
        help="only --schedule, --variant and --records",
    )
    add("--chip", default="sm_90a")
    add(
        "--code",
        choices=("cubin", "ptx"),
        help="what to carry; cubin if ptxas is on the PATH, otherwise ptx",
    )
    add("--compiler", default=ROOT / "build/bin/dsa-compile")
    add("--keep-going", action="store_true", help="leave out what does not compile")
    arguments = parser.parse_args()
    if not arguments.code:
        arguments.code = "cubin" if shutil.which("ptxas") else "ptx"

    texts = sources(arguments)
    if not texts:
        sys.exit(f"make_bundle.py: error: no variant's name matches '{arguments.only}'")
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory) / "bundle"
        failures = build(directory, texts, arguments)
        for failure in failures:
            print(f"FAIL {failure}", file=sys.stderr)
        if len(failures) == len(texts) or (failures and not arguments.keep_going):
            sys.exit(f"make_bundle.py: error: {len(failures)} variants do not compile")
        move(directory, arguments.out)
    print(f"{arguments.out}: {len(texts) - len(failures)} variants, {arguments.code}")


if __name__ == "__main__":
    main()
