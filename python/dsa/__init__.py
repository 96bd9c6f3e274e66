# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles and runs sparse attention: the dsa compiler in Python.

    kernel = dsa.compile("func.func @layer(…) …")      # for this CPU
    out, lse = kernel(q, keys, indices)

    kernel = dsa.compile(text, target="sm_90a")        # for a GPU
    kernel.save("layer.dsa")
    out, lse = dsa.load("layer.dsa")(q, keys, indices)  # there; needs no compiler

`dsa.ops` has the operations as functions that compile when they must. `dsa.flash_mla`
and `dsa.deep_gemm` have functions with the signatures of those libraries'.
"""

import os
from typing import Any

from . import ops
from ._compiler import Context, chips, version
from ._cpu import CPUKernel
from ._cuda import CUDAKernel, load
from ._errors import ArgumentError, CompileError, LaunchError
from ._kernel import Kernel, Parameter
from ._tensors import TensorSpec
from ._version import __version__

__all__ = [
    "ArgumentError",
    "CPUKernel",
    "CUDAKernel",
    "CompileError",
    "Kernel",
    "LaunchError",
    "Parameter",
    "TensorSpec",
    "__version__",
    "chips",
    "compile",
    "load",
    "ops",
    "version",
]


def compile(
    module: str | os.PathLike | Any,
    target: str = "cpu",
    entry: str = "",
    remarks: bool = False,
) -> Kernel:
    """Compiles a function of a module.

    `module` is its text, the path (a PathLike) of a file with it, or anything that
    prints as one. `target` is "cpu" or a chip of `chips()`. `entry` names the function;
    it may be left out if the module has one public function. With `remarks`, the
    kernel's `remarks` are what the compiler says of the schedules it chose.

    Raises CompileError with the compiler's own message.
    """
    if isinstance(module, os.PathLike):
        with open(module, encoding="utf-8") as file:
            text = file.read()
    else:
        text = str(module)
    category = "dsa-schedule" if remarks else None
    if target == "cpu":
        return CPUKernel(text, entry, category)
    context = Context(category)
    ptx, record = context.compile_to_ptx(text, target)
    return CUDAKernel(ptx, record, entry, context.remarks)
