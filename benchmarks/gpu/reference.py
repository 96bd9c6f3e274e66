# ===- reference.py - what the results must be -----------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Plain float32 evaluation with torch, some rows at a time, so that it fits.

Written from the operations' descriptions, as test/Integration/oracle.py is, with which
it is compared in tests.
"""

import torch
from work import Decode, Dense, Layer, Scores, Select, Sparse, Topk

# Numbers of the largest intermediate result.
_AT_ONCE = 2**28


def results(work, inputs, found=None):
    """Yields (rows, {name: tensor}): a slice of the rows, and their results.

    Of selections by computed scores, which rounding may decide, the scores instead of
    the indices; what then depends on these depends on those in `found`.
    """
    # Products of float32 are to be just that.
    torch.set_float32_matmul_precision("highest")
    evaluate, size = {
        Scores: (_scores, lambda: work.H * work.N),
        Dense: (_dense, lambda: work.H * work.N),
        Sparse: (_sparse, lambda: work.K * (work.H + 2 * work.D)),
        Topk: (_topk, lambda: 4 * work.N),
        Select: (_select, lambda: work.H * work.N),
        # A row has keys of its own, which are copied.
        Decode: (_decode, lambda: (work.H + 2 * work.D) * work.N),
        Layer: (
            lambda *operands: _layer(*operands, found),
            lambda: max(work.H * work.N, work.K * (work.heads + 2 * work.width)),
        ),
    }[type(work)]
    with torch.no_grad():
        for rows in _slices(work.T, max(1, _AT_ONCE // size())):
            yield rows, evaluate(work, inputs, rows)


def _slices(total, length):
    return [slice(i, min(i + length, total)) for i in range(0, total, length)]


def _visible(inputs, rows, n):
    """Which keys the rows see, [rows, n]."""
    keys = torch.arange(n, device=inputs["lo"].device)
    lo, hi = (inputs[name][rows, None] for name in ("lo", "hi"))
    return (lo <= keys) & (keys < hi)


def _scores(work, inputs, rows):
    q, k = inputs["q"][rows].float(), inputs["k"].float()
    dots = torch.matmul(q, k.T).relu_()
    scores = torch.bmm(inputs["weights"][rows, None], dots)[:, 0]
    if "k_scale" in inputs:
        scores *= inputs["k_scale"]
    scores[~_visible(inputs, rows, work.N)] = -torch.inf
    return {"scores": scores}


def _softmax(logits, visible, values):
    """`values` [..., n, Dv], weighted by logits [..., h, n]; and log-sum-exp."""
    logits = logits.masked_fill(~visible, -torch.inf)
    top = logits.amax(dim=-1, keepdim=True)
    # Rows that see nothing get zeros.
    parts = (logits - top.clamp(min=torch.finfo(torch.float32).min)).exp_()
    total = parts.sum(dim=-1, keepdim=True)
    out = torch.matmul(parts, values) / torch.where(total == 0, 1, total)
    return out, (top + total.log())[..., 0]


def _dense(work, inputs, rows):
    q, k, v = (
        x.float().transpose(0, 1) for x in (inputs["q"][rows], inputs["k"], inputs["v"])
    )
    k, v = (x.repeat_interleave(work.H // work.sets, dim=0) for x in (k, v))
    logits = torch.matmul(q, k.transpose(1, 2)) * work.scale
    out, lse = _softmax(logits, _visible(inputs, rows, work.N), v)
    return {"out": out.transpose(0, 1), "lse": lse.T}


def _select(work, inputs, rows):
    scores = _scores(work, inputs, rows)["scores"]
    selectable = (scores > -torch.inf).sum(dim=-1, keepdim=True)
    return {"scores": scores, "count": selectable.clamp(max=work.K).int()}


def _decode(work, inputs, rows):
    found = []
    for row in range(*rows.indices(work.T)):
        pages = inputs["table"][int(inputs["seq"][row])].long()
        paged = {
            "k": inputs["k"]
            .view(torch.uint8)[pages]
            .view(inputs["k"].dtype)
            .flatten(0, 1),
            "k_scale": inputs["k_scale"][pages].flatten(),
        }
        found.append(_select(work, inputs | paged, slice(row, row + 1)))
    return {name: torch.cat([one[name] for one in found]) for name in found[0]}


def _layer(work, inputs, rows, found):
    lists = found["indices"][rows, 0]
    attended = _attend(work, inputs["queries"][rows], inputs["kv"], lists)
    return _select(work, inputs, rows) | attended


def _sparse(work, inputs, rows):
    lists = inputs["indices"][rows, 0]
    return _attend(work, inputs["q"][rows], inputs["kv"], lists)


def _attend(work, q, kv, lists):
    valid = (lists >= 0) & (lists < work.N)
    keys = kv[lists.clamp(0, work.N - 1).long()].float()
    q = q.float()
    logits = torch.matmul(q, keys.transpose(1, 2)) * work.scale
    out, lse = _softmax(logits, valid[:, None], keys[..., : work.Dv])
    return {"out": out, "lse": lse}


def _topk(work, inputs, rows):
    scores = inputs["scores"][rows]
    # Those that are never selected come last; ties stay in order.
    selectable = scores > -torch.inf
    order = torch.where(selectable, scores, -torch.inf).sort(
        dim=-1, descending=True, stable=True
    )
    length = min(work.K, work.N)
    count = selectable.sum(dim=-1, keepdim=True).clamp(max=length)
    place = torch.arange(length, device=scores.device)
    best = torch.where(place < count, order.indices[:, :length], work.N)
    indices = torch.full((len(scores), 1, work.K), -1, device=scores.device)
    best = best.sort(dim=-1).values
    indices[:, 0, :length] = torch.where(best < work.N, best, -1)
    return {"indices": indices.int(), "count": count.int()}
