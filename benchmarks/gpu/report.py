# ===- report.py - what was measured, as a table and as CSV ----------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Rows of what was measured: dictionaries with what measure.py notes of a variant."""

import csv
import datetime
import subprocess

COLUMNS = (
    *("date", "chip", "driver", "seed", "work", "variant", "state", "ms", "spread"),
    *("rounds", "tflops", "yardstick", "yardstick_tflops", "ratio", "required"),
    *("aim", "peer", "error", "row_error", "resources", "reason"),
)

FOOTER = """\
Times are medians; ratio: TFLOP/s over those of the yardstick, a matrix product of 8192^3,
or TB/s over those of a copy, timed in turn with the variants. Differences under 2 % are noise. Compare variants of
one run only, and ratios rather than times between runs."""


def machine():
    """The chip and its driver, and the time."""
    command = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        chip, driver = done.stdout.splitlines()[0].split(", ")
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        chip = driver = "unknown"
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        "date": now.isoformat(timespec="seconds"),
        "chip": chip,
        "driver": driver,
    }


def row(work, variant, note):
    """All that is known of a variant; `note` is of measure.py, with its state."""
    resources = "; ".join(
        f"{kernel}: {used['registers']} registers, {used['local']} B local, "
        f"{used['shared']} B shared"
        for kernel, used in note.get("resources", {}).items()
    )
    return {
        "work": work.name,
        "variant": variant,
        "yardstick": work.yardstick,
        **work.ratios._asdict(),
        **note,
        "resources": resources,
    }


def verdict(row):
    if row["state"] != "timed":
        return row["state"].upper()
    for name in ("aim", "required"):
        if row[name] is not None and row["ratio"] >= row[name]:
            return f"{name} reached"
    return "right" if row["required"] is None else "below required"


def line(row):
    """A row in short."""
    text = f"{row['work']}@{row['variant']}: {verdict(row)}"
    if row["state"] == "timed":
        text += f", {row['ms']:.3f} ms, ratio {row['ratio']:.3f}"
    return text + (f": {row['reason']}" if row.get("reason") else "")


class CSV:
    """A file that is complete after every row; `None` for no file."""

    def __init__(self, path, common):
        self._common = common
        self._file = path and path.open("w", newline="")
        if self._file:
            self._writer = csv.DictWriter(
                self._file, COLUMNS, restval="", extrasaction="ignore"
            )
            self._writer.writeheader()
            self._file.flush()

    def add(self, row):
        if self._file:
            self._writer.writerow(self._common | row)
            self._file.flush()


def _number(value, digits):
    return "" if value is None else f"{value:.{digits}f}"


def _rate(value):
    """Of operations, many; of bytes, a few."""
    return _number(value, 0 if value is None or value >= 10 else 2)


def table(rows, common):
    """The rows as text, with what is wrong below."""
    heads = ("work", "variant", "ms", "±%", "TFLOP/s", "yardstick", "ratio")
    heads += ("required", "aim", "peer", "error", "")
    cells = [heads]
    for row in rows:
        get = row.get
        spread = get("spread")
        base = _rate(get("yardstick_tflops"))
        cells.append(
            (
                row["work"],
                row["variant"],
                _number(get("ms"), 3),
                _number(spread and spread * 50, 1),
                _rate(get("tflops")),
                f"{row['yardstick']} {base}".strip(),
                _number(get("ratio"), 3),
                *(_number(row[name], 2) for name in ("required", "aim", "peer")),
                "" if get("error") is None else f"{row['error']:.1e}",
                verdict(row),
            )
        )
    widths = [max(map(len, column)) for column in zip(*cells)]
    left = {0, 1, len(heads) - 1}
    lines = [f"{common['chip']}, driver {common['driver']}, {common['date']}, ", ""]
    lines[0] += f"seed {common['seed']}"
    for row in cells:
        padded = (
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths))
        )
        lines.append("  ".join(padded).rstrip())
    reasons = [line(row) for row in rows if row.get("reason")]
    return "\n".join([*lines, "", *reasons, *([""] if reasons else []), FOOTER])
