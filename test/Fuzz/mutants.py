# ===- mutants.py - does text of any kind crash the compiler ----------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Feeds mutated modules to the parser, to passes and to every pipeline.

The modules are those of the tests of dsa-opt, and so are the passes, beside pipelines;
or they are random programs, changed too.
A batch of mutants goes through one process, which goes on after errors; if it crashes
or hangs, or fails without a word, each mutant is tried alone.
"""

import pathlib
import random
import re
import shlex

import programs
import timeouts

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEPARATOR = "\n// -----\n"
BATCH = 40
BATCH_S, ONE_S = 120, 20

PIPELINES = (
    [],
    ["-dsa-to-cpu"],
    ["-dsa-to-kernels=chip=sm_90a"],
    ["-dsa-to-kernels=chip=sm_80"],
    ["-dsa-tile-to-cpu=chip=sm_90a"],
    ["-dsa-to-ptx=chip=sm_90a"],
)
PASS = re.compile(r"-(dsa-|canonicalize$|cse$|inline$)")

NUMBERS = ("0", "1", "-1", "2", "3", "7", "16", "64", "65", "128", "256", "4096")
LARGE = ("2147483647", "2147483648", "4294967296", "9223372036854775807", "1e39")
TYPES = ("f32", "f16", "bf16", "f8E4M3FN", "f64", "i32", "i64", "i1", "index")
WORD = re.compile(r"[%@#!]?[A-Za-z_][\w.$-]*|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\S")


def corpus():
    """(options of dsa-opt, modules) of each test.

    Without what LLVM may have no instruction for, which ends the process: that is
    dsa-compile's to bear, and tested there.
    """
    tests = []
    for path in sorted(ROOT.rglob("*.mlir")):
        if "Inputs" in path.parts:
            continue
        text = path.read_text()
        options = [
            [word for word in shlex.split(found) if PASS.match(word)]
            for found in re.findall(r"RUN: dsa-opt %s([^|>\n\\]*)", text)
        ]
        modules = [
            re.sub(r"^\s*//.*\n", "", part, flags=re.M).strip()
            for part in text.split("// -----")
        ]
        modules = [m for m in modules if m and "llvm.call_intrinsic" not in m]
        if modules:
            tests.append((options or [[]], modules))
    return tests


def _change_number(rng, text):
    found = list(re.finditer(r"\d+", text))
    if not found:
        return text
    at = rng.choice(found)
    new = rng.choice(NUMBERS + LARGE + (str(int(at[0]) + 1), str(int(at[0]) * 2)))
    return text[: at.start()] + new + text[at.end() :]


def _change_type(rng, text):
    found = list(re.finditer(rf"{'|'.join(TYPES)}|memref|tensor|\?", text))
    if not found:
        return text
    at = rng.choice(found)
    if at[0] in ("memref", "tensor"):
        new = "tensor" if at[0] == "memref" else "memref"
    elif at[0] == "?":
        new = rng.choice(NUMBERS)
    else:
        new = rng.choice(TYPES)
    return text[: at.start()] + new + text[at.end() :]


def _change_all(rng, text):
    """Another size, type or attribute throughout: most such modules stay valid."""
    kinds = (r"(?<![%\w#^])\d+(?![\w])|(?<=[<x])\d+(?=x)", "|".join(TYPES), r"\?")
    kind = re.compile(rng.choice(kinds))
    found = sorted({match[0] for match in kind.finditer(text)})
    if not found:
        return text
    old = rng.choice(found)
    new = rng.choice(TYPES if old in TYPES else NUMBERS + LARGE)
    return kind.sub(lambda match: new if match[0] == old else match[0], text)


def _change_words(rng, text):
    """Removes, repeats, replaces or exchanges words."""
    words = list(WORD.finditer(text))
    if len(words) < 2:
        return text
    a, b = sorted(rng.sample(words, 2), key=lambda word: word.start())
    kind = rng.randrange(5)
    if kind == 0:
        return text[: a.start()] + text[a.end() :]
    if kind == 1:
        return text[: a.end()] + " " + a[0] + text[a.end() :]
    if kind == 2:
        return text[: a.start()] + b[0] + text[a.end() :]
    if kind == 3:
        # What lies between: whole clauses, now and then.
        b = min(words, key=lambda word: abs(word.start() - a.end() - rng.randrange(60)))
        return text[: a.start()] + text[max(a.start(), b.start()) :]
    middle = text[a.end() : b.start()]
    return text[: a.start()] + b[0] + middle + a[0] + text[b.end() :]


def _change_lines(rng, text, others):
    """Removes, repeats or moves a line, or takes one from elsewhere."""
    lines = text.split("\n")
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[at])
    elif kind == 2:
        lines.insert(to, lines.pop(at))
    else:
        lines.insert(at, rng.choice(rng.choice(others).split("\n")))
    return "\n".join(lines)


def mutate(rng, text, others):
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        kind = rng.randrange(8)
        if kind < 4:
            text = _change_all(rng, text)
        elif kind == 4:
            text = _change_number(rng, text)
        elif kind == 5:
            text = _change_type(rng, text)
        elif kind == 6:
            text = _change_words(rng, text)
        else:
            text = _change_lines(rng, text, others)
    # No new borders between modules.
    return text.replace("// -----", "")


def _is_undefined(text):
    """Upstream does not define dimensions of negative number, nor refuse them."""
    negative = re.findall(r"(%\S+) = arith.constant -\d+ : index", text)
    return any(re.search(rf"\.dim %\S+, {name}\b", text) for name in negative)


def failure_of(command, text, timeout):
    """What is wrong about how the tool handles the text, or None."""
    try:
        done = timeouts.run(command, timeout, input=text)
    except timeouts.Hang as hang:
        return str(hang)
    stderr = done.stderr
    if done.returncode < 0 or done.returncode > 1 or "LLVM ERROR" in stderr:
        frames = re.findall(r"^ *#\d+ \S+ (.*)$", stderr, flags=re.M)
        own = [frame for frame in frames if "SignalHandler" not in frame][2:7]
        said = re.findall(r"LLVM ERROR.*|runtime error.*|ERROR: Address.*", stderr)
        return f"crashes ({done.returncode}): {' < '.join(said[:1] + own)}"
    if done.returncode and "error:" not in stderr:
        return "fails without an error"
    return None


def batch(seed, number, tools, directory):
    """What is wrong about a batch of mutants, each with a file that shows it."""
    rng = random.Random(f"{seed}-{number}")
    tests = corpus()
    options, modules = rng.choice(tests)
    others = rng.choice(tests)[1]
    if rng.random() < 0.4:
        drawn = [programs.draw(seed, rng.randrange(10**6))[0] for _ in range(4)]
        options, modules = PIPELINES, [program.text() for program in drawn]
    passes = rng.choice(options) if rng.random() < 0.5 else rng.choice(PIPELINES)
    mutants = [mutate(rng, rng.choice(modules), others) for _ in range(BATCH)]
    # Threads would only be in the way, and errors come in order without.
    command = [str(tools / "dsa-opt"), "-split-input-file", *passes]
    command += ["-mlir-disable-threading", "-o", "/dev/null", "-"]
    clean_up = [command[0], "-canonicalize", "-cse", "-o", "/dev/null", "-"]
    if not failure_of(command, SEPARATOR.join(mutants), BATCH_S):
        return []
    findings = []
    for i, mutant in enumerate(mutants):
        failure = failure_of(command, mutant, ONE_S)
        # What upstream's clean-up cannot bear by itself is no finding.
        if not failure or _is_undefined(mutant):
            continue
        if not failure_of(clean_up, mutant, ONE_S):
            path = directory / f"mutant-{seed}-{number}-{i}.mlir"
            path.write_text(mutant)
            shown = " ".join(["dsa-opt", *passes])
            findings.append(f"FAIL {path}: {shown} {failure}")
    return findings
