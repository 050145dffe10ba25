"""The C library's functions in Python, for where there is no compiler and no library that was built elsewhere.

It is foam.c, function for function; what is said there is not said again. Shared words are read and written by ctypes, which moves an
aligned word by one instruction of the processor. Between two such moves x86-64 keeps what the protocol needs of release and acquire; the
fence and the compare-and-set are a few bytes of machine code of that processor. No other processor is taken: what ctypes moves on ARM
would need barriers that Python has no word for.
"""

from __future__ import annotations

import collections
import ctypes as c
import errno
import fcntl
import json
import math
import mmap
import os
import platform
import re
import stat
import struct
import threading
import time
from typing import Any, Dict, List, Optional, Tuple

from . import _layout as layout
from ._fields import (
    BEING_CREATED,
    CORRUPT,
    DTYPE_BYTES,
    FULL,
    GONE,
    INVALID,
    IO,
    LEASE,
    MAX_RANK,
    NONE,
    OK,
    REFUSED,
    TAKEN,
    TOO_NEW,
    TOO_OLD,
    LeaseFields,
)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,47}")
_NODE_NAME = re.compile(r"[a-z][a-z0-9-]{0,47}(?:@[a-z][a-z0-9-]{0,14})?")  # a mirror's has its box behind it
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PAYLOAD_NAME = re.compile(r"[a-z0-9-][a-z0-9.@-]{0,159}")
_HASH_MASK = (1 << 40) - 1
_MAX_INCARNATION = (1 << 24) - 1
_SECOND = 1_000_000_000
_CONTROL_NS, _QUIET_CONTROL_NS = 50_000_000, 400_000_000
_CAPACITY, _ERROR_LOG_BYTES = 256, 64 * 1024
_JSON = 1
_DTYPE_NAMES = ["", "U8", "I32", "I64", "F16", "BF16", "F32", "F64"]
_F_OFD_GETLK, _F_OFD_SETLK = 36, 37
_FUTEX_WAKE, _FUTEX_32_SHARED, _SYS_FUTEX, _SYS_FUTEX_WAITV = 1, 2, 202, 449

if platform.machine() not in ("x86_64", "AMD64") or c.sizeof(c.c_void_p) != 8:
    raise ImportError(
        f"without a C compiler the foam's protocol is kept on x86-64 only: machine={platform.machine()}; install cc, gcc or clang,"
        " or let FLUXFOAM_LIBRARY name a library that was built elsewhere"
    )

_libc = c.CDLL(None, use_errno=True)
_libc.mmap.restype = c.c_void_p
_libc.mmap.argtypes = [c.c_void_p, c.c_size_t, c.c_int, c.c_int, c.c_int, c.c_long]
_libc.mremap.restype = c.c_void_p
_libc.mremap.argtypes = [c.c_void_p, c.c_size_t, c.c_size_t, c.c_int, c.c_void_p]
_libc.munmap.argtypes = [c.c_void_p, c.c_size_t]
_libc.mprotect.argtypes = [c.c_void_p, c.c_size_t, c.c_int]
_libc.syscall.restype = c.c_long
_libc.malloc.restype = c.c_void_p
_libc.malloc.argtypes = [c.c_size_t]

try:
    _code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
except OSError as error:
    raise ImportError(f"no memory for machine code, and no C compiler: {error}") from None
_code[0:4] = bytes.fromhex("0faef0c3")  # mfence; ret
_code[16:31] = bytes.fromhex("4889f0f0480fb1170f94c00fb6c0c3")  # mov rax,rsi; lock cmpxchg [rdi],rdx; sete al; movzx eax,al; ret
_code_at = c.addressof(c.c_char.from_buffer(_code))
_fence = c.PYFUNCTYPE(None)(_code_at)
_cas = c.PYFUNCTYPE(c.c_int, c.c_void_p, c.c_uint64, c.c_uint64)(_code_at + 16)

_u64, _u32, _i64 = c.c_uint64.from_address, c.c_uint32.from_address, c.c_int64.from_address


class _Failure(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


_reasons = threading.local()


def _fail(status: int, reason: str) -> int:
    _reasons.text = re.sub(r"[\x00-\x1f]", "?", reason)[:511].encode("utf-8", "replace")
    return status


def _os_failure(what: str, path: str, number: int) -> _Failure:
    status = FULL if number == errno.ENOSPC else NONE if number == errno.ENOENT else IO
    return _Failure(status, f"{'no space left' if number == errno.ENOSPC else what}: path={path} errno={number} {os.strerror(number)}")


def _values(function: Any) -> Any:
    """Errors as values, as in C."""

    def call(*arguments: Any) -> int:
        try:
            return function(*arguments) or OK
        except _Failure as failure:
            return _fail(failure.status, str(failure))
        except OSError as error:
            found = _os_failure("failed", str(error.filename), error.errno or 0)
            return _fail(found.status, str(found))

    call.__name__ = function.__name__
    return call


def _now() -> int:
    return time.monotonic_ns()


def _millis() -> int:
    return time.time_ns() // 1_000_000


def _hash(name: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in name:
        value = (value ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return (value ^ value >> 40) & _HASH_MASK


_crc_table: List[int] = []


def _crc32c(data: Any) -> int:
    if not _crc_table:
        for i in range(256):
            for _ in range(8):
                i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
            _crc_table.append(i)
    crc = 0xFFFFFFFF
    table = _crc_table
    for byte in bytes(data):
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def _bytes_at(address: int, count: int) -> bytes:
    return c.string_at(address, count)


def _text_at(address: int, count: int) -> str:
    return _bytes_at(address, count).split(b"\0")[0].decode("utf-8", "replace")


def _put(address: int, data: bytes) -> None:
    c.memmove(address, data, len(data))


# ---- Files -------------------------------------------------------------------------------------------------------------------------


def _open_owned(path: str, flags: int) -> int:
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise _Failure(REFUSED, f"not a regular file: path={path}")
    fd = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW)
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        os.close(fd)
        kind = "file of another user" if facts.st_uid != os.geteuid() else "file is writable by others"
        raise _Failure(REFUSED, f"{kind}: path={path} uid={facts.st_uid} mode={facts.st_mode:o}")
    return fd


def _is_same_file(fd: int, path: str) -> bool:
    try:
        opened, named = os.fstat(fd), os.lstat(path)
        return (opened.st_dev, opened.st_ino) == (named.st_dev, named.st_ino)
    except OSError:
        return False


def _try_lock(fd: int) -> bool:
    try:
        fcntl.fcntl(fd, _F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
        return True
    except OSError:
        return False


def _is_locked(fd: int) -> bool:
    try:
        answer = fcntl.fcntl(fd, _F_OFD_GETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
        return struct.unpack("hhqqi4x", answer)[0] != fcntl.F_UNLCK
    except OSError:
        return True


class _Mapping:
    """A whole file in memory, by its address; given back by hand, since views know nothing of it."""

    def __init__(self, fd: int, path: str, for_writing: bool) -> None:
        self.bytes = os.fstat(fd).st_size
        if self.bytes == 0:
            raise _Failure(BEING_CREATED, f"being created: path={path} bytes=0")
        protection = mmap.PROT_READ | (mmap.PROT_WRITE if for_writing else 0)
        base = _libc.mmap(None, self.bytes, protection, mmap.MAP_SHARED, fd, 0)
        if base is None or base == c.c_void_p(-1).value:
            raise _os_failure("mmap failed", path, c.get_errno())
        self.base = base

    @classmethod
    def existing(cls, path: str, for_writing: bool) -> "_Mapping":
        fd = _open_owned(path, os.O_RDWR if for_writing else os.O_RDONLY)
        try:
            return cls(fd, path, for_writing)
        finally:
            os.close(fd)

    @classmethod
    def new(cls, path: str, size: int) -> "_Mapping":
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.posix_fallocate(fd, 0, size)
            return cls(fd, path, True)
        except OSError as error:
            os.unlink(path)
            raise _os_failure("fallocate failed", path, error.errno or 0) from None
        finally:
            os.close(fd)

    def close(self) -> None:
        if self.base:
            _libc.munmap(self.base, self.bytes)
            self.base = 0


def _check_magic(path: str, found: int, wanted: int, version: int, wanted_version: int) -> None:
    if found == 0:
        raise _Failure(BEING_CREATED, f"being created: path={path} magic=0")
    if found != wanted:
        raise _Failure(CORRUPT, f"corrupt: path={path} magic={found:x} wanted={wanted:x}")
    if version != wanted_version:
        old = version < wanted_version
        raise _Failure(TOO_OLD if old else TOO_NEW, f"too {'old' if old else 'new'}: path={path} layoutVersion={version} wanted={wanted_version}")


def _incarnation_in(file: str, node: str) -> Optional[int]:
    found = re.fullmatch(rf"\.?{re.escape(node)}\.(\d{{1,8}})\..+", file)
    return int(found.group(1)) if found else None


def _require_name(what: str, name: Optional[str]) -> str:
    if name is None or not _NAME.fullmatch(name):
        raise _Failure(INVALID, f"{what} name must be 1 to 48 of a-z, 0-9, '-', first a letter: \"{(name or '')[:60]}\"")
    return name


# ---- The shape of things -------------------------------------------------------------------------------------------------------------


class _Ring:
    """Where things are in a control file."""

    def __init__(self, slots: int, max_readers: int) -> None:
        self.slots, self.max_readers = slots, max_readers
        self.index_length = 2
        while self.index_length < 2 * slots:
            self.index_length *= 2

    def entry(self, sequence: int) -> int:
        return layout.STREAM_INDEX_AT + 8 * (sequence & self.index_length - 1)

    def slot(self, slot: int) -> int:
        return layout.STREAM_INDEX_AT + 8 * self.index_length + layout.SLOT_BYTES * slot

    def lane(self, lane: int) -> int:
        return self.slot(self.slots) + layout.LANE_BYTES * lane

    def bytes(self) -> int:
        return self.lane(self.max_readers)


def _stride(slot_bytes: int) -> int:
    unit = 4096 if slot_bytes >= 4096 else 64
    return (slot_bytes + unit - 1) // unit * unit


def _slot_bytes(spec: Any) -> int:
    size = DTYPE_BYTES.get(spec.dtype, 0)
    name = bytes(spec.stream).decode("utf-8", "replace")
    if not _NAME.fullmatch(name) or size == 0 or spec.rank > MAX_RANK or spec.checksum not in (0, 1):
        raise _Failure(INVALID, f'no stream: stream="{name[:60]}" dtype={spec.dtype} rank={spec.rank} checksum={spec.checksum}')
    for dim in spec.shape[: spec.rank]:
        if dim < 1 or dim > (1 << 32) // size:
            raise _Failure(INVALID, f"slot bytes out of range: stream={name} dimension={dim} limit={1 << 32}")
        size *= dim
    if not 1 <= spec.max_readers <= 1024 or not spec.max_readers + 2 <= spec.slots <= 1 << 15:
        raise _Failure(
            INVALID,
            f"too few or too many: stream={name} slots={spec.slots} least=maxReaders+2 most={1 << 15} maxReaders={spec.max_readers} most=1024",
        )
    return size


class _Peer:
    def __init__(self, node: "_Node", name: str) -> None:
        path = node.path(f"{name}.mark")
        self.name, self.hash = name, _hash(name.encode())
        self.incarnation = self.dead_incarnation = 0
        self.is_held = self.is_stopped = False
        self.fd = _open_owned(path, os.O_RDONLY)
        try:
            self.mark = _Mapping(self.fd, path, False)
            base = self.mark.base
            if self.mark.bytes < layout.MARK_BYTES:
                raise _Failure(BEING_CREATED, f"being created: path={path} bytes={self.mark.bytes}")
            _check_magic(
                path,
                _u64(base + layout.MARK_MAGIC_AT).value,
                layout.MARK_MAGIC,
                c.c_int32.from_address(base + layout.MARK_VERSION_AT).value,
                layout.MARK_VERSION,
            )
            if not _is_same_file(self.fd, path):
                raise _Failure(NONE, f"replaced while it was opened: path={path}")
        except BaseException:
            os.close(self.fd)
            raise

    def word(self, at: int) -> int:
        return _u64(self.mark.base + at).value

    def is_cut(self) -> bool:
        return os.fstat(self.fd).st_size < layout.MARK_BYTES

    def look(self, node: "_Node") -> bool:
        before, was_held, was_stopped = self.incarnation, self.is_held, self.is_stopped
        if self.is_cut():
            self.is_held, self.is_stopped = _is_locked(self.fd), False
            return was_held != self.is_held
        for _ in range(3):
            incarnation = self.word(layout.MARK_INCARNATION_AT)
            self.is_held = _is_locked(self.fd)
            self.is_stopped = _u32(self.mark.base + layout.MARK_PHASE_AT).value == 2
            self.incarnation = incarnation if incarnation <= _MAX_INCARNATION else before
            if self.word(layout.MARK_INCARNATION_AT) == incarnation:
                break
        dead = 0
        if not self.is_held and not self.is_stopped:
            dead = self.incarnation
        elif before and self.incarnation > before and not was_stopped and _u32(self.mark.base + layout.MARK_PHASE_BEFORE_AT).value != 2:
            dead = self.incarnation - 1
        if dead > self.dead_incarnation:
            self.dead_incarnation = dead
            node.counter(f"peer.{self.name}.deadIncarnation").set(dead)
        return before != self.incarnation or was_held != self.is_held

    def has_ended(self, incarnation: int) -> bool:
        if incarnation <= self.incarnation:
            return incarnation < self.incarnation or not self.is_held
        if self.is_cut():
            return not _is_locked(self.fd)
        newest = self.word(layout.MARK_INCARNATION_AT)
        return incarnation < newest <= _MAX_INCARNATION or not _is_locked(self.fd)

    def close(self) -> None:
        self.mark.close()
        if self.fd >= 0:
            os.close(self.fd)


class _Counter:
    def __init__(self, address: int) -> None:
        self.address = address

    def add(self, more: int) -> None:
        _i64(self.address).value += more

    def set(self, value: int) -> None:
        _i64(self.address).value = value


class _Node:
    def __init__(self, directory: str, name: str, role: str, language: str) -> None:
        self.directory, self.name, self.role, self.language = directory, name, role, language
        self.incarnation = 0
        self.started_millis = 0
        self.mark_fd = -1
        self.mark: Any = None
        self.counters: Any = None
        self.guard = threading.RLock()
        self.by_label: Dict[str, _Counter] = {}
        self.peers: Dict[str, _Peer] = {}
        self.publications: List[_Publication] = []
        self.subscriptions: List[_Subscription] = []
        self.left_rings: List[_Stream] = []
        self.attributes: Dict[str, str] = {}
        self.reads: List[str] = []
        self.is_started = self.is_forked = self.is_settled = False
        self.seen_ns = 0
        self.next_control_ns = self.next_sweep_ns = self.last_work_ns = 0

    def path(self, file: str) -> str:
        return f"{self.directory}/{file}"

    def file(self, suffix: str, dot: str = "") -> str:
        return self.path(f"{dot}{self.name}.{self.incarnation}.{suffix}")

    # -- mark

    def acquire_mark(self) -> None:
        for file in os.listdir(self.directory):
            other = file[:-5] if file.endswith(".mark") else ""
            if _NODE_NAME.fullmatch(other) and other != self.name and _hash(other.encode()) == _hash(self.name.encode()):
                raise _Failure(INVALID, f"name collides with that of another node: name={self.name} other={other}")
        path = self.path(f"{self.name}.mark")
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise _Failure(REFUSED, f"not a regular file: path={path} (a symbolic link)") from None
            raise
        self.mark_fd = _open_owned(path, os.O_RDWR)
        if not _try_lock(self.mark_fd):
            raise _Failure(TAKEN, f"a node of this name is running: name={self.name} path={path}")
        if os.fstat(self.mark_fd).st_size < layout.MARK_BYTES:
            os.posix_fallocate(self.mark_fd, 0, layout.MARK_BYTES)
        self.mark = _Mapping(self.mark_fd, path, True)
        if not _is_same_file(self.mark_fd, path):
            raise _Failure(IO, f"the mark was removed while it was being taken: path={path}")
        self.begin(path)

    def begin(self, path: str) -> None:
        base = self.mark.base
        left = [_incarnation_in(file, self.name) or 0 for file in os.listdir(self.directory)]
        before = max((n for n in left if n < _MAX_INCARNATION), default=0)
        magic = _u64(base + layout.MARK_MAGIC_AT).value
        if magic:
            version = c.c_int32.from_address(base + layout.MARK_VERSION_AT).value
            _check_magic(path, magic, layout.MARK_MAGIC, version, layout.MARK_VERSION)
            before = max(before, _u64(base + layout.MARK_INCARNATION_AT).value)
        if before >= _MAX_INCARNATION:
            raise _Failure(CORRUPT, f"corrupt: path={path} incarnation={before}")
        self.incarnation = before + 1
        self.started_millis = _millis()
        phase_before = _u32(base + layout.MARK_PHASE_AT).value
        _u32(base + layout.MARK_PHASE_AT).value = 1
        _u32(base + layout.MARK_PHASE_BEFORE_AT).value = phase_before
        _u32(base + layout.MARK_VERSION_AT).value = layout.MARK_VERSION
        _u64(base + layout.MARK_PID_AT).value = os.getpid()
        _u64(base + layout.MARK_STARTED_AT).value = self.started_millis
        for at, text in ((layout.MARK_NODE_AT, self.name), (layout.MARK_ROLE_AT, self.role), (layout.MARK_DEVICE_AT, "host")):
            field = text.encode().ljust(64, b"\0")
            if _bytes_at(base + at, 64) != field:
                _put(base + at, field)
        with open("/proc/self/cmdline", "rb") as file:
            line = file.read()[:-1]
        line = line if len(line) <= layout.MARK_BYTES - layout.MARK_COMMAND_AT else b""
        if _bytes_at(base + layout.MARK_COMMAND_AT, len(line)) != line:
            _put(base + layout.MARK_COMMAND_AT, line)
        _u32(base + layout.MARK_COMMAND_BYTES_AT).value = len(line)
        _i64(base + layout.MARK_HEARTBEAT_AT).value = _now()
        _u64(base + layout.MARK_INCARNATION_AT).value = self.incarnation
        _u64(base + layout.MARK_MAGIC_AT).value = layout.MARK_MAGIC

    def is_mark_in_place(self) -> bool:
        return _is_same_file(self.mark_fd, self.path(f"{self.name}.mark"))

    def beat(self, now_ns: int) -> None:
        _i64(self.mark.base + layout.MARK_HEARTBEAT_AT).value = now_ns

    def remove_older(self) -> None:
        for file in os.listdir(self.directory):
            incarnation = _incarnation_in(file, self.name)
            if incarnation is not None and incarnation < self.incarnation:
                _unlink(self.path(file))

    # -- counters

    def create_counters(self) -> None:
        values = layout.COUNTERS_BYTES + _CAPACITY * layout.COUNTER_META_BYTES
        self.values_at = values
        self.errors_at = values + _CAPACITY * layout.COUNTER_VALUE_BYTES
        self.counters = _Mapping.new(self.file("counters"), self.errors_at + _ERROR_LOG_BYTES)
        base = self.counters.base
        _u32(base + layout.COUNTERS_VERSION_AT).value = layout.COUNTERS_VERSION
        _u32(base + layout.COUNTERS_CAPACITY_AT).value = _CAPACITY
        _u64(base + layout.COUNTERS_INCARNATION_AT).value = self.incarnation
        _u64(base + layout.COUNTERS_ERROR_LOG_BYTES_AT).value = _ERROR_LOG_BYTES
        self.errors = self.counter("errors")
        _u64(base + layout.COUNTERS_MAGIC_AT).value = layout.COUNTERS_MAGIC

    def counter(self, label: str, kind: int = 1, first: int = 0) -> _Counter:
        with self.guard:
            found = self.by_label.get(label)
            if found is not None:
                return found
            if len(self.by_label) >= _CAPACITY:
                found = _Counter(_libc.malloc(8))
                found.set(first)
            else:
                index, text = len(self.by_label), label.encode("ascii", "replace")[:380]
                meta = self.counters.base + layout.COUNTERS_BYTES + index * layout.COUNTER_META_BYTES
                found = _Counter(self.counters.base + self.values_at + index * layout.COUNTER_VALUE_BYTES)
                found.set(first)
                _u32(meta + layout.COUNTER_META_TYPE_AT).value = kind
                _i64(meta + layout.COUNTER_META_FREE_AT).value = (1 << 63) - 1
                _put(meta + layout.COUNTER_META_LABEL_AT, text)
                _u32(meta + layout.COUNTER_META_LABEL_BYTES_AT).value = len(text)
                _u32(meta + layout.COUNTER_META_STATE_AT).value = 1
            self.by_label[label] = found
            return found

    def record(self, error: str) -> None:
        text = error.encode("utf-8", "replace")[:4096].decode("utf-8", "ignore").encode()
        with self.guard:
            self.errors.add(1)
            log, at = self.counters.base + self.errors_at, 0
            while at + layout.ERROR_TEXT_AT + len(text) <= _ERROR_LOG_BYTES:
                length = _u32(log + at + layout.ERROR_LENGTH_AT).value
                if length == 0:
                    _put(log + at + layout.ERROR_TEXT_AT, text)
                    _u64(log + at + layout.ERROR_FIRST_AT).value = _millis()
                    _u64(log + at + layout.ERROR_LAST_AT).value = _millis()
                    _u32(log + at + layout.ERROR_COUNT_AT).value = 1
                    _u32(log + at + layout.ERROR_LENGTH_AT).value = layout.ERROR_TEXT_AT + len(text)
                    return
                if _bytes_at(log + at + layout.ERROR_TEXT_AT, length - layout.ERROR_TEXT_AT) == text:
                    _u64(log + at + layout.ERROR_LAST_AT).value = _millis()
                    _u32(log + at + layout.ERROR_COUNT_AT).value += 1
                    return
                at += (length + 7) // 8 * 8

    # -- peers

    def refresh_peers(self) -> bool:
        modified = os.stat(self.directory).st_mtime_ns
        changed = modified != self.seen_ns or not self.is_settled
        self.is_settled = abs(time.time_ns() - modified) >= _CONTROL_NS
        self.seen_ns = modified
        if changed or not self.is_settled:
            self.drop_replaced()
            self.admit_newcomers()
        return any([peer.look(self) for peer in self.peers.values()])

    def drop_replaced(self) -> None:
        for peer in list(self.peers.values()):
            path = self.path(f"{peer.name}.mark")
            if os.path.lexists(path) and not _is_same_file(peer.fd, path):
                del self.peers[peer.name]
                peer.close()

    def admit_newcomers(self) -> None:
        for file in os.listdir(self.directory):
            name = file[:-5] if file.endswith(".mark") else ""
            if _NODE_NAME.fullmatch(name) and name != self.name and name not in self.peers:
                try:
                    self.peers[name] = _Peer(self, name)
                except (_Failure, OSError) as error:
                    if isinstance(error, _Failure) and error.status not in (NONE, BEING_CREATED):
                        self.record(str(error))
                    self.is_settled = False

    def is_dead(self, owner: int) -> bool:
        if owner & _HASH_MASK == _hash(self.name.encode()):
            return owner >> 40 != self.incarnation
        for peer in self.peers.values():
            if peer.hash == owner & _HASH_MASK:
                return peer.has_ended(owner >> 40)
        return False

    # -- card

    def card(self) -> bytes:
        attributes = {"language": self.language, **({"reads": self.joined_reads()} if self.reads else {}), **self.attributes}
        text = json.dumps(
            {
                "node": self.name,
                "role": self.role,
                "incarnation": self.incarnation,
                "pid": os.getpid(),
                "startedMillis": self.started_millis,
                "device": "host",
                "streams": [one.card() for one in self.publications],
                "attributes": attributes,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        body = text.encode()
        version = layout.TRAILER_VERSION
        return body + struct.pack("<QIIiIQ", len(body), _crc32c(body), _JSON, version, ~version & 0xFFFFFFFF, layout.TRAILER_MAGIC)

    def joined_reads(self) -> str:
        text = ""
        for target in self.reads:
            more = f",{target}" if text else target
            text += more if len(text) + len(more) <= 8192 else ""
        return text

    def start(self) -> None:
        if self.is_started:
            return
        unfinished = self.file("manifest.tmp", ".")
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(self.card())
            os.rename(unfinished, self.file("manifest"))
        except OSError:
            _unlink(unfinished)
            raise
        self.is_started = True

    # -- turns

    def turn(self, now_ns: int) -> None:
        if self.is_forked:
            raise _Failure(INVALID, f"the node is another process's: name={self.name}")
        self.beat(now_ns)
        self.start()
        if now_ns >= self.next_control_ns:
            self.control_turn(now_ns)

    def control_turn(self, now_ns: int) -> None:
        changed = self.refresh_peers()
        for subscription in self.subscriptions:
            changed |= subscription.rejoin(now_ns)
        for stream in list(self.left_rings):
            if not stream.is_leasing():
                self.left_rings.remove(stream)
                stream.drop()
        for publication in self.publications:
            publication.update_rate(now_ns)
            publication.reclaim()
        if now_ns >= self.next_sweep_ns:
            self.next_sweep_ns = now_ns + _SECOND
            if not self.is_mark_in_place():
                path = self.path(f"{self.name}.mark")
                raise _Failure(GONE, f"the node's mark was removed under it: path={path} incarnation={self.incarnation}")
            self.sweep()
        self.last_work_ns = now_ns if changed else self.last_work_ns
        is_quiet = now_ns - self.last_work_ns > _SECOND
        self.next_control_ns = now_ns + (_QUIET_CONTROL_NS if is_quiet else _CONTROL_NS)

    def busy_turn(self) -> None:
        self.last_work_ns = _now()
        self.turn(self.last_work_ns)

    def sweep(self) -> None:
        dead = [peer for peer in self.peers.values() if not peer.is_held and not peer.is_stopped]
        if not dead:
            return
        fd = os.open(self.path("cleaner.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if _try_lock(fd):
                for peer in dead:
                    self.remove_remains(peer)
        finally:
            os.close(fd)

    def remove_remains(self, peer: _Peer) -> None:
        files = [file for file in os.listdir(self.directory) if (_incarnation_in(file, peer.name) or 1 << 30) <= peer.incarnation]
        if any(file.endswith(".control") and file[0] != "." and self.is_in_use(self.path(file)) for file in files):
            return
        for file in files:
            if not file.endswith(".counters"):
                _unlink(self.path(file))

    def is_in_use(self, path: str) -> bool:
        try:
            control = _Mapping.existing(path, False)
        except (_Failure, OSError):
            return False
        try:
            base = control.base
            if control.bytes < layout.STREAM_BYTES or _u64(base).value != layout.STREAM_MAGIC:
                return False
            ring = _Ring(_u32(base + layout.STREAM_SLOTS_AT).value, _u32(base + layout.STREAM_MAX_READERS_AT).value)
            if not 1 <= ring.slots <= 1 << 15 or ring.max_readers > 1024 or ring.bytes() != control.bytes:
                return False
            for lane in range(ring.max_readers):
                at = base + ring.lane(lane)
                owner = _u64(at).value
                if owner and _u64(at + layout.LANE_HELD_AT).value and not self.is_dead(owner):
                    if _u64(at + layout.LANE_DONE_AT).value != _u64(at + layout.LANE_LEASE_ID_AT).value:
                        return True
            return False
        finally:
            control.close()

    def leave(self, cleanly: bool) -> None:
        if self.is_forked:
            return
        for subscription in self.subscriptions:
            if subscription.stream is not None:
                subscription.stream.leave()
        for stream in self.left_rings:
            stream.leave()
        is_ours = self.is_mark_in_place()
        if is_ours:
            _unlink(self.file("manifest"))
        for publication in self.publications:
            publication.leave(is_ours)
        if cleanly:
            _u32(self.mark.base + layout.MARK_PHASE_AT).value = 2
        self.close()

    def close(self) -> None:
        if self.mark_fd >= 0:
            os.close(self.mark_fd)
        for one in (self.mark, self.counters):
            if one is not None:
                one.close()
        for peer in self.peers.values():
            peer.close()


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


# ---- Writing -------------------------------------------------------------------------------------------------------------------------


class _Publication:
    def __init__(self, node: _Node, spec: Any) -> None:
        self.node, self.spec = node, spec
        self.slot_bytes = _slot_bytes(spec)
        self.stride = _stride(self.slot_bytes)
        self.ring = _Ring(spec.slots, spec.max_readers)
        self.name = bytes(spec.stream).decode()
        self.sequence = 0
        self.newest_slot = self.last_taken = self.claimed = -1
        self.payload_bytes = 0
        self.keeps_addresses = False
        self.rates: "collections.deque[Tuple[int, int]]" = collections.deque(maxlen=16)
        self.create()

    def file(self, kind: str) -> str:
        return f"{self.node.name}.{self.node.incarnation}.{self.name}.{kind}"

    def create(self) -> None:
        node, payload, control = self.node, self.node.path(self.file("payload")), self.node.path(self.file("control"))
        unfinished = node.path("." + self.file("control"))
        self.payload = _Mapping.new(payload, self.stride * self.spec.slots)
        try:
            self.control = _Mapping.new(unfinished, self.ring.bytes())
            self.write_header()
            os.rename(unfinished, control)
        except BaseException:
            _unlink(unfinished)
            _unlink(payload)
            raise

    def write_header(self) -> None:
        base, spec = self.control.base, self.spec
        for at, value in (
            (layout.STREAM_VERSION_AT, layout.STREAM_VERSION),
            (layout.STREAM_DTYPE_AT, spec.dtype),
            (layout.STREAM_RANK_AT, spec.rank),
            (layout.STREAM_SLOTS_AT, spec.slots),
            (layout.STREAM_MAX_READERS_AT, spec.max_readers),
            (layout.STREAM_CHECKSUM_AT, spec.checksum),
            (layout.STREAM_INDEX_LENGTH_AT, self.ring.index_length),
        ):
            _u32(base + at).value = value
        for at, value in (
            (layout.STREAM_SLOT_BYTES_AT, self.slot_bytes),
            (layout.STREAM_SLOT_STRIDE_AT, self.stride),
            (layout.STREAM_PAYLOAD_BYTES_AT, self.payload.bytes),
            (layout.STREAM_INCARNATION_AT, self.node.incarnation),
            (layout.STREAM_CREATED_AT, _millis()),
            (layout.STREAM_CONTROL_BYTES_AT, self.control.bytes),
        ):
            _u64(base + at).value = value
        for i in range(spec.rank):
            _i64(base + layout.STREAM_SHAPE_AT + 8 * i).value = spec.shape[i]
        _put(base + layout.STREAM_NODE_AT, self.node.name.encode())
        _put(base + layout.STREAM_STREAM_AT, self.name.encode())
        _put(base + layout.STREAM_PAYLOAD_NAME_AT, self.file("payload").encode())
        _put(base + layout.STREAM_DEVICE_AT, b"host")
        c.c_double.from_address(base + layout.STREAM_RATE_AT).value = math.nan
        _u64(base + layout.STREAM_MAGIC_AT).value = layout.STREAM_MAGIC

    def card(self) -> Dict[str, Any]:
        spec = self.spec
        return {
            "name": self.name,
            "dtype": _DTYPE_NAMES[spec.dtype],
            "maxShape": list(spec.shape[: spec.rank]),
            "slots": spec.slots,
            "maxReaders": spec.max_readers,
            "slotBytes": self.slot_bytes,
            "checksum": "crc32c" if spec.checksum else "none",
            "device": "host",
            "controlFile": self.file("control"),
            "payloadFile": self.file("payload"),
            "fence": "host",
        }

    def is_leased(self, slot: int) -> bool:
        for lane in range(self.ring.max_readers):
            at = self.control.base + self.ring.lane(lane)
            if _u64(at).value == 0:
                continue
            held = _u64(at + layout.LANE_HELD_AT).value
            if held and held & 0xFFFF == slot and _u64(at + layout.LANE_DONE_AT).value != _u64(at + layout.LANE_LEASE_ID_AT).value:
                return True
        return False

    def withdraw(self, slot: int) -> bool:
        ready = _u64(self.control.base + self.ring.slot(slot))
        old = ready.value
        ready.value = 0
        _fence()
        if self.is_leased(slot):
            ready.value = old
            return False
        return True

    def claim(self) -> int:
        if self.claimed >= 0:
            raise _Failure(INVALID, f"a claim is open already: stream={self.name}")
        candidate = self.last_taken
        for _ in range(self.spec.slots * 64):
            candidate = candidate + 1 if candidate + 1 < self.spec.slots else 0
            if candidate != self.newest_slot and not self.is_leased(candidate) and self.withdraw(candidate):
                break
        else:
            raise _Failure(FULL, f"no slot is free: stream={self.name} slots={self.spec.slots}")
        self.last_taken = self.claimed = candidate
        at = self.control.base + self.ring.slot(candidate)
        _u64(at + layout.SLOT_TAG_AT).value = 0
        _u64(at + layout.SLOT_PUBLISHED_AT).value = 0
        _u32(at + layout.SLOT_RANK_AT).value = self.spec.rank
        for i in range(self.spec.rank):
            _i64(at + layout.SLOT_SHAPE_AT + 8 * i).value = self.spec.shape[i]
        self.payload_bytes = self.slot_bytes
        return self.payload.base + candidate * self.stride

    def require_claim(self) -> int:
        if self.claimed < 0:
            raise _Failure(INVALID, f"claim is closed: stream={self.name}")
        return self.control.base + self.ring.slot(self.claimed)

    def shape(self, rank: int, dims: Any) -> None:
        at = self.require_claim()
        if rank != self.spec.rank or any(not 0 <= dims[i] <= self.spec.shape[i] for i in range(rank)):
            raise _Failure(INVALID, f"shape does not fit the stream: stream={self.name} rank={rank} maxRank={self.spec.rank}")
        size = DTYPE_BYTES[self.spec.dtype]
        for i in range(rank):
            _i64(at + layout.SLOT_SHAPE_AT + 8 * i).value = dims[i]
            size *= dims[i]
        self.payload_bytes = size

    def commit(self, frame: int, captured_ns: int) -> None:
        at, base, slot = self.require_claim(), self.control.base, self.claimed
        _u64(at + layout.SLOT_PAYLOAD_BYTES_AT).value = self.payload_bytes
        _u64(at + layout.SLOT_FRAME_AT).value = frame
        _i64(at + layout.SLOT_CAPTURED_AT).value = captured_ns
        data = self.payload.base + slot * self.stride
        _u32(at + layout.SLOT_CHECKSUM_AT).value = _crc32c(_bytes_at(data, self.payload_bytes)) if self.spec.checksum else 0
        stamp = self.sequence + 1 << 16 | slot
        _u64(at + layout.SLOT_READY_AT).value = stamp
        self.sequence += 1
        _u64(base + self.ring.entry(self.sequence)).value = stamp
        _u64(base + layout.STREAM_LATEST_AT).value = stamp
        self.newest_slot, self.claimed = slot, -1
        _i64(at + layout.SLOT_PUBLISHED_AT).value = _now()
        doorbell = _u32(base + layout.STREAM_DOORBELL_AT)
        doorbell.value = doorbell.value + 1 & 0xFFFFFFFF
        _fence()
        for lane in range(self.ring.max_readers):
            lane_at = base + self.ring.lane(lane)
            if _u32(lane_at + layout.LANE_SLEEPING_AT).value and _u64(lane_at).value:
                word = c.c_void_p(base + layout.STREAM_DOORBELL_AT)
                _libc.syscall(c.c_long(_SYS_FUTEX), word, c.c_int(_FUTEX_WAKE), c.c_int(0x7FFFFFFF), None, None, c.c_int(0))
                return

    def abort(self) -> None:
        if self.claimed >= 0:
            self.claimed = -1
            _u64(self.control.base + layout.STREAM_ABORTED_AT).value += 1

    def reclaim(self) -> None:
        for lane in range(self.ring.max_readers):
            at = self.control.base + self.ring.lane(lane)
            owner = _u64(at).value
            if owner and self.node.is_dead(owner):
                _cas(at, owner, 0)

    def update_rate(self, now_ns: int) -> None:
        if not self.rates or now_ns - self.rates[-1][0] >= 2 * _SECOND // 15:
            self.rates.append((now_ns, self.sequence))
        while len(self.rates) > 1 and now_ns - self.rates[0][0] > 2 * _SECOND + 2 * _SECOND // 15:
            self.rates.popleft()
        elapsed = now_ns - self.rates[0][0]
        rate = math.nan if elapsed < _SECOND // 2 else (self.sequence - self.rates[0][1]) * 1e9 / elapsed
        c.c_double.from_address(self.control.base + layout.STREAM_RATE_AT).value = rate

    def leave(self, is_ours: bool) -> None:
        self.abort()
        if is_ours:
            _unlink(self.node.path(self.file("control")))
            _unlink(self.node.path(self.file("payload")))
        if self.keeps_addresses:
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x10 | 0x4000  # fixed, no reserve
            if _libc.mmap(self.payload.base, self.payload.bytes, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0) == self.payload.base:
                self.payload.base = 0
        self.payload.close()
        self.control.close()


# ---- Reading -------------------------------------------------------------------------------------------------------------------------


class _Lane:
    def __init__(self, stream: "_Stream", at: int) -> None:
        self.stream, self.at = stream, at
        self.lease_id = 0
        self.ends = 0
        self.fields = LeaseFields()
        self.is_attached = True


class _Stream:
    """One incarnation of a stream that we read."""

    def __init__(self, subscription: "_Subscription", incarnation: int) -> None:
        node = subscription.node
        self.node, self.behind, self.incarnation = node, subscription.behind, incarnation
        self.owner = node.incarnation << 40 | _hash(node.name.encode())
        self.sequence = self.missed = 0
        self.holders, self.has_left = 1, False
        self.lanes: List[_Lane] = []
        self.guard = threading.RLock()
        path = node.path(f"{subscription.peer}.{incarnation}.{subscription.name}.control")
        self.control = _Mapping.existing(path, True)
        self.payload: Any = None
        try:
            payload_file = self.check_header(path, subscription)
            if self.behind > self.ring.slots - self.ring.max_readers - 2:
                most = self.ring.slots - self.ring.max_readers - 2
                raise _Failure(FULL, f"too few slots to stay that far behind: path={path} behind={self.behind} most={most}")
            self.open_payload(node.path(payload_file))
            if self.attach() is None:
                readers = self.ring.max_readers
                raise _Failure(FULL, f"too many readers: stream={subscription.target} readers={readers + 1} maxReaders={readers}")
        except BaseException:
            self.control.close()
            if self.payload is not None:
                self.payload.close()
            raise

    def word(self, at: int) -> int:
        return _u64(self.control.base + at).value

    def check_header(self, path: str, subscription: "_Subscription") -> str:
        from ._fields import Spec

        base = self.control.base
        if self.control.bytes < layout.STREAM_BYTES:
            raise _Failure(CORRUPT, f"corrupt: path={path} bytes={self.control.bytes}")
        version = c.c_int32.from_address(base + layout.STREAM_VERSION_AT).value
        _check_magic(path, self.word(layout.STREAM_MAGIC_AT), layout.STREAM_MAGIC, version, layout.STREAM_VERSION)
        rank = _u32(base + layout.STREAM_RANK_AT).value
        shape = (c.c_int64 * MAX_RANK)(*(_i64(base + layout.STREAM_SHAPE_AT + 8 * i).value for i in range(min(rank, MAX_RANK))))
        self.spec = Spec(
            stream=_text_at(base + layout.STREAM_STREAM_AT, 64).encode(),
            dtype=_u32(base + layout.STREAM_DTYPE_AT).value & 0x7FFFFFFF,
            rank=rank,
            shape=shape,
            slots=_u32(base + layout.STREAM_SLOTS_AT).value,
            max_readers=_u32(base + layout.STREAM_MAX_READERS_AT).value,
            checksum=_u32(base + layout.STREAM_CHECKSUM_AT).value & 0x7FFFFFFF,
            device=_text_at(base + layout.STREAM_DEVICE_AT, 64).encode(),
        )
        try:
            self.slot_bytes = _slot_bytes(self.spec)
        except _Failure as failure:
            raise _Failure(CORRUPT, f"corrupt: path={path} {failure}") from None
        self.stride = _stride(self.slot_bytes)
        self.ring = _Ring(self.spec.slots, self.spec.max_readers)
        self.is_on_gpu = bytes(self.spec.device).startswith(b"cuda:")
        payload_file = _text_at(base + layout.STREAM_PAYLOAD_NAME_AT, 192)
        node = _text_at(base + layout.STREAM_NODE_AT, 64)
        found = (
            node,
            bytes(self.spec.stream).decode("utf-8", "replace"),
            self.word(layout.STREAM_INCARNATION_AT),
            self.word(layout.STREAM_SLOT_BYTES_AT),
            self.word(layout.STREAM_SLOT_STRIDE_AT),
            self.word(layout.STREAM_PAYLOAD_BYTES_AT),
            _u32(base + layout.STREAM_INDEX_LENGTH_AT).value,
            self.word(layout.STREAM_CONTROL_BYTES_AT),
            self.control.bytes,
        )
        wanted = (
            subscription.peer,
            subscription.name,
            self.incarnation,
            self.slot_bytes,
            self.stride,
            self.stride * self.spec.slots,
            self.ring.index_length,
            self.ring.bytes(),
            self.ring.bytes(),
        )
        is_device = self.is_on_gpu or bytes(self.spec.device) == b"host"
        if found != wanted or not is_device or not _PAYLOAD_NAME.fullmatch(payload_file):
            raise _Failure(CORRUPT, f"corrupt: path={path} sizes or names contradict each other: {found} wanted {wanted}")
        return payload_file

    def open_payload(self, path: str) -> None:
        self.payload = _Mapping.existing(path, False)
        wanted = self.stride * self.spec.slots
        if not self.is_on_gpu:
            if self.payload.bytes != wanted:
                raise _Failure(CORRUPT, f"payload has another size: path={path} bytes={self.payload.bytes} wanted={wanted}")
            return
        base = self.payload.base
        if self.payload.bytes < layout.GPU_BYTES:
            raise _Failure(CORRUPT, f"corrupt: path={path} bytes={self.payload.bytes}")
        version = c.c_int32.from_address(base + layout.GPU_VERSION_AT).value
        _check_magic(path, _u64(base + layout.GPU_MAGIC_AT).value, layout.GPU_MAGIC, version, layout.GPU_VERSION)
        self.arena_bytes = _u64(base + layout.GPU_ARENA_BYTES_AT).value
        self.gpu_offset = _u64(base + layout.GPU_OFFSET_AT).value
        size = _u64(base + layout.GPU_PAYLOAD_BYTES_AT).value
        if size != wanted or self.gpu_offset + size > self.arena_bytes:
            raise _Failure(CORRUPT, f"corrupt: path={path} arenaBytes={self.arena_bytes} offset={self.gpu_offset} payloadBytes={size}")

    def newest(self) -> int:
        return (self.word(layout.STREAM_LATEST_AT) >> 16) - self.behind

    def has_news(self) -> bool:
        return self.newest() > self.sequence

    def attach(self) -> Optional[_Lane]:
        for index in range(self.ring.max_readers):
            at = self.control.base + self.ring.lane(index)
            before = _u64(at).value
            while before == 0 or before != self.owner and self.node.is_dead(before):
                if _cas(at, before, self.owner):
                    lane = _Lane(self, at)
                    _u32(at + layout.LANE_SLEEPING_AT).value = 0
                    _u64(at + layout.LANE_HELD_AT).value = 0
                    count = _u64(at + layout.LANE_LEASE_ID_AT).value + 1 & _HASH_MASK
                    lane.lease_id = self.owner >> 40 << 40 | count
                    _u64(at + layout.LANE_LEASE_ID_AT).value = lane.lease_id
                    _u64(at + layout.LANE_DONE_AT).value = lane.lease_id
                    self.lanes.append(lane)
                    return lane
                before = _u64(at).value
        return None

    def detach(self, lane: _Lane) -> None:
        if lane.is_attached:
            lane.is_attached = False
            if _u64(lane.at).value == self.owner:
                _u64(lane.at + layout.LANE_HELD_AT).value = 0
                _cas(lane.at, self.owner, 0)

    def drop(self) -> None:
        with self.guard:
            self.holders -= 1
            if self.holders > 0:
                return
            for lane in self.lanes:
                self.detach(lane)
                _LANES.pop(c.addressof(lane.fields), None)
            self.control.close()
            self.payload.close()

    def is_leasing(self) -> bool:
        return self.holders > 1

    def leave(self) -> None:
        with self.guard:
            for lane in self.lanes:
                if lane.ends and lane.fields.data:
                    _keep_bytes(lane.fields.data, lane.fields.bytes)
            self.has_left = True
            for lane in self.lanes:
                self.detach(lane)
            self.drop()

    def free_lane(self, most: int) -> Optional[_Lane]:
        for lane in self.lanes:
            if lane.ends == 0 and lane.is_attached:
                return lane
        return self.attach() if len(self.lanes) < most else None

    def announce(self, lane: _Lane, stamp: int) -> None:
        lane.lease_id += 1
        _u64(lane.at + layout.LANE_LEASE_ID_AT).value = lane.lease_id
        _u64(lane.at + layout.LANE_HELD_AT).value = stamp
        _fence()

    def release(self, lane: _Lane) -> None:
        _u64(lane.at + layout.LANE_DONE_AT).value = lane.lease_id

    def is_there(self, stamp: int) -> bool:
        return self.word(self.ring.slot(stamp & 0xFFFF)) == stamp

    def announced(self, wanted: int) -> int:
        stamp = self.word(self.ring.entry(wanted))
        return stamp if stamp >> 16 == wanted and stamp & 0xFFFF < self.ring.slots else 0

    def lease_newest(self, lane: _Lane) -> int:
        for _ in range(64):
            stamp = self.word(layout.STREAM_LATEST_AT)
            newest = stamp >> 16
            if newest <= self.sequence or stamp & 0xFFFF >= self.ring.slots:
                return 0
            self.announce(lane, stamp)
            if self.word(layout.STREAM_LATEST_AT) == stamp or self.is_there(stamp):
                self.missed += newest - self.sequence - 1
                self.sequence = newest
                return stamp
            self.release(lane)
        return 0

    def try_lease(self, lane: _Lane, stamp: int) -> bool:
        self.announce(lane, stamp)
        is_leased = self.is_there(stamp)
        if not is_leased:
            self.release(lane)
            if self.behind == 0:
                return False
            self.missed += 1
        self.missed += (stamp >> 16) - self.sequence - 1
        self.sequence = stamp >> 16
        return is_leased

    def lease_behind_newest(self, lane: _Lane) -> int:
        newest = self.newest()
        for wanted in range(newest, max(self.sequence, newest - self.ring.index_length), -1):
            stamp = self.announced(wanted)
            if stamp and self.is_there(stamp) and self.try_lease(lane, stamp):
                return stamp
        return 0

    def lease_next(self, lane: _Lane) -> int:
        newest, races = self.newest(), 0
        for wanted in range(max(self.sequence + 1, newest - self.ring.index_length + 1), newest + 1):
            stamp = self.announced(wanted)
            if not stamp or not self.is_there(stamp):
                continue
            if self.try_lease(lane, stamp):
                return stamp
            races += 1
            if races == 64:
                break
        return 0

    def describe(self, lane: _Lane, stamp: int) -> bool:
        at, fields, slot = self.control.base + self.ring.slot(stamp & 0xFFFF), lane.fields, stamp & 0xFFFF
        fields.bytes = _u64(at + layout.SLOT_PAYLOAD_BYTES_AT).value
        fields.dtype, fields.rank = self.spec.dtype, _u32(at + layout.SLOT_RANK_AT).value
        fields.frame = _u64(at + layout.SLOT_FRAME_AT).value
        fields.captured_ns = _i64(at + layout.SLOT_CAPTURED_AT).value
        fields.tag = _i64(at + layout.SLOT_TAG_AT).value
        fields.sequence, fields.incarnation = stamp >> 16, self.incarnation
        fields.data = None if self.is_on_gpu else self.payload.base + slot * self.stride
        fields.device_offset = self.gpu_offset + slot * self.stride if self.is_on_gpu else 0
        if fields.rank != self.spec.rank:
            return False
        size = DTYPE_BYTES[self.spec.dtype]
        for i in range(fields.rank):
            fields.shape[i] = _i64(at + layout.SLOT_SHAPE_AT + 8 * i).value
            if not 0 <= fields.shape[i] <= self.spec.shape[i]:
                return False
            size *= fields.shape[i]
        if size != fields.bytes:
            return False
        if not self.spec.checksum or self.is_on_gpu:
            return True
        return _crc32c(_bytes_at(fields.data, fields.bytes)) == _u32(at + layout.SLOT_CHECKSUM_AT).value


def _keep_bytes(address: int, size: int) -> None:
    start = address // 4096 * 4096
    length = (address + size - start + 4095) // 4096 * 4096
    copy = _libc.mmap(None, length, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    if copy is not None and copy != c.c_void_p(-1).value:
        c.memmove(copy, start, length)
        _libc.mprotect(copy, length, mmap.PROT_READ)
        _libc.mremap(copy, length, length, 1 | 2, start)


class _Subscription:
    def __init__(self, node: _Node, target: str, mode: int, behind: int, leases: int) -> None:
        peer, slash, name = target.partition("/")
        if not slash or not _NODE_NAME.fullmatch(peer) or not _NAME.fullmatch(name):
            raise _Failure(INVALID, f"wanted NODE/STREAM: target={target[:100]}")
        if not 1 <= leases <= 8 or not 0 <= mode <= 2 or not 0 <= behind <= 1 << 15:
            raise _Failure(INVALID, f"no way to subscribe: target={target} mode={mode} behind={behind} leases={leases} most=8")
        self.node, self.target, self.peer, self.name = node, target, peer, name
        self.mode, self.behind, self.leases = mode, behind, leases
        self.stream: Optional[_Stream] = None
        self.has_joined = self.is_drained = False
        self.drained_for = self.refused = self.next_join_ns = self.missed_before = self.torn = self.heard = 0
        self.last_refusal = ""
        names = ("leases", "missed", "behind", "torn", "joins", "copiedBytes")
        self.counters = {what: node.counter(f"read.{target}.{what}") for what in names}

    def missed(self) -> int:
        return self.missed_before + (self.stream.missed if self.stream else 0)

    def lag(self) -> int:
        return (self.stream.word(layout.STREAM_LATEST_AT) >> 16) - self.stream.sequence if self.stream else 0

    def doorbell(self) -> int:
        return _u32(self.stream.control.base + layout.STREAM_DOORBELL_AT).value if self.stream else self.heard

    def let_go(self) -> None:
        stream, self.stream = self.stream, None
        if stream is None:
            return
        self.missed_before += stream.missed
        with stream.guard:
            for lane in stream.lanes:
                if lane.ends == 0:
                    stream.detach(lane)
        if stream.is_leasing():
            self.node.left_rings.append(stream)
        else:
            stream.drop()

    def rejoin(self, now_ns: int) -> bool:
        node = self.node
        if self.stream is not None:
            self.counters["behind"].set(self.lag())
            owner = self.stream.incarnation << 40 | _hash(self.peer.encode())
            if not self.stream.is_leasing() and not self.stream.has_news() and node.is_dead(owner):
                self.refused = self.stream.incarnation
                self.let_go()
        writer, current = node.peers.get(self.peer), self.stream
        if writer is None or not writer.is_held or writer.incarnation in (0, self.refused) or now_ns < self.next_join_ns:
            return False
        if current is not None and (current.incarnation == writer.incarnation or not self.is_read_to_its_end(writer.incarnation)):
            return False
        try:
            following = _Stream(self, writer.incarnation)
        except FileNotFoundError:
            return False
        except (_Failure, OSError) as error:
            status = getattr(error, "status", IO)
            if status in (NONE, BEING_CREATED):
                return False
            if status in (CORRUPT, TOO_OLD, TOO_NEW, REFUSED):
                self.refused = writer.incarnation
            self.next_join_ns = now_ns + _SECOND
            if self.last_refusal != str(error):
                self.last_refusal = str(error)
                node.record(str(error))
            return False
        from_oldest = self.mode == 2 or self.has_joined and self.mode == 1
        following.sequence = 0 if from_oldest else max(0, following.newest() - 1)
        self.let_go()
        self.stream, self.has_joined, self.last_refusal = following, True, ""
        self.heard = self.doorbell() - 1 if following.has_news() else self.doorbell()
        self.counters["joins"].add(1)
        return True

    def is_read_to_its_end(self, following: int) -> bool:
        if self.drained_for != following:
            self.drained_for, self.is_drained = following, False
        return self.mode == 0 or self.is_drained or self.stream is None or not self.stream.has_news()

    def poll(self) -> Optional[_Lane]:
        stream = self.stream
        if stream is None:
            return None
        doorbell = self.heard = self.doorbell()
        lane = stream.free_lane(self.leases)
        if lane is None:
            raise _Failure(
                FULL,
                f"too many leases are open, or too many readers: target={self.target} leases={len(stream.lanes)} asked for={self.leases}"
                f" maxReaders={stream.ring.max_readers}",
            )
        stamp = 0
        if stream.has_news():
            if self.mode != 0:
                stamp = stream.lease_next(lane)
            else:
                stamp = stream.lease_behind_newest(lane) if self.behind else stream.lease_newest(lane)
        if not stamp:
            self.is_drained = True
            return None
        self.heard = doorbell - 1 if stream.has_news() else doorbell
        self.counters["leases"].add(1)
        self.counters["missed"].set(self.missed())
        if not stream.describe(lane, stamp):
            stream.release(lane)
            self.torn += 1
            self.counters["torn"].add(1)
            self.node.record(f"torn tensor: stream={self.target} incarnation={stream.incarnation}")
            return None
        lane.ends = 1
        with stream.guard:
            stream.holders += 1
        return lane


class _Word(c.Structure):
    _fields_ = [("value", c.c_uint64), ("address", c.c_uint64), ("flags", c.c_uint32), ("reserved", c.c_uint32)]


class _Timespec(c.Structure):
    _fields_ = [("seconds", c.c_int64), ("nanoseconds", c.c_int64)]


_LANES: Dict[int, _Lane] = {}
_HANDLES: Dict[int, Any] = {}
_next_handle = 0
_handle_guard = threading.Lock()


def _handle(thing: Any) -> int:
    global _next_handle
    with _handle_guard:
        _next_handle += 1
        _HANDLES[_next_handle] = thing
        return _next_handle


def _set(reference: Any, value: Any) -> None:
    reference._obj.value = value


# ---- The functions of foam.h ----------------------------------------------------------------------------------------------------------


class Library:
    """What ctypes gives of the C library: the same names, arguments and values."""

    _name = "ctypes on x86-64"

    @staticmethod
    def foam_reason() -> bytes:
        return getattr(_reasons, "text", b"")

    @staticmethod
    @_values
    def foam_join(options: Any, node: Any) -> None:
        given = options._obj
        name = _require_name("node", (given.name or b"").decode("utf-8", "replace") or os.environ.get("FOAM_NAME"))
        role = _require_name("role", (given.role or b"tool").decode("utf-8", "replace"))
        directory = os.fsdecode(given.directory or b"") or os.environ.get("FOAM_DIR") or f"/dev/shm/foam-{os.geteuid()}"
        one = _Node(_directory(directory), name, role, (given.language or b"python").decode())
        try:
            one.acquire_mark()
            one.remove_older()
            one.create_counters()
        except BaseException:
            one.close()
            raise
        one.refresh_peers()
        _set(node, _handle(one))

    @staticmethod
    @_values
    def foam_attribute(node: int, key: bytes, value: bytes) -> None:
        one, name, text = _HANDLES[node], key.decode("utf-8", "replace"), value.decode("utf-8", "replace")
        if not _KEY.fullmatch(name) or len(value) > 8192 or name in ("reads", "language") or "\0" in text:
            raise _Failure(INVALID, f"no attribute, or one that is kept by the node: key={name[:70]} bytes={len(value)} most=8192")
        _require_unstarted(one, f"attribute {name}")
        if len(one.attributes) >= 254 and name not in one.attributes:
            raise _Failure(FULL, f"too many attributes: key={name}")
        one.attributes[name] = text

    @staticmethod
    @_values
    def foam_reads(node: int, target: bytes) -> None:
        text = target.decode("utf-8", "replace")
        peer, _, stream = text.partition("/")
        if peer != "*" and not _NAME.fullmatch(peer) or not _NAME.fullmatch(stream):
            raise _Failure(INVALID, f"wanted NODE/STREAM: target={text[:100]}")
        _require_unstarted(_HANDLES[node], f"reads {text}")
        if text not in _HANDLES[node].reads:
            _HANDLES[node].reads.append(text)

    @staticmethod
    @_values
    def foam_start(node: int) -> None:
        _HANDLES[node].start()

    @staticmethod
    @_values
    def foam_turn(node: int) -> None:
        _HANDLES[node].turn(_now())

    @staticmethod
    def foam_beat(node: int) -> None:
        if not _HANDLES[node].is_forked:
            _HANDLES[node].beat(_now())

    @staticmethod
    @_values
    def foam_wait(node: int, timeout_ns: int) -> int:
        one = _HANDLES[node]
        deadline = _now() + timeout_ns
        while True:
            now_ns = _now()
            one.turn(now_ns)
            if any(each.doorbell() & 0xFFFFFFFF != each.heard & 0xFFFFFFFF for each in one.subscriptions):
                return OK
            if now_ns >= deadline:
                return NONE
            if _sleep(one, min(deadline, one.next_control_ns)):
                return NONE

    @staticmethod
    def foam_leave(node: int, cleanly: bool) -> None:
        _HANDLES.pop(node).leave(cleanly)

    @staticmethod
    def foam_forked(node: int) -> None:
        one = _HANDLES[node]
        one.is_forked = True
        os.close(one.mark_fd)
        for peer in one.peers.values():
            os.close(peer.fd)
            peer.fd = -1

    @staticmethod
    def foam_directory(node: int) -> bytes:
        return os.fsencode(_HANDLES[node].directory)

    @staticmethod
    def foam_incarnation(node: int) -> int:
        return _HANDLES[node].incarnation

    foam_now_ns = staticmethod(_now)

    @staticmethod
    def foam_counter_of(node: int, label: bytes) -> int:
        return _HANDLES[node].counter(label.decode()).address

    @staticmethod
    def foam_gauge_of(node: int, label: bytes) -> int:
        return _HANDLES[node].counter(label.decode(), 2, struct.unpack("<q", struct.pack("<d", math.nan))[0]).address

    @staticmethod
    def foam_count(counter: int, more: int) -> None:
        _i64(counter).value += more

    @staticmethod
    def foam_set(counter: int, value: int) -> None:
        _i64(counter).value = value

    @staticmethod
    def foam_set_gauge(counter: int, value: float) -> None:
        c.c_double.from_address(counter).value = value

    @staticmethod
    def foam_value(counter: int) -> int:
        return _i64(counter).value

    @staticmethod
    def foam_record(node: int, error: bytes) -> None:
        _HANDLES[node].record(error.decode("utf-8", "replace"))

    @staticmethod
    def foam_peers(node: int, peers: Any, most: int) -> int:
        one = _HANDLES[node]
        one.refresh_peers()
        for view, peer in zip(peers or (), list(one.peers.values())[:most]):
            base = peer.mark.base
            view.name = peer.name.encode()
            view.heartbeat_age_ns = 0
            if not peer.is_cut():
                view.role = _text_at(base + layout.MARK_ROLE_AT, 64).encode()
                view.device = _text_at(base + layout.MARK_DEVICE_AT, 64).encode()
                view.pid = peer.word(layout.MARK_PID_AT)
                view.heartbeat_age_ns = _now() - _i64(base + layout.MARK_HEARTBEAT_AT).value
            view.incarnation = peer.incarnation
            stalled = view.heartbeat_age_ns > 2 * _SECOND
            view.state = (1 if stalled else 0) if peer.is_held else 3 if peer.is_stopped else 2
        return len(one.peers)

    @staticmethod
    @_values
    def foam_card(node: int, name: bytes, text: Any) -> int:
        one = _HANDLES[node]
        peer = one.peers.get(name.decode())
        if peer is None:
            return _fail(NONE, f"no such peer: name={name.decode()}")
        for suffix in ("manifest", "card"):
            path = one.path(f"{peer.name}.{peer.incarnation}.{suffix}")
            body, encoding = _read_sealed(path)
            if encoding == _JSON:
                copy = _libc.malloc(len(body) + 1)
                c.memmove(copy, body + b"\0", len(body) + 1)
                _set(text, copy)
                return OK
        return _fail(CORRUPT, f"corrupt: path={path} encoding={encoding}")

    @staticmethod
    @_values
    def foam_subscribe(node: int, target: bytes, mode: int, behind: int, leases: int, subscription: Any) -> None:
        one = _HANDLES[node]
        made = _Subscription(one, target.decode("utf-8", "replace"), mode, behind, leases)
        one.subscriptions.append(made)
        if not one.is_started and made.target not in one.reads:
            one.reads.append(made.target)
        one.refresh_peers()
        made.rejoin(_now())
        _set(subscription, _handle(made))

    @staticmethod
    @_values
    def foam_look(subscription: int) -> int:
        one = _HANDLES[subscription]
        one.node.refresh_peers()
        one.rejoin(_now())
        return OK if one.stream else _fail(NONE, f"the stream is not there: target={one.target}")

    @staticmethod
    def foam_unsubscribe(subscription: int) -> None:
        one = _HANDLES.pop(subscription)
        one.node.subscriptions.remove(one)
        one.let_go()

    @staticmethod
    @_values
    def foam_poll(subscription: int, lease: Any) -> int:
        one = _HANDLES[subscription]
        one.node.busy_turn()
        lane = one.poll()
        if lane is None:
            return NONE
        _LANES[c.addressof(lane.fields)] = lane
        lease._obj.contents = lane.fields
        return OK

    @staticmethod
    def foam_lease_keep(lease: Any) -> None:
        lane = _LANES[c.addressof(lease.contents)]
        with lane.stream.guard:
            lane.ends += 1

    @staticmethod
    def foam_lease_end(lease: Any) -> None:
        lane = _LANES[c.addressof(lease.contents)]
        stream = lane.stream
        with stream.guard:
            lane.ends -= 1
            if lane.ends == 0:
                if not stream.has_left:
                    stream.release(lane)
                stream.drop()

    @staticmethod
    def foam_subscribed(subscription: int, spec: Any) -> int:
        stream = _HANDLES[subscription].stream
        if stream is None:
            return _fail(NONE, "the stream is not there")
        c.memmove(c.addressof(spec._obj), c.addressof(stream.spec), c.sizeof(stream.spec))
        return OK

    @staticmethod
    def foam_gpu_payload(subscription: int, gpu: Any) -> int:
        stream = _HANDLES[subscription].stream
        if stream is None or not stream.is_on_gpu:
            return _fail(NONE, "not in a GPU's memory")
        base = stream.payload.base
        c.memmove(gpu._obj.uuid, base + layout.GPU_UUID_AT, 16)
        c.memmove(gpu._obj.ipc_handle, base + layout.GPU_IPC_HANDLE_AT, 64)
        gpu._obj.arena_bytes = stream.arena_bytes
        return OK

    @staticmethod
    def foam_mapping(subscription: int, size: Any) -> int:
        stream = _HANDLES[subscription].stream
        _set(size, stream.payload.bytes if stream else 0)
        return stream.payload.base if stream else 0

    @staticmethod
    def foam_subscribed_incarnation(subscription: int) -> int:
        stream = _HANDLES[subscription].stream
        return stream.incarnation if stream else 0

    @staticmethod
    def foam_missed(subscription: int) -> int:
        return _HANDLES[subscription].missed()

    @staticmethod
    def foam_behind(subscription: int) -> int:
        return _HANDLES[subscription].lag()

    @staticmethod
    def foam_torn(subscription: int) -> int:
        return _HANDLES[subscription].torn

    @staticmethod
    @_values
    def foam_publish(node: int, spec: Any, publication: Any) -> None:
        one, wanted = _HANDLES[node], type(spec._obj).from_buffer_copy(spec._obj)
        few = 2 < wanted.slots < 10
        wanted.max_readers = wanted.max_readers or (wanted.slots - 2 if few else 8)
        wanted.slots = wanted.slots or wanted.max_readers + 8
        wanted.device = b"host"
        _slot_bytes(wanted)
        name = bytes(wanted.stream).decode()
        _require_unstarted(one, f"stream {name}")
        if any(each.name == name for each in one.publications) or len(one.publications) >= 256:
            raise _Failure(INVALID, f"two streams of one name, or too many: node={one.name} stream={name}")
        made = _Publication(one, wanted)
        one.counter(f"publish.{name}.copiedBytes")
        one.publications.append(made)
        _set(publication, _handle(made))

    @staticmethod
    def foam_keep_addresses(publication: int) -> None:
        _HANDLES[publication].keeps_addresses = True

    @staticmethod
    @_values
    def foam_claim(publication: int, data: Any) -> None:
        one = _HANDLES[publication]
        one.node.busy_turn()
        _set(data, one.claim())

    @staticmethod
    @_values
    def foam_shape(publication: int, rank: int, dims: Any) -> None:
        _HANDLES[publication].shape(rank, dims)

    @staticmethod
    @_values
    def foam_tag(publication: int, tag: int) -> None:
        _i64(_HANDLES[publication].require_claim() + layout.SLOT_TAG_AT).value = tag

    @staticmethod
    @_values
    def foam_commit(publication: int, frame: int, captured_ns: int) -> None:
        _HANDLES[publication].commit(frame, captured_ns)

    @staticmethod
    def foam_abort(publication: int) -> None:
        _HANDLES[publication].abort()

    @staticmethod
    def foam_published(publication: int) -> Any:
        return c.pointer(_HANDLES[publication].spec)

    @staticmethod
    def foam_published_sequence(publication: int) -> int:
        return _HANDLES[publication].sequence

    @staticmethod
    def foam_py_tensor(lease: Any, address: int, device: int, ordinal: int) -> int:
        raise BufferError("DLPack capsules need the C library: their deleter must not run Python")


def _require_unstarted(node: _Node, what: str) -> None:
    if node.is_started:
        raise _Failure(INVALID, f"the node has started already: node={node.name} too late for {what}")


def _directory(wanted: str) -> str:
    try:
        os.mkdir(wanted, 0o700)
    except FileExistsError:
        pass
    except FileNotFoundError:
        raise _Failure(IO, f"the foam's parent directory does not exist: path={wanted}") from None
    facts = os.lstat(wanted)
    if not stat.S_ISDIR(facts.st_mode):
        raise _Failure(REFUSED, f"the foam's path is not a directory: path={wanted}")
    if facts.st_uid != os.geteuid():
        raise _Failure(REFUSED, f"the foam belongs to another user: path={wanted} uid={facts.st_uid} ours={os.geteuid()}")
    if facts.st_mode & 0o077:
        raise _Failure(REFUSED, f"the foam is open to others: path={wanted} mode={facts.st_mode & 0o777:o} wanted=700")
    try:
        os.close(os.open(os.path.join(wanted, "created"), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        pass
    return os.path.realpath(wanted)


def _read_sealed(path: str) -> Tuple[bytes, int]:
    fd = _open_owned(path, os.O_RDONLY)
    with os.fdopen(fd, "rb") as file:
        everything = file.read((16 << 20) + layout.TRAILER_BYTES + 1)
    body = everything[: -layout.TRAILER_BYTES]
    if not body or len(body) > 16 << 20:
        raise _Failure(CORRUPT, f"corrupt: path={path} fileBytes={len(everything)}")
    size, crc, encoding, version, not_version, magic = struct.unpack("<QIIiIQ", everything[-layout.TRAILER_BYTES :])
    if magic != layout.TRAILER_MAGIC or not_version != ~version & 0xFFFFFFFF:
        raise _Failure(CORRUPT, f"corrupt: path={path} magic={magic:x} version={version}")
    _check_magic(path, magic, magic, version, layout.TRAILER_VERSION)
    if size != len(body) or crc != _crc32c(body):
        raise _Failure(CORRUPT, f"corrupt: path={path} bodyBytes={size} in file={len(body)}")
    return body, encoding


def _sleep(node: _Node, until_ns: int) -> bool:
    """Sleeps on all doorbells; whether a signal ended it."""
    sleepers = [(each, each.stream) for each in node.subscriptions if each.stream is not None][:128]
    words = (_Word * max(1, len(sleepers)))()
    has_rung = False
    for word, (each, stream) in zip(words, sleepers):
        at = stream.lanes[0].at + layout.LANE_SLEEPING_AT
        _u32(at).value = 1
        _fence()
        has_rung |= each.doorbell() & 0xFFFFFFFF != each.heard & 0xFFFFFFFF
        word.value, word.flags = each.heard & 0xFFFFFFFF, _FUTEX_32_SHARED
        word.address = stream.control.base + layout.STREAM_DOORBELL_AT
    is_interrupted = False
    if not has_rung:
        until = _Timespec(until_ns // _SECOND, until_ns % _SECOND)
        result, number = -1, 0
        if sleepers:
            count, clock = c.c_uint(len(sleepers)), c.c_int(1)
            result = _libc.syscall(c.c_long(_SYS_FUTEX_WAITV), words, count, c.c_uint(0), c.byref(until), clock)
            number = c.get_errno()
        if result < 0 and number not in (errno.EAGAIN, errno.EINTR, errno.ETIMEDOUT):
            nap = until_ns - _now()
            time.sleep(max(0, min(nap, 200_000) if sleepers else nap) / 1e9)
        is_interrupted = result < 0 and number == errno.EINTR
    for _, stream in sleepers:
        _u32(stream.lanes[0].at + layout.LANE_SLEEPING_AT).value = 0
    return is_interrupted
