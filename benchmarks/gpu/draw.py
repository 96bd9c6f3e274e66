# ===- draw.py - random inputs on the GPU ----------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The inputs of a work, drawn with torch; the same for the same seed and device."""

import torch
from work import Decode, Sparse

DTYPES = {
    "f32": torch.float32,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "f8E4M3FN": torch.float8_e4m3fn,
    "i32": torch.int32,
    "i64": torch.int64,
    "i1": torch.bool,
}

# How many random numbers there are at a time.
_AT_ONCE = 2**26


def inputs(work, seed, device):
    """{name: tensor}, in the order of the work's arguments."""
    random = torch.Generator(device).manual_seed(seed)
    drawn = {}
    for (name, (element, _)), shape in zip(work.arguments.items(), work.shapes()):
        if name == "lo":
            tensor = torch.zeros(shape, dtype=torch.int32, device=device)
        elif name == "hi":
            tensor = _positions(work, device).int() + 1
        elif name == "seq":
            tensor = _sequences(work, device)
        elif name == "table":
            pages = torch.randperm(work.sizes["P"], generator=random, device=device)
            tensor = pages.int().view(shape)
        elif name == "indices":
            draw = _shared_lists if work.shared else _uniform_lists
            tensor = draw(work, random)
        elif name == "scores":
            tensor = _scores(work, random)
        elif name == "k_scale":
            tensor = torch.rand(shape, generator=random, device=device) + 0.5
        else:
            tensor = torch.randn(shape, generator=random, device=device)
            tensor = tensor.to(DTYPES[element])
        drawn[name] = tensor.contiguous()
    return drawn


def _scores(work, random):
    """To select from: of a kind that occurs, or that is hard to search."""
    shape, device = (work.T, work.N), random.device
    if work.scores == "equal":
        return torch.ones(shape, device=device)
    if work.scores == "infinite":
        return torch.full(shape, -torch.inf, device=device)
    if work.scores == "lonely":
        tensor = torch.zeros(shape, device=device)
        column = torch.randint(work.N, (work.T, 1), generator=random, device=device)
        return tensor.scatter_(1, column, 1.0)
    tensor = torch.randn(shape, generator=random, device=device)
    if work.scores == "relu":  # Half are zero.
        tensor.relu_()
    elif work.scores == "zeros":  # Nine tenths are.
        tensor.sub_(1.2816).relu_()
    elif work.scores == "two":
        tensor = (tensor > 0).float()
    elif work.scores == "nan":
        tensor[tensor > -1] = torch.nan
    elif work.scores == "clustered":
        tensor.mul_(1e-3).add_(1000)
    elif work.scores in ("ascending", "descending"):
        rows = max(1, _AT_ONCE // work.N)
        for part in tensor.split(rows):
            part.copy_(part.sort(descending=work.scores == "descending").values)
    return tensor


def _positions(work, device):
    """Of the rows among the keys: the last, of each sequence."""
    tokens = work.tokens if isinstance(work, Decode) else work.T
    positions = torch.arange(work.N - tokens, work.N, device=device)
    return positions.repeat(work.T // tokens)


def _sequences(work, device):
    """That the rows belong to."""
    numbers = torch.arange(work.sizes["B"], device=device)
    return numbers.int().repeat_interleave(work.tokens)


def _ascending(lists, valid, n):
    """Sorted, with -1 at the end instead of what is not valid."""
    lists = torch.where(valid, lists, n).sort(dim=-1).values
    return torch.where(lists < n, lists, -1).int()


def _uniform_lists(work, random):
    """For every row a random subset of the keys before it: those with the smallest of
    random numbers."""
    keys = torch.arange(work.N, device=random.device)
    positions = _positions(work, random.device)
    lists = torch.full((work.T, 1, work.K), -1, dtype=torch.int32, device=random.device)
    length = min(work.K, work.N)
    rows = max(1, _AT_ONCE // work.N)
    for t in range(0, work.T, rows):
        position = positions[t : t + rows, None]
        number = torch.rand(
            (len(position), work.N), generator=random, device=random.device
        )
        number[keys >= position] = 2
        least = number.topk(length, largest=False, sorted=False)
        lists[t : t + rows, 0, :length] = _ascending(
            least.indices, least.values < 2, work.N
        )
    return lists


def _shared_lists(work, random):
    """As uniform lists, but each row keeps random keys of the row before."""
    device = random.device
    if work.N - work.T < 2 * work.K:
        raise ValueError(f"{work.name}: too few keys before the first row")
    first = Sparse(1, work.N - work.T + 1, K=work.K)
    current = _uniform_lists(first, random)[0, 0].long()
    kept = round(work.shared * work.K)
    rows = [current]
    for position in range(work.N - work.T + 1, work.N):
        number = torch.rand(position, generator=random, device=device)
        number[current] = 2
        fresh = number.topk(work.K - kept, largest=False, sorted=False).indices
        stay = torch.randperm(work.K, generator=random, device=device)[:kept]
        current = torch.cat([current[stay], fresh])
        rows.append(current)
    return torch.stack(rows).sort(dim=-1).values.int()[:, None]
