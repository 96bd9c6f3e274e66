# ===- emit.py - the operations' assembly ----------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The operations' assembly, added to a program. All clauses are optional.

Operands are values of the program, other clauses plain Python; every function takes
the same keywords as its namesake in oracle.py.
"""

import numpy as np


def _operands(keyword, values):
    """`keyword(%a, %b : type, type)`; nothing without values."""
    if values is None:
        return ""
    names = ", ".join(v.ssa for v in values)
    return f" {keyword}({names} : {', '.join(v.type for v in values)})"


def _operand(keyword, value):
    return "" if value is None else _operands(keyword, [value])


def _setting(keyword, value):
    if value is None:
        return ""
    return f" {keyword} = {list(value) if isinstance(value, tuple) else value}"


def index_scores(
    p,
    q,
    k,
    *,
    activation,
    out="f32",
    weights=None,
    q_scale=None,
    k_scale=None,
    linear=None,
    bounds=None,
    seq=None,
    table=None,
    schedule=None,
    destination=None,
):
    """`destination` makes the destination: that of the program unless given."""
    text = (
        f"dsa.index_scores<{activation}>{_operands('ins', [q, k])}"
        f"{_operand('weights', weights)}{_operand('q_scale', q_scale)}"
        f"{_operand('k_scale', k_scale)}{_operands('linear', linear)}"
        f"{_operands('bounds', bounds)}{_operand('seq', seq)}"
        f"{_operand('table', table)}"
        f"{f' schedule({schedule})' if schedule else ''}"
    )
    keys = "N" if table is not None else k.dims[-2]
    init = (destination or p.destination)(out, (q.dims[0], keys))
    return p.operation(text, [init])[0]


def linear_part(p, q, count, *, weights=None, q_scale=None):
    """Terms and scales."""
    rows, _, width = q.dims
    text = (
        f"dsa.linear_part{_operand('ins', q)}{_operand('weights', weights)}"
        f"{_operand('q_scale', q_scale)}"
    )
    inits = [
        p.destination(q.element, (rows, count, width)),
        p.destination("f32", (rows, count)),
    ]
    return p.operation(text, inits)


def _selection_inits(p, scores, k, values):
    rows = scores.dims[0]
    groups = scores.dims[1] if len(scores.dims) == 3 else 1
    inits = [
        p.destination("i32", (rows, groups, k)),
        p.destination("i32", (rows, groups)),
    ]
    if values:
        inits.append(p.destination(scores.element, (rows, groups, k)))
    return inits


def _selection_clauses(bounds, positions, window, first, block, unordered):
    return (
        f"{_operands('bounds', bounds)}{_operand('positions', positions)}"
        f"{_setting('window', window)}{_setting('first', first)}"
        f"{_setting('block', block)}{' unordered' if unordered else ''}"
    )


def topk(
    p,
    scores,
    k,
    *,
    ids=None,
    values=False,
    bounds=None,
    positions=None,
    window=None,
    first=None,
    block=None,
    unordered=False,
):
    """Indices, count and, if asked for, values."""
    clauses = _selection_clauses(bounds, positions, window, first, block, unordered)
    text = f"dsa.topk{_operand('ins', scores)}{_operand('ids', ids)}{clauses}"
    return p.operation(text, _selection_inits(p, scores, k, values))


def select(
    p,
    scorer,
    k,
    *,
    values=False,
    bounds=None,
    positions=None,
    window=None,
    first=None,
    block=None,
    unordered=False,
    schedule=None,
):
    """As `topk`, of the scores that `scorer()` emits and returns."""
    scores, region = p.lines_of(scorer)
    region.append(f"dsa.yield {scores.ssa} : {scores.type}")
    inits = _selection_inits(p, scores, k, values)
    clauses = _selection_clauses(bounds, positions, window, first, block, unordered)
    if schedule:
        clauses += f" schedule({schedule})"
    return p.operation(f"dsa.select{clauses}", inits, region)


def _scale(scale):
    return f"scale = {float(np.float32(scale)):.9e}"


def _key_values(q, key, value):
    return _operands("ins", [q, key] if value is None else [q, key, value])


def _attention_inits(p, q, value, value_width, out, max):
    rows, heads = q.dims[:2]
    width = value_width if value is None else value.dims[-1]
    inits = [
        p.destination(out, (rows, heads, width)),
        p.destination("f32", (rows, heads)),
    ]
    if max:
        inits.append(p.destination("f32", (rows, heads)))
    return inits


def sparse_attention(
    p,
    q,
    key,
    value,
    indices,
    *,
    scale,
    out,
    value_width=None,
    lengths=None,
    seq=None,
    sink=None,
    block=None,
    distinct=False,
    max=False,
):
    """Output, log-sum-exp and, if asked for, maximum."""
    text = (
        f"dsa.sparse_attention {_scale(scale)}{_key_values(q, key, value)}"
        f"{_operand('indices', indices)}{_operand('lengths', lengths)}"
        f"{_operand('seq', seq)}{_operand('sink', sink)}{_setting('block', block)}"
        f"{' distinct' if distinct else ''}"
    )
    return p.operation(text, _attention_inits(p, q, value, value_width, out, max))


def attention(
    p,
    q,
    key,
    value,
    *,
    scale,
    out,
    value_width=None,
    bounds=None,
    positions=None,
    window=None,
    seq=None,
    sink=None,
    max=False,
):
    """Output, log-sum-exp and, if asked for, maximum."""
    text = (
        f"dsa.attention {_scale(scale)}{_key_values(q, key, value)}"
        f"{_operands('bounds', bounds)}{_operand('positions', positions)}"
        f"{_operand('seq', seq)}{_operand('sink', sink)}{_setting('window', window)}"
    )
    return p.operation(text, _attention_inits(p, q, value, value_width, out, max))


def merge(p, out, lse, *, sink=None, out_element="f32"):
    """Output and log-sum-exp."""
    text = f"dsa.merge{_operands('ins', [out, lse])}{_operand('sink', sink)}"
    inits = [
        p.destination(out_element, out.dims[1:]),
        p.destination("f32", lse.dims[1:]),
    ]
    return p.operation(text, inits)
