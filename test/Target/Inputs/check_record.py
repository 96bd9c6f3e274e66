# ===- check_record.py - is this a launch record? --------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Checks launch records against docs/launch-record.schema.json, and what the schema
cannot say: that numbers of buffers and arguments exist, that every expression has a
sensible value for any sizes, that workspace is bounded, and, given the device code,
that it has the kernels, with the parameters that the record gives to them.

Prints what is wrong; or `ok`, and how many functions and launches there are. With
--show, the record comes first, one thing a line.
"""

import argparse
import itertools
import json
import math
import pathlib
import re
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).parents[3] / "docs" / "launch-record.schema.json"

# The sizes that free dimensions are tried with.
SIZES = (0, 1, 3, 300, 5000)
MOST_BLOCKS = 264

# What tensor maps are of, in bytes.
WIDTHS = {"f32": 4, "f16": 2, "bf16": 2, "f8E4M3FN": 1, "i32": 4}

OPERATORS = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "min": min,
    "max": max,
    "floordiv": lambda x, y: x // y,
    "ceildiv": lambda x, y: -(-x // y),
    "mod": lambda x, y: x % y,
    "eq": lambda x, y: int(x == y),
    "ne": lambda x, y: int(x != y),
    "lt": lambda x, y: int(x < y),
    "le": lambda x, y: int(x <= y),
    "gt": lambda x, y: int(x > y),
    "ge": lambda x, y: int(x >= y),
    "and": lambda x, y: int(x != 0 and y != 0),
    "or": lambda x, y: int(x != 0 or y != 0),
}


class Wrong(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Wrong(message)


class Shapes(list):
    """Of the arguments, with the function's values for these."""

    def __init__(self, shapes, function):
        super().__init__(shapes)
        self.values = []
        for expression in function.get("values", []):
            try:
                self.values.append(evaluate(expression, self))
            except ZeroDivisionError as error:
                self.values.append(error)


def evaluate(expression, shapes, iterations=()):
    if isinstance(expression, int):
        return expression
    name, *operands = expression
    if name == "size":
        argument, dim = operands
        require(argument < len(shapes), f"no argument {argument}")
        require(dim < len(shapes[argument]), f"no dimension {dim} of {argument}")
        return shapes[argument][dim]
    if name == "iteration":
        require(operands[0] < len(iterations), f"no iteration {operands[0]}")
        return iterations[operands[0]]
    if name == "value":
        require(operands[0] < len(shapes.values), f"no value {operands[0]}")
        value = shapes.values[operands[0]]
        if isinstance(value, ZeroDivisionError):
            raise value
        return value
    if name == "select":
        condition, *choices = operands
        holds = evaluate(condition, shapes, iterations) != 0
        return evaluate(choices[not holds], shapes, iterations)
    return OPERATORS[name](*(evaluate(o, shapes, iterations) for o in operands))


def row_major(sizes):
    return [math.prod(sizes[i + 1 :]) for i in range(len(sizes))]


def kinds_of(parameter):
    """The kernel parameters that a parameter stands for, in bits of their PTX type."""
    if parameter["kind"] == "memref":
        return ["64"] * (3 + len(parameter["sizes"]) + len(parameter["strides"]))
    if parameter["kind"] == "tensor_map":
        return ["8[128]"]
    return [parameter["kind"][1:]]


def check_tensor_map(parameter, sizes, strides, element):
    rank, box, swizzle = len(sizes), parameter["box"], parameter["swizzle"]
    require(rank == len(strides) == len(box), f"{rank} sizes, strides, box extents")
    require(min(sizes) >= 0 and max(sizes) <= 2**32, f"sizes {sizes}")
    width = WIDTHS.get(element)
    require(width, f"a tensor map of {element}")
    *outer, inner = (width * stride for stride in strides)
    require(inner == width, f"innermost stride of {strides}")
    fits = all(0 <= b < 2**40 and b % 16 == 0 for b in outer)
    require(fits, f"strides {outer} in bytes")
    line = width * box[-1]
    require(line % 16 == 0 and line <= (swizzle or line), f"box {box} by {swizzle}")


def check_parameter(parameter, buffers, elements, shapes, iterations):
    if parameter["kind"] == "f32":
        return
    if parameter["kind"] not in ("memref", "tensor_map"):
        evaluate(parameter["value"], shapes, iterations)
        return
    require(parameter["buffer"] < len(buffers), "a parameter of no buffer")
    whole = buffers[parameter["buffer"]]
    sizes, strides = (
        [evaluate(e, shapes, iterations) for e in parameter[field]]
        for field in ("sizes", "strides")
    )
    offset = evaluate(parameter.get("offset", 0), shapes, iterations)
    if parameter["kind"] == "tensor_map":
        check_tensor_map(parameter, sizes, strides, elements[parameter["buffer"]])
    require(len(sizes) == len(strides), "as many sizes as strides")
    require(min([0, offset, *sizes]) >= 0, f"negative sizes {sizes} or offset {offset}")
    if 0 not in sizes:
        last = offset + sum((n - 1) * s for n, s in zip(sizes, strides))
        require(last < math.prod(whole), f"{sizes} by {strides} exceeds {whole}")
    if parameter["kind"] == "memref" and offset == 0 and sizes == whole:
        require(strides == row_major(sizes), f"strides {strides} of {sizes}")


def check_launch(launch, buffers, elements, workspace, shapes, iterations=()):
    if "repeat" in launch:
        for iteration in range(evaluate(launch["repeat"], shapes, iterations)):
            inner = (*iterations, iteration)
            for step in launch["launches"]:
                check_launch(step, buffers, elements, workspace, shapes, inner)
        return
    grid = [evaluate(e, shapes, iterations) for e in launch["grid"]]
    require(min(grid) >= 0, f"grid {grid}")
    # Blocks that have workspace of their own are bounded, as loops have; what is
    # repeated, and kernels on tiles, share it.
    used = any(p.get("buffer") in workspace for p in launch["parameters"])
    used &= "_tiles_" not in launch["kernel"]
    if used and not iterations:
        require(math.prod(grid) <= MOST_BLOCKS, f"grid {grid}: too many blocks")
    require(math.prod(launch["block"]) <= 1024, f"block {launch['block']}")
    for parameter in launch["parameters"]:
        # There is no tensor map of nothing; a launch that is skipped needs none.
        if 0 not in grid or parameter["kind"] != "tensor_map":
            check_parameter(parameter, buffers, elements, shapes, iterations)


def check_sizes(function, shapes):
    """The function, called with arguments of these shapes."""
    buffers = [[evaluate(e, shapes) for e in b["shape"]] for b in function["buffers"]]
    for shape, buffer in zip(buffers, function["buffers"]):
        if buffer["kind"] == "argument":
            given = list(shapes[buffer["argument"]])
            require(shape == given, f"argument {given} has buffer {shape}")
        else:
            require(min([0, *shape]) >= 0, f"a buffer of shape {shape}")
    elements = [buffer["element"] for buffer in function["buffers"]]
    workspace = [
        number
        for number, buffer in enumerate(function["buffers"])
        if buffer["kind"] == "workspace"
    ]
    chosen = [v for v in function["variants"] if evaluate(v["when"], shapes) != 0]
    require(chosen, "no variant")
    for launch in chosen[0]["launches"]:
        check_launch(launch, buffers, elements, workspace, shapes)


def check_function(function, sizes):
    arguments, buffers = function["arguments"], function["buffers"]
    for names in (arguments, function["results"]):
        names = [n["name"] for n in names]
        require(len(names) == len(set(names)), f"a name twice in {names}")
    held = [b["argument"] for b in buffers if b["kind"] == "argument"]
    require(sorted(held) == list(range(len(arguments))), f"buffers of {held}")
    for buffer in buffers:
        if buffer["kind"] == "argument":
            element = arguments[buffer["argument"]]["element"]
            require(buffer["element"] == element, f"{buffer['element']}: {element}")
    returned = {result["buffer"] for result in function["results"]}
    require(max(returned, default=0) < max(1, len(buffers)), "a result of no buffer")
    for number, buffer in enumerate(buffers):
        if buffer["kind"] != "argument":
            require((buffer["kind"] == "result") == (number in returned), number)
    fitting = 0
    # Free dimensions take each size together, then each alone.
    free = sum(argument["shape"].count(None) for argument in arguments)
    choices = itertools.chain(
        ([n] * free for n in sizes), itertools.product(sizes[:3], repeat=min(free, 6))
    )
    for choice in choices:
        values = itertools.chain(choice, itertools.repeat(sizes[-1]))
        shapes = [
            [next(values) if n is None else n for n in argument["shape"]]
            for argument in arguments
        ]
        shapes = Shapes(shapes, function)
        # A launcher refuses arguments that do not fit together.
        refused = any(
            evaluate(requirement["condition"], shapes) == 0
            for requirement in function.get("requires", [])
        )
        if not refused:
            fitting += 1
            check_sizes(function, shapes)
    require(fitting, f"{function['name']}: no sizes fit together")


def kernels_in(ptx):
    """The parameters of every kernel in the device code, in bits of their type."""
    kernels = {}
    for name, text in re.findall(r"\.entry\s+([\w$]+)\s*(\([^)]*\))?", ptx):
        # A tensor map is an array of bytes.
        found = re.findall(
            r"\.param\s+(?:\.align\s+\d+\s+)?\.[a-z]+(\d+)(?:\s+[\w$]+(\[\d+\]))?",
            text,
        )
        kernels[name] = ["".join(parts) for parts in found]
    return kernels


def launches_of(steps):
    """All launches, those that are repeated once."""
    for step in steps:
        if "repeat" in step:
            yield from launches_of(step["launches"])
        else:
            yield step


def check_kernels(record, ptx):
    kernels = kernels_in(ptx)
    for function in record["functions"]:
        for variant in function["variants"]:
            for launch in launches_of(variant["launches"]):
                name = launch["kernel"]
                require(name in kernels, f"no kernel {name}, only {list(kernels)}")
                given = [k for p in launch["parameters"] for k in kinds_of(p)]
                require(given == kernels[name], f"{name}: {given}, {kernels[name]}")
    require(f".target {record['chip']}" in ptx, f"not for {record['chip']}")


def check(path, ptx, sizes):
    record = json.loads(path.read_text())
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    error = jsonschema.exceptions.best_match(validator.iter_errors(record))
    require(error is None, error and f"{error.json_path}: {error.message}")
    for function in record["functions"]:
        check_function(function, sizes)
    if ptx:
        check_kernels(record, ptx.read_text())
    launches = sum(
        len(list(launches_of(f["variants"][0]["launches"])))
        for f in record["functions"]
    )
    return f"ok: {len(record['functions'])} functions, {launches} launches"


def text(value):
    """Lists in round brackets, expressions as calls."""
    if not isinstance(value, list):
        return json.dumps(value)
    if value and isinstance(value[0], str):
        return f"{value[0]}({', '.join(map(text, value[1:]))})"
    return f"({', '.join(map(text, value))})"


def show_launches(steps):
    for step in steps:
        if "repeat" in step:
            concurrent = (
                ["concurrent", step["concurrent"]] if "concurrent" in step else []
            )
            print("repeat", text(step["repeat"]), *concurrent)
            show_launches(step["launches"])
            print("end")
            continue
        where = " ".join(text(step[f]) for f in ("grid", "block"))
        print("launch", step["kernel"], where, step["shared_memory"])
        for p in step["parameters"]:
            rest = ("buffer", "offset", "sizes", "strides", "box", "swizzle")
            rest += ("value",)
            values = " ".join(text(p[field]) for field in rest if field in p)
            print("parameter", p["kind"], values)


def show(record):
    print("record", record["version"], record["chip"])
    for function in record["functions"]:
        print("function", function["name"])
        for a in function["arguments"]:
            print("argument", a["name"], a["element"], text(a["shape"]))
        for r in function["results"]:
            print("result", r["name"], "buffer", r["buffer"])
        for number, value in enumerate(function.get("values", [])):
            print("value", number, text(value))
        for number, b in enumerate(function["buffers"]):
            kind = b["kind"] + (f" {b['argument']}" if b["kind"] == "argument" else "")
            copies = ["copies", b["copies"]] if "copies" in b else []
            print("buffer", number, kind, b["element"], text(b["shape"]), *copies)
        for variant in function["variants"]:
            print("variant", text(variant["when"]))
            show_launches(variant["launches"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=pathlib.Path)
    parser.add_argument("--ptx", type=pathlib.Path, help="the device code")
    parser.add_argument("--least", type=int, default=0, help="least size to try")
    parser.add_argument("--show", action="store_true", help="print the record")
    arguments = parser.parse_args()
    sizes = [size for size in SIZES if size >= arguments.least]
    try:
        if arguments.show:
            show(json.loads(arguments.record.read_text()))
        print(check(arguments.record, arguments.ptx, sizes))
    except (Wrong, ZeroDivisionError, json.JSONDecodeError) as wrong:
        sys.exit(f"{arguments.record.name}: {wrong}")


if __name__ == "__main__":
    main()
