# ===- expression.py - integers that depend on sizes -----------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The expressions of launch records, as docs/LaunchRecord.md describes them."""

import operator


class ExpressionError(Exception):
    """An expression without a value."""


_BINARY = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "min": min,
    "max": max,
    "floordiv": operator.floordiv,
    "ceildiv": lambda x, y: -(-x // y),
    "mod": operator.mod,
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def evaluate(expression, shapes, iterations=(), values=()):
    """The value of an expression, for arguments of these shapes, in these iterations
    of the repetitions around it, and where `values` are the shared ones."""
    if isinstance(expression, int):
        return expression
    kind, *operands = expression
    if kind == "size":
        argument, dim = operands
        return shapes[argument][dim]
    if kind == "iteration":
        return iterations[operands[0]]
    if kind == "value":
        value = values[operands[0]]
        if isinstance(value, ExpressionError):
            raise value
        return value
    x = evaluate(operands[0], shapes, iterations, values)
    if kind == "select":
        return evaluate(operands[1 if x else 2], shapes, iterations, values)
    if (kind == "and" and not x) or (kind == "or" and x):
        return int(x != 0)
    y = evaluate(operands[1], shapes, iterations, values)
    if kind in ("and", "or"):
        return int(y != 0)
    if kind not in _BINARY:
        raise ExpressionError(f"expected an expression, found '{kind}'")
    try:
        value = int(_BINARY[kind](x, y))
    except ZeroDivisionError:
        raise ExpressionError("a divisor is 0") from None
    if not -(2**63) <= value < 2**63:
        raise ExpressionError("a number does not fit in 64 bits")
    return value


def evaluate_shared(expressions, shapes):
    """The values of expressions that may use those before them; errors are those of
    who needs the value."""
    values = []
    for expression in expressions:
        try:
            values.append(evaluate(expression, shapes, (), values))
        except ExpressionError as error:
            values.append(error)
    return values
