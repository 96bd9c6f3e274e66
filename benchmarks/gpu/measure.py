# ===- measure.py - checks and times the variants of a work ----------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Checks and times the variants of one work; run.py runs this, a process a work.

What is found goes to a file, a line of JSON each as soon as it is known: run.py can
then tell which variant a process died of. Variants that are right are timed in turn
with the yardstick, each after a pause: without one the chip throttles, and favours
what runs first.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time
import zlib

import check
import draw
import expression
import record
import torch
from cases import WORKS
from driver import Driver, DriverError
from launcher import Launcher, Module

POISONS = (0xFF, 0x5A)  # The first makes every float NaN.
PAUSE = 0.12
# More than the cache of level 2 holds, and long enough to read that all launches of a
# run are queued before it has been read.
FLUSH_BYTES = 2**31
# A round of what takes less than this is the median of several runs, after shorter
# pauses: a single one is off by some microseconds.
SHORT_MS = 0.5
SHORT_RUNS, SHORT_PAUSE = 9, 0.01
# A variant that takes longer is not timed again.
SLOW_MS = 1000
YARDSTICK = 8192


class Variant:
    """A compiled work with memory of its own for all but the inputs."""

    def __init__(self, driver, work, folder, inputs):
        launch_record = json.loads((folder / "record.json").read_text())
        plan = record.plan(launch_record, work.shapes())
        given = list(inputs.values())
        self._own, buffers = [], []
        for buffer in plan.buffers:
            if buffer.argument is not None:
                buffers.append(given[buffer.argument])
                continue
            dtype = draw.DTYPES[buffer.element]
            buffers.append(torch.empty(buffer.shape, dtype=dtype, device="cuda"))
            self._own.append(buffers[-1])
        self.results = {name: buffers[number] for name, number in plan.results.items()}
        image = next(folder.glob("kernels.*")).read_bytes()
        addresses = [buffer.data_ptr() for buffer in buffers]
        self._launcher = Launcher(Module(driver, image), plan, addresses)
        self.resources = self._launcher.resources
        self.stream = torch.cuda.current_stream().cuda_stream

    def poison(self, byte):
        for buffer in self._own:
            check.as_bytes(buffer).fill_(byte)

    def __call__(self):
        self._launcher.launch(self.stream)


def yardstick(kind):
    """A matrix product as a function, and how many operations it is; or a copy, and
    how many bytes it reads and writes."""
    n = YARDSTICK
    if kind == "copy":
        source, copied = (torch.ones(2**28, device="cuda") for _ in range(2))
        return lambda: copied.copy_(source), 2 * 4 * source.numel()
    a, b = (torch.randn(n, n, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    if kind == "bf16":
        out = torch.empty_like(a)
        return lambda: torch.matmul(a, b, out=out), 2 * n**3
    a, b = (x.to(torch.float8_e4m3fn) for x in (a, b))
    one = torch.ones((), device="cuda")
    settings = {"scale_a": one, "scale_b": one, "out_dtype": torch.bfloat16}

    def product():
        return torch._scaled_mm(a, b.t(), use_fast_accum=True, **settings)

    return product, 2 * n**3


class Clock:
    """Milliseconds of a run on the GPU, after a pause and with a cold cache."""

    def __init__(self):
        self._flush = torch.zeros(FLUSH_BYTES // 4, device="cuda")
        self._start, self._end = (
            torch.cuda.Event(enable_timing=True) for _ in range(2)
        )

    def round(self, call):
        """The time of a run; if it is short, the median of several."""
        ms = self.time(call)
        if ms >= SHORT_MS:
            return ms
        times = [self.time(call, SHORT_PAUSE) for _ in range(SHORT_RUNS)]
        return statistics.median(times)

    def time(self, call, pause=PAUSE):
        torch.cuda.synchronize()
        time.sleep(pause)
        # Read, not written: there is nothing to write back during the run.
        self._flush.sum()
        self._start.record()
        call()
        self._end.record()
        self._end.synchronize()
        return self._start.elapsed_time(self._end)


class Measurement:
    """One work's variants, checked and timed; `note(variant, state, …)` tells of it."""

    def __init__(self, work, seed, note):
        self.work, self._note = work, note
        seed = zlib.crc32(f"{work.name} {seed}".encode())
        self.inputs = draw.inputs(work, seed, "cuda")
        torch.manual_seed(seed)
        self._clock, self._driver = Clock(), Driver()
        self._right = {}  # name -> the variant and what it gave
        self._times = {}  # name -> milliseconds; None for the yardstick

    def check(self, name, folder):
        self._note(name, "checking")
        try:
            variant = Variant(self._driver, self.work, folder, self.inputs)
        except (record.RecordError, expression.ExpressionError, DriverError) as error:
            self._note(name, "failed", reason=str(error))
            return
        variant.poison(POISONS[0])
        self._clock.time(variant)
        verdict = check.compare(self.work, self.inputs, variant.results)
        found = {result: t.clone() for result, t in variant.results.items()}
        variant.poison(POISONS[1])
        slow_ms = self._clock.time(variant)
        reason = verdict.reason
        if not reason and not check.same_bits(found, variant.results):
            reason = "a second run gives other bits"
        details = {
            "error": verdict.error,
            "row_error": verdict.row_error,
            "resources": variant.resources,
        }
        if reason:
            self._note(name, "wrong", reason=reason, **details)
            return
        self._note(name, "right", **details)
        self._right[name] = variant, found
        if slow_ms > SLOW_MS:
            self._times[name] = [slow_ms]

    def time(self, rounds):
        """The yardstick and all variants, in turn, in another order every round."""
        torch.cuda.empty_cache()
        product, self._yardstick_flops = yardstick(self.work.yardstick)
        product(), product()
        calls = [(None, product)]
        calls += [(n, v) for n, (v, _) in self._right.items() if n not in self._times]
        for i in range(rounds):
            for name, call in calls[i % len(calls) :] + calls[: i % len(calls)]:
                self._note(name, "timing")
                self._times.setdefault(name, []).append(self._clock.round(call))

    def report(self):
        """What was timed, unless it then gave other results than before."""
        base = self._yardstick_flops / statistics.median(self._times[None]) / 1e9
        for name, (variant, found) in self._right.items():
            self._note(name, "timing")
            if not check.same_bits(found, variant.results):
                self._note(name, "wrong", reason="other bits after it was timed")
                continue
            times = self._times[name]
            ms = statistics.median(times)
            tflops = self.work.flops / ms / 1e9
            self._note(
                name,
                "timed",
                ms=ms,
                spread=(max(times) - min(times)) / ms,
                rounds=len(times),
                tflops=tflops,
                yardstick_tflops=base,
                ratio=tflops / base,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("folders", nargs="+", type=pathlib.Path, help="of variants")
    parser.add_argument("--notes", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("error: torch finds no GPU")

    with arguments.notes.open("a") as notes:

        def note(variant, state, **details):
            line = {"variant": variant, "state": state, **details}
            print(json.dumps(line), file=notes, flush=True)

        measurement = Measurement(WORKS[arguments.work], arguments.seed, note)
        for folder in arguments.folders:
            measurement.check(folder.name, folder)
        measurement.time(arguments.rounds)
        measurement.report()


if __name__ == "__main__":
    main()
