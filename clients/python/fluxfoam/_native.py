"""The C library, found or built, and its functions with their types."""

from __future__ import annotations

import ctypes as c
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, List, Optional

from . import _fields
from ._fields import (  # noqa: F401 - what the package takes from here
    CORRUPT,
    DTYPE_BYTES,
    DTYPE_NAMES,
    DTYPES,
    FORMATS,
    FULL,
    GONE,
    INVALID,
    LEASE,
    MAX_RANK,
    MODES,
    NONE,
    OK,
    STATES,
    TAKEN,
    Gpu,
    LeaseFields,
    Options,
    PeerFields,
    Spec,
)

HERE = Path(__file__).resolve().parent
FLAGS = ["-std=gnu11", "-O2", "-fPIC", "-shared", "-Wall"]

def _sources() -> List[Path]:
    for folder in (HERE.parent.parent / "c", HERE / "_c"):
        if (folder / "foam.c").is_file():
            return [folder / "foam.h", folder / "foam.c", HERE / "_views.c"]
    raise ImportError(f"the C library's source is neither in a checkout nor in the package: {HERE}")


def _compiler() -> Optional[str]:
    for name in (os.environ.get("CC"), "cc", "gcc", "clang"):
        if name and shutil.which(name):
            return name
    return None


def _caches() -> List[Path]:
    xdg = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    is_checkout = (HERE.parent.parent / "c" / "foam.c").is_file()
    return [(HERE.parent if is_checkout else HERE) / ".build", Path(xdg) / "fluxfoam"]


def _library_name() -> str:
    digest = hashlib.sha256(" ".join(FLAGS + [platform.machine()]).encode())
    for source in _sources():
        digest.update(source.read_bytes())
    return f"libfoam-{digest.hexdigest()[:16]}.so"


def _is_built() -> bool:
    return any((cache / _library_name()).is_file() for cache in _caches())


def library_file() -> Path:
    """The C library: $FLUXFOAM_LIBRARY, else one that was built from these sources, else built now."""
    given = os.environ.get("FLUXFOAM_LIBRARY")
    if given:
        return Path(given)
    sources, name = _sources(), _library_name()
    for cache in _caches():
        if (cache / name).is_file():
            return cache / name
    compiler = _compiler()
    if compiler is None:
        raise ImportError("no C compiler (CC, cc, gcc or clang) to build the foam's library, and FLUXFOAM_LIBRARY names none")
    trouble = ""
    for cache in _caches():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                built = Path(folder) / name
                line = [compiler, *FLAGS, f"-I{sources[0].parent}", *map(str, sources[1:]), "-o", str(built)]
                done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                if done.returncode != 0:
                    raise ImportError(f"the foam's library cannot be built: {' '.join(line)}\n{done.stdout}")
                os.replace(built, cache / name)  # whole or not at all, whoever else builds it
            return cache / name
        except OSError as error:
            trouble = str(error)
    raise ImportError(f"no folder to build the foam's library in: {trouble}")


def _typed(library: Any) -> Any:
    pointer, text, status = c.c_void_p, c.c_char_p, c.c_int
    types = {
        "foam_reason": (text, []),
        "foam_join": (status, [c.POINTER(Options), c.POINTER(pointer)]),
        "foam_attribute": (status, [pointer, text, text]),
        "foam_reads": (status, [pointer, text]),
        "foam_start": (status, [pointer]),
        "foam_turn": (status, [pointer]),
        "foam_beat": (None, [pointer]),
        "foam_wait": (status, [pointer, c.c_int64]),
        "foam_leave": (None, [pointer, c.c_bool]),
        "foam_forked": (None, [pointer]),
        "foam_directory": (text, [pointer]),
        "foam_incarnation": (c.c_uint64, [pointer]),
        "foam_now_ns": (c.c_int64, []),
        "foam_counter_of": (pointer, [pointer, text]),
        "foam_gauge_of": (pointer, [pointer, text]),
        "foam_count": (None, [pointer, c.c_int64]),
        "foam_set": (None, [pointer, c.c_int64]),
        "foam_set_gauge": (None, [pointer, c.c_double]),
        "foam_value": (c.c_int64, [pointer]),
        "foam_record": (None, [pointer, text]),
        "foam_peers": (c.c_size_t, [pointer, c.POINTER(PeerFields), c.c_size_t]),
        "foam_card": (status, [pointer, text, c.POINTER(pointer)]),
        "foam_subscribe": (status, [pointer, text, c.c_int, c.c_uint32, c.c_uint32, c.POINTER(pointer)]),
        "foam_look": (status, [pointer]),
        "foam_unsubscribe": (None, [pointer]),
        "foam_poll": (status, [pointer, c.POINTER(LEASE)]),
        "foam_lease_keep": (None, [LEASE]),
        "foam_lease_end": (None, [LEASE]),
        "foam_subscribed": (status, [pointer, c.POINTER(Spec)]),
        "foam_gpu_payload": (status, [pointer, c.POINTER(Gpu)]),
        "foam_mapping": (pointer, [pointer, c.POINTER(c.c_uint64)]),
        "foam_subscribed_incarnation": (c.c_uint64, [pointer]),
        "foam_missed": (c.c_uint64, [pointer]),
        "foam_behind": (c.c_uint64, [pointer]),
        "foam_torn": (c.c_uint64, [pointer]),
        "foam_publish": (status, [pointer, c.POINTER(Spec), c.POINTER(pointer)]),
        "foam_keep_addresses": (None, [pointer]),
        "foam_claim": (status, [pointer, c.POINTER(pointer)]),
        "foam_shape": (status, [pointer, c.c_uint32, c.POINTER(c.c_int64)]),
        "foam_tag": (status, [pointer, c.c_int64]),
        "foam_commit": (status, [pointer, c.c_uint64, c.c_int64]),
        "foam_abort": (None, [pointer]),
        "foam_published": (c.POINTER(Spec), [pointer]),
        "foam_published_sequence": (c.c_uint64, [pointer]),
        "foam_py_tensor": (pointer, [LEASE, pointer, c.c_int32, c.c_int32]),
    }
    for name, (result, arguments) in types.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


def _load() -> Any:
    if sys.platform != "linux" or sys.byteorder != "little" or c.sizeof(c.c_void_p) != 8:
        raise ImportError(f"a foam is for Linux on 64 bits, little-endian: platform={sys.platform} machine={platform.machine()}")
    if os.environ.get("FLUXFOAM_PURE") != "1" and (os.environ.get("FLUXFOAM_LIBRARY") or _is_built() or _compiler()):
        return _typed(c.CDLL(str(library_file())))
    from ._pure import Library

    return Library()


#: Calls that may sleep or sweep let other threads run meanwhile.
LIBRARY = _load()
IS_PURE = not isinstance(LIBRARY, c.CDLL)
#: How the protocol is kept: the C library's file, or "ctypes on x86-64".
IMPLEMENTATION: str = LIBRARY._name
#: The same functions, for calls of less than a microsecond, which are not worth giving the interpreter away for.
QUICK = LIBRARY if IS_PURE else _typed(c.PyDLL(IMPLEMENTATION))
FREE = c.CDLL(None).free
FREE.argtypes = [c.c_void_p]
CAPSULE_END = None if IS_PURE else c.cast(LIBRARY.foam_py_capsule_end, c.c_void_p)


class FoamError(Exception):
    """Something of the foam that is not as it should be; one line with the values in it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class NameTaken(FoamError):
    """A living process has the node's name."""


class TooManyLeases(FoamError):
    """As many leases of a subscription are open as it may have."""


class MarkGone(FoamError):
    """The node's mark, or the whole foam, was removed under it."""


_KINDS = {_fields.TAKEN: NameTaken, _fields.GONE: MarkGone}


def check(status: int) -> None:
    """Raises what the last call failed with; must come right after it, on its thread."""
    if status != OK:
        reason = LIBRARY.foam_reason().decode("utf-8", "replace")
        if status == INVALID:
            raise ValueError(reason)
        raise _KINDS.get(status, FoamError)(status, reason)
