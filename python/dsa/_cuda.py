# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that run on a GPU: PTX and a launch record, which need no compiler."""

import ctypes
import io
import json
import os
import pathlib
import tempfile
import threading
import zipfile
from ctypes import POINTER, c_int64, c_size_t, c_uint64
from typing import Any, Protocol

from . import _native
from ._errors import ArgumentError, LaunchError
from ._kernel import Kernel, Parameter
from ._tensors import Stream, Tensor, TensorSpec

_RESULT, _WORKSPACE = 1, 2
_MOST_PLANS = 256
_PTX, _RECORD = "kernels.ptx", "record.json"


class Memory(Protocol):
    """Where results and workspace come from, and the stream that work goes to."""

    def empty(self, spec: TensorSpec, device: int) -> Any: ...

    def address(self, tensor: Any) -> int: ...

    def stream(self, device: int) -> int: ...


class TorchMemory:
    """torch's allocator and current stream."""

    def empty(self, spec: TensorSpec, device: int) -> Any:
        import torch

        from ._tensors import torch_dtype

        # Workspace has element types that no tensor has: it is bytes.
        dtype = torch.uint8 if spec.element == "bytes" else torch_dtype(spec.element)
        return torch.empty(spec.shape, dtype=dtype, device=f"cuda:{device}")

    def address(self, tensor: Any) -> int:
        return tensor.data_ptr()

    def stream(self, device: int) -> int:
        import torch

        return torch.cuda.current_stream(device).cuda_stream


class _Errors:
    """Receives why a call failed."""

    def __init__(self) -> None:
        self.text = ""
        self.callback = _native.ErrorCallback(self._receive)

    def _receive(self, message: bytes, _: Any) -> None:
        self.text = message.decode(errors="replace")


class _Plan:
    def __init__(
        self,
        library: ctypes.CDLL,
        record: _native.Handle,
        name: str,
        shapes: tuple[tuple[int, ...], ...],
    ) -> None:
        self._library, count, errors = library, len(shapes), _Errors()
        arrays = [(c_int64 * max(len(shape), 1))(*shape) for shape in shapes]
        self.handle = library.dsaLaunchPlanCreate(
            record,
            name.encode(),
            count,
            (c_size_t * max(count, 1))(*map(len, shapes)),
            (POINTER(c_int64) * max(count, 1))(
                *(ctypes.cast(array, POINTER(c_int64)) for array in arrays)
            ),
            errors.callback,
            None,
        )
        if not self.handle:
            raise ArgumentError(errors.text)
        self.buffers = []
        for i in range(library.dsaLaunchPlanGetNumBuffers(self.handle)):
            buffer = library.dsaLaunchPlanGetBuffer(self.handle, i)
            spec = TensorSpec(
                tuple(buffer.shape[: buffer.rank]), buffer.element.decode()
            )
            if buffer.kind == _WORKSPACE:
                spec = TensorSpec((buffer.bytes,), "bytes")
            argument = None if buffer.kind in (_RESULT, _WORKSPACE) else buffer.argument
            self.buffers.append((argument, spec))
        self.results = [
            library.dsaLaunchPlanGetResult(self.handle, i)
            for i in range(library.dsaLaunchPlanGetNumResults(self.handle))
        ]

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self._library.dsaLaunchPlanDestroy(self.handle)


class CUDAKernel(Kernel):
    """A function for one kind of GPU, launched in torch's current stream.

    Calls return when work is queued, as torch's do. Destinations that the function
    takes as arguments are written to. The module is loaded on a GPU when it is first
    called with tensors of that GPU.
    """

    def __init__(
        self,
        ptx: str,
        record: str,
        entry: str = "",
        remarks: tuple[str, ...] = (),
        memory: Memory | None = None,
        driver: str | None = None,
    ):
        self.ptx, self.record, self.remarks = ptx, record, remarks
        self._memory, self._driver = memory or TorchMemory(), driver
        self._library, errors = _native.launcher(), _Errors()
        text = record.encode()
        self._record = self._library.dsaLaunchRecordParse(
            text, len(text), errors.callback, None
        )
        if not self._record:
            raise LaunchError(errors.text)
        parsed = json.loads(record)
        self.target = parsed["chip"]
        function = _find(parsed, entry)
        self._entry = function["name"]
        self.arguments = tuple(map(_parameter, function["arguments"]))
        buffers = function["buffers"]
        # Extents of results are expressions: what is not a number is free.
        self.results = tuple(
            _parameter({**buffers[result["buffer"]], "name": result["name"]})
            for result in function["results"]
        )
        self._plans: dict[tuple, _Plan] = {}
        self._launchers: dict[int, _native.Handle] = {}
        self._lock = threading.Lock()

    def __del__(self) -> None:
        # Plans refer to the record.
        getattr(self, "_plans", {}).clear()
        for launcher in getattr(self, "_launchers", {}).values():
            self._library.dsaLauncherDestroy(launcher)
        if getattr(self, "_record", None):
            self._library.dsaLaunchRecordDestroy(self._record)

    def save(self, path: str | os.PathLike) -> None:
        """Writes an artifact that `dsa.load` reads: whole, or not at all."""
        path, contents = pathlib.Path(path), io.BytesIO()
        with zipfile.ZipFile(contents, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_PTX, self.ptx)
            archive.writestr(_RECORD, self.record)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(contents.getvalue())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise

    def plan(self, *shapes: tuple[int, ...]) -> _Plan:
        """What to allocate for arguments of these shapes."""
        plan = self._plans.pop(shapes, None)
        if plan is None:
            plan = _Plan(self._library, self._record, self._entry, shapes)
        # The last used is last; a server sees new sizes forever.
        self._plans[shapes] = plan
        if len(self._plans) > _MOST_PLANS:
            del self._plans[next(iter(self._plans))]
        return plan

    def _load(self, device: int) -> _native.Handle:
        if device not in self._launchers:
            image, errors = self.ptx.encode(), _Errors()
            driver = self._driver.encode() if self._driver else None
            launcher = self._library.dsaLauncherCreate(
                image, len(image), device, driver, errors.callback, None
            )
            if not launcher:
                raise LaunchError(errors.text)
            self._launchers[device] = launcher
        return self._launchers[device]

    def _stream(self) -> Stream:
        return self._memory.stream

    def _run(self, tensors: list[Tensor], library: str) -> list:
        device, memory = _device_of(tensors), self._memory
        with self._lock:
            plan = self.plan(*(tensor.spec.shape for tensor in tensors))
            launcher = self._load(device)
            # Kept until everything is queued; then the stream's order protects it.
            held, addresses = [], (c_uint64 * max(len(plan.buffers), 1))()
            for i, (argument, spec) in enumerate(plan.buffers):
                if argument is None:
                    held.append(memory.empty(spec, device))
                    addresses[i] = memory.address(held[i])
                else:
                    held.append(tensors[argument].owner)
                    addresses[i] = tensors[argument].address
            errors = _Errors()
            if not self._library.dsaLauncherLaunch(
                launcher,
                plan.handle,
                addresses,
                memory.stream(device),
                errors.callback,
                None,
            ):
                raise LaunchError(errors.text)
        return [held[buffer] for buffer in plan.results]


def _device_of(tensors: list[Tensor]) -> int:
    devices = {tensor.device for tensor in tensors}
    device = next(iter(devices), None)
    if len(devices) != 1 or device is None:
        found = sorted("the CPU" if d is None else f"GPU {d}" for d in devices)
        raise ArgumentError(
            f"expected arguments on one GPU, but found them on {', '.join(found)}"
        )
    return device


def _find(record: dict, entry: str) -> dict:
    functions = record["functions"]
    names = ", ".join(function["name"] for function in functions)
    if entry:
        functions = [function for function in functions if function["name"] == entry]
    if len(functions) != 1:
        wanted = f"a function '{entry}'" if entry else "one function"
        raise LaunchError(f"expected {wanted}, but found {names or 'none'}")
    return functions[0]


def _parameter(record: dict) -> Parameter:
    return Parameter(
        record["name"],
        record["element"],
        tuple(size if isinstance(size, int) else None for size in record["shape"]),
    )


def load(
    path: str | os.PathLike,
    entry: str = "",
    memory: Memory | None = None,
    driver: str | None = None,
) -> CUDAKernel:
    """A function from an artifact, which `CUDAKernel.save` wrote.

    Needs no compiler: neither MLIR nor LLVM. `entry` may be left out if the artifact
    has one function. `memory` stands for torch, `driver` is the path of another
    driver's library than the system's.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            ptx = archive.read(_PTX).decode()
            record = archive.read(_RECORD).decode()
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise LaunchError(
            f"expected '{os.fspath(path)}' to be an artifact: {error}"
        ) from None
    return CUDAKernel(ptx, record, entry, memory=memory, driver=driver)
