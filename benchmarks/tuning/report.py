#!/usr/bin/env python3
# ===- report.py - predicted and measured ----------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""What a search measured, beside what the cost model expected, of all candidates.

report.py DIR... --csv FILE            searches, as dsa-tune --emit and
                                       dsa-ptx-run --measure leave them
report.py DIR... --from FILE --csv FILE  with cases that only that file has
report.py --from FILE --table          a table in Markdown
report.py --from FILE --plot FILE.svg  needs matplotlib
report.py --from FILE --predict dsa-opt --csv FILE
                                       expects anew, as this compiler does
report.py --from FILE --require 0.8    fails if the cost model's pick is not within
                                       10 % of the best for that part of the works
"""

import argparse
import csv
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys

COLUMNS = ("case", "candidate", "default", "schedule", "predicted", "measured")
COLUMNS += ("failure",)


def read_search(directory):
    """Rows of a plan and its journal."""
    plan = json.loads((directory / "plan.json").read_text())
    lines = (directory / "journal.jsonl").read_text().splitlines()
    runs, failures = {}, {}
    for line in map(json.loads, lines):
        key = line.get("measured"), line.get("candidate")
        if "microseconds" in line:
            runs.setdefault(key, []).extend(line["microseconds"])
        elif "measured" in line:
            failures[key] = line["failure"]
    for case in plan["cases"]:
        for candidate in case["candidates"]:
            key = case["name"], candidate["number"]
            if key not in runs and key not in failures:
                continue
            measured = statistics.median(runs[key]) if key not in failures else ""
            yield {
                "case": case["name"],
                "candidate": candidate["number"],
                "default": int(candidate["default"]),
                "schedule": candidate["schedule"],
                "predicted": candidate.get("predicted", ""),
                "measured": measured and round(measured, 2),
                "failure": failures.get(key, ""),
            }


def read_csv(path):
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["default"] = row["default"] == "1"
        for name in ("predicted", "measured"):
            row[name] = float(row[name]) if row[name] else None
    return rows


HERE = pathlib.Path(__file__).resolve().parent
CHIP = "sm_90a"
LISTED = re.compile(r"dsa\.schedules = \[(.*)\], dsa\.times = array<f64: ([^>]*)>")


def find_spec(function):
    """The specification with that function, and whether it is causal."""
    for path in sorted(HERE.glob("*.mlir")):
        _, found, text = path.read_text().partition(f"func.func @{function}(")
        if found:
            return path, "%hi:" in text.partition("func.func")[0]
    sys.exit(f"report.py: error: no specification has @{function}")


def expect(case, opt):
    """{schedule: microseconds} that the cost model expects for a case."""
    function, _, sizes = case.rpartition("-")
    rows, keys = map(int, sizes.split("x"))
    path, causal = find_spec(function)
    options = f"rows={rows} keys={keys}"
    if causal and rows <= keys:
        options += f" keys-per-row={keys - (rows - 1) // 2}"
    command = [opt, path, f"-dsa-attach-target=chip={CHIP}"]
    command += ["-dsa-enumerate-schedules", f"-dsa-rank-schedules={options}"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    _, _, text = text.partition(f"func.func @{function}(")
    found = LISTED.search(text.partition("func.func")[0])
    if not found:
        return {}
    times = map(float, found[2].split(", "))
    return dict(zip(re.split(", (?=#)", found[1]), times))


def predict(rows, opt):
    """Replaces what was expected when it was measured."""
    for case, members in by_case(rows).items():
        expected = expect(case, opt)
        for row in members:
            row["predicted"] = expected.get(row["schedule"])


def write_csv(rows, path):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            known = {"default": int(row["default"])}
            if row["predicted"]:
                known["predicted"] = round(float(row["predicted"]), 2)
            writer.writerow(row | known)


def by_case(rows):
    cases = {}
    for row in rows:
        cases.setdefault(row["case"], []).append(row)
    return cases


def gain(rows):
    """How much faster the best of a case is than the default."""
    right = [row for row in rows if row["measured"]]
    usual = [row["measured"] for row in right if row["default"]]
    return usual[0] / min(row["measured"] for row in right) if usual else 1


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def find_picks(rows):
    """For each case that the cost model knows, the time of what it puts first over
    the best."""
    picks = []
    for members in by_case(rows).values():
        right = [row for row in members if row["measured"] is not None]
        known = [row for row in right if row["predicted"] is not None]
        if known:
            pick = min(known, key=lambda row: row["predicted"])
            picks.append(pick["measured"] / min(row["measured"] for row in right))
    return picks


def table(rows):
    """A line a case: the default, the best, and what the cost model would take."""
    heads = ["work", "right", "default µs", "best µs", "speed-up", "model's µs"]
    heads += ["of best", "predicted / measured"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    speed_ups, picks = [], find_picks(rows)
    for case, members in by_case(rows).items():
        right = [row for row in members if row["measured"] is not None]
        if not right:
            lines.append(f"| {case} | 0 of {len(members)} |" + " |" * 6)
            continue
        best = min(row["measured"] for row in right)
        usual = next((r["measured"] for r in right if r["default"]), None)
        known = [row for row in right if row["predicted"] is not None]
        pick = min(known, key=lambda row: row["predicted"]) if known else None
        cells = [case, f"{len(right)} of {len(members)}"]
        cells += [f"{usual:.1f}" if usual else "", f"{best:.1f}"]
        cells.append(f"{usual / best:.3f}" if usual else "")
        if usual:
            speed_ups.append(usual / best)
        if pick:
            ratios = [row["predicted"] / row["measured"] for row in known]
            cells += [f"{pick['measured']:.1f}", f"{pick['measured'] / best:.3f}"]
            cells.append(f"{min(ratios):.2f} to {max(ratios):.2f}")
        else:
            cells += [""] * 3
        lines.append("| " + " | ".join(cells) + " |")
    lines.append("")
    if speed_ups:
        mean = geometric_mean(speed_ups)
        lines.append(f"Speed-up over the default, geometric mean: {mean:.3f}.")
    if picks:
        near = sum(pick <= 1.1 for pick in picks)
        text = f"within 10 % of the best in {near} of {len(picks)} works"
        lines.append(f"What the cost model puts first is {text}.")
    return "\n".join(lines)


def plot(rows, path):
    import matplotlib

    matplotlib.use("svg")
    # The same file from the same numbers.
    matplotlib.rcParams["svg.hashsalt"] = "dsa"
    from matplotlib import pyplot

    known = [row for row in rows if row["predicted"] and row["measured"]]
    figure, axes = pyplot.subplots(figsize=(6.4, 5.6))
    names = sorted({row["case"].split("_")[0] for row in known})
    for name, marker in zip(names, "osD^v"):
        for default, face in ((False, "none"), (True, None)):
            mine = [r for r in known if r["case"].split("_")[0] == name]
            mine = [r for r in mine if r["default"] == default]
            axes.scatter(
                [row["predicted"] for row in mine],
                [row["measured"] for row in mine],
                s=22,
                marker=marker,
                facecolors=face,
                edgecolors=f"C{names.index(name)}",
                color=None if face else f"C{names.index(name)}",
                linewidths=0.8,
                label=f"{name}, default" if default else name,
            )
    ends = [
        pick(row[kind] for row in known for kind in ("predicted", "measured"))
        for pick in (min, max)
    ]
    for factor, style in ((1, "-"), (1.2, ":"), (1 / 1.2, ":")):
        axes.plot(ends, [end * factor for end in ends], style, color="0.6", lw=0.8)
    axes.set(xscale="log", yscale="log", xlabel="predicted, µs", ylabel="measured, µs")
    axes.legend(frameon=False)
    axes.set_title("All candidates; dotted: a fifth off", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directories", nargs="*", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--from", dest="source", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--csv", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--predict", type=pathlib.Path, metavar="DSA-OPT")
    parser.add_argument("--require", type=float, metavar="PART")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE.svg")
    arguments = parser.parse_args()
    if not arguments.directories and not arguments.source:
        sys.exit("report.py: error: expected DIR... or --from FILE")
    if arguments.directories:
        if not arguments.csv:
            sys.exit("report.py: error: expected --csv FILE")
        # Of one case the search that gained most, as for dsa-tune --collect.
        cases, older = {}, {}
        if arguments.source:
            older = by_case(read_csv(arguments.source))
        for directory in arguments.directories:
            for case, rows in by_case(read_search(directory)).items():
                if case not in cases or gain(rows) >= gain(cases[case]):
                    cases[case] = rows
        cases = older | cases
        write_csv([row for case in cases for row in cases[case]], arguments.csv)
    rows = read_csv(arguments.csv if arguments.directories else arguments.source)
    if arguments.predict:
        predict(rows, arguments.predict)
        if arguments.csv:
            write_csv(rows, arguments.csv)
    if arguments.table:
        print(table(rows))
    if arguments.plot:
        plot(rows, arguments.plot)
    if arguments.require is not None:
        picks = find_picks(rows)
        near = sum(pick <= 1.1 for pick in picks)
        if near < arguments.require * len(picks):
            text = f"within 10 % of the best in {near} of {len(picks)} works"
            sys.exit(f"report.py: error: what the cost model puts first is {text}")


if __name__ == "__main__":
    main()
