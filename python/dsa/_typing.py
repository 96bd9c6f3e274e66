# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types of what the package's functions take and return."""

from typing import Any, Protocol, Sequence, TypeVar

from ._tensors import TensorSpec


class TensorLike(Protocol):
    """A NumPy array, a torch tensor, or another library's that speaks DLPack."""

    def __dlpack__(self, *args: Any, **kwargs: Any) -> Any: ...


class Array(TensorLike, Protocol):
    """A NumPy array or a torch tensor."""

    @property
    def shape(self) -> Any: ...

    def reshape(self, *args: Any, **kwargs: Any) -> Any: ...

    def __getitem__(self, index: Any, /) -> Any: ...


#: What a function of arrays returns is of the library of its arguments.
ArrayT = TypeVar("ArrayT", bound=Array)

#: An argument of an operation.
Operand = TensorLike | TensorSpec

#: Two arguments that belong together.
Pair = Sequence[Operand]

#: Of an operation: a NumPy array or a torch tensor, as its arguments are, or several as a
#: tuple; for TensorSpecs the Kernel. No type says which.
Result = Any
