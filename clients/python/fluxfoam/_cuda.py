"""Tensors in a GPU's memory: the writer's arena, opened through the driver's CUDA IPC."""

from __future__ import annotations

import ctypes as c
import os
import threading
from typing import Any, Dict, Tuple


class CudaError(RuntimeError):
    """The driver refused; one line with its code."""


class _Handle(c.Structure):
    _fields_ = [("bytes", c.c_ubyte * 64)]


class _Uuid(c.Structure):
    _fields_ = [("bytes", c.c_ubyte * 16)]


class Arena:
    """The memory of one writer's process on one device. Opened once in this process and then kept, as the driver wants it."""

    _opened: Dict[Tuple[bytes, bytes], "Arena"] = {}
    _lock = threading.Lock()
    _driver: Any = None

    def __init__(self, handle: bytes, base: int, ordinal: int) -> None:
        self.handle = handle
        self.base = base
        self.ordinal = ordinal

    @classmethod
    def open(cls, handle: bytes, uuid: bytes) -> "Arena":
        with cls._lock:
            arena = cls._opened.get((handle, uuid))
            if arena is None:
                arena = cls._opened[handle, uuid] = cls._open(handle, uuid)
            return arena

    @classmethod
    def _call(cls, name: str, *arguments: Any) -> None:
        if cls._driver is None:
            # FOAM_CUDA_LIBRARY names the stub in the tests.
            cls._driver = c.CDLL(os.environ.get("FOAM_CUDA_LIBRARY", "libcuda.so.1"))
        code = getattr(cls._driver, name)(*arguments)
        if code != 0:
            raise CudaError(f"{name} failed: code={code}")

    @classmethod
    def _open(cls, handle: bytes, uuid: bytes) -> "Arena":
        cls._call("cuInit", 0)
        count = c.c_int()
        cls._call("cuDeviceGetCount", c.byref(count))
        for ordinal in range(count.value):
            device = c.c_int()
            found = _Uuid()
            cls._call("cuDeviceGet", c.byref(device), ordinal)
            cls._call("cuDeviceGetUuid", c.byref(found), device)
            if bytes(found.bytes) == uuid:
                # The primary context is the one that torch and others work in.
                context = c.c_void_p()
                cls._call("cuDevicePrimaryCtxRetain", c.byref(context), device)
                cls._call("cuCtxSetCurrent", context)
                base = c.c_void_p()
                cls._call("cuIpcOpenMemHandle_v2", c.byref(base), _Handle.from_buffer_copy(handle), c.c_uint(1))
                return cls(handle, base.value or 0, ordinal)
        raise CudaError(f"the payload's device is not to be seen from here: uuid={uuid.hex()} devices={count.value}")
