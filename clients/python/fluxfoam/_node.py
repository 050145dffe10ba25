"""A node, its subscriptions, leases and publications."""

from __future__ import annotations

import contextlib
import ctypes as c
import json
import os
import signal
import threading
import traceback
import weakref
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from . import _native as native
from ._native import LIBRARY, QUICK, FoamError, TooManyLeases, check

_MAX_WAIT_NS = 1 << 62


def _ns(seconds: Optional[float]) -> int:
    return _MAX_WAIT_NS if seconds is None else max(0, min(_MAX_WAIT_NS, int(seconds * 1e9)))


class Stop:
    """Whether the node was asked to stop: true after SIGTERM, SIGINT, SIGHUP, or after it was called."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def __call__(self) -> None:
        self._event.set()

    is_set = __bool__
    set = __call__


class Peer(NamedTuple):
    """Another node as of the last look, and what its card says."""

    name: str
    role: str
    device: str
    state: str
    incarnation: int
    pid: int
    heartbeat_age: float
    #: None until it has shown its card, and after it has left.
    card: Optional[Dict[str, Any]]

    @property
    def attributes(self) -> Dict[str, str]:
        return dict(self.card["attributes"]) if self.card else {}

    @property
    def streams(self) -> Dict[str, Dict[str, Any]]:
        """Its streams' cards by name."""
        return {stream["name"]: stream for stream in self.card["streams"]} if self.card else {}


class StreamSpec(NamedTuple):
    """What a stream carries."""

    stream: str
    dtype: str
    shape: Tuple[int, ...]
    slots: int
    max_readers: int
    device: str


def _spec(raw: native.Spec) -> StreamSpec:
    return StreamSpec(
        raw.stream.decode(),
        native.DTYPE_NAMES[raw.dtype],
        tuple(raw.shape[: raw.rank]),
        raw.slots,
        raw.max_readers,
        raw.device.decode(),
    )


def _dtype_code(dtype: Any) -> int:
    """Of a name such as "f4" or "float32", or of a numpy dtype."""
    names = {"uint8": "u1", "int32": "i4", "int64": "i8", "float16": "f2", "bfloat16": "bf16", "float32": "f4", "float64": "f8"}
    given = dtype if isinstance(dtype, str) else getattr(dtype, "name", None) or getattr(dtype, "__name__", dtype)
    text = str(given).lower().lstrip("<=|")
    code = native.DTYPES.get(names.get(text, text)) or native.DTYPES.get({"u8": "u1", "i32": "i4", "i64": "i8"}.get(text, ""))
    if code is None:
        raise ValueError(f"no dtype of a stream: dtype={dtype!r}, wanted one of {', '.join(native.DTYPES)}")
    return code


def _numpy_dtype(code: int) -> Any:
    import numpy

    if native.DTYPE_NAMES[code] != "bf16":
        return numpy.dtype(native.DTYPE_NAMES[code])
    try:
        from ml_dtypes import bfloat16
    except ImportError:
        raise TypeError("numpy has no bfloat16: install ml_dtypes, or take .torch() or .buffer()") from None
    return numpy.dtype(bfloat16)


def _shaped(view: Any, code: int, shape: Tuple[int, ...]) -> memoryview:
    """Bytes as elements of this shape. Half floats are their bits, which memoryview knows no more of."""
    elements = view.cast(native.FORMATS[code])
    return elements.cast("B").cast(native.FORMATS[code], shape) if elements.nbytes and shape else elements


class _Anchor:
    """One end that a lease waits for; what a view's memory belongs to has it."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Any) -> None:
        self._fields = fields
        QUICK.foam_lease_keep(fields)

    def __del__(self) -> None:
        QUICK.foam_lease_end(self._fields)


class Lease:
    """A tensor of a stream, where its writer put it.

    It ends at the end of its ``with``, at the next turn of the loop over its subscription, or by :meth:`close`, but not before the last
    view of it is gone: its bytes stay what they are as long as anything looks at them. Using it after its end is a ValueError.
    """

    def __init__(self, subscription: "Subscription", fields: Any) -> None:
        self._subscription = subscription
        self._fields = fields
        content = fields.contents
        self.frame: int = content.frame
        self.capture_ns: int = content.captured_ns
        self.tag: int = content.tag
        self.sequence: int = content.sequence
        self.incarnation: int = content.incarnation
        self.shape: Tuple[int, ...] = tuple(content.shape[: content.rank])
        self.dtype: str = native.DTYPE_NAMES[content.dtype]
        self.nbytes: int = content.bytes
        self._code: int = content.dtype
        self._open = True

    def close(self) -> None:
        """Ends the lease as soon as no view of it is left. Twice is harmless."""
        if self._open:
            self._open = False
            QUICK.foam_lease_end(self._fields)

    @property
    def closed(self) -> bool:
        return not self._open

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            self.close()

    def _require_open(self) -> None:
        if not self._open:
            raise ValueError(f"the lease is closed: stream={self._subscription.target} sequence={self.sequence}")

    def _address(self) -> int:
        self._require_open()
        address = self._fields.contents.data
        if address is None:
            raise TypeError(f"the tensor is in a GPU's memory: stream={self._subscription.target}, take .torch() or __dlpack__")
        return address

    def buffer(self) -> memoryview:
        """The bytes, read-only; the view keeps the lease."""
        memory: Any = (c.c_ubyte * self.nbytes).from_address(self._address())
        memory.anchor = _Anchor(self._fields)
        return memoryview(memory).toreadonly().cast("B")

    def __buffer__(self, flags: int) -> memoryview:
        return self.buffer()

    def memory(self) -> memoryview:
        """The tensor as a memoryview of its shape, read-only."""
        return _shaped(self.buffer(), self._code, self.shape)

    def numpy(self) -> Any:
        """The tensor as a read-only numpy array; the array, and whatever is sliced from it, keeps the lease."""
        import numpy

        dtype = _numpy_dtype(self._code)
        if self.nbytes == 0:
            self._require_open()
            return numpy.empty(self.shape, dtype)
        return numpy.frombuffer(self.buffer(), dtype).reshape(self.shape)

    def torch(self) -> Any:
        """The tensor as torch's. torch knows no read-only memory: writing to it ends the process."""
        import warnings

        import torch

        self._require_open()
        try:
            return torch.from_dlpack(self)
        except (BufferError, TypeError):  # older than versioned capsules
            names = {1: "uint8", 2: "int32", 3: "int64", 4: "float16", 5: "bfloat16", 6: "float32", 7: "float64"}
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return torch.frombuffer(self.buffer(), dtype=getattr(torch, names[self._code])).reshape(self.shape)

    def __dlpack_device__(self) -> Tuple[int, int]:
        gpu = self._subscription._gpu()
        return (1, 0) if gpu is None else (2, gpu.ordinal)

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Optional[Tuple[int, int]] = None,
        dl_device: Optional[Tuple[int, int]] = None,
        copy: Optional[bool] = None,
    ) -> Any:
        """A capsule whose deleter ends the lease. Versioned ones only: the others cannot say that the tensor is read-only."""
        self._require_open()
        if max_version is None or max_version[0] < 1:
            raise BufferError("the tensor is read-only, which only a versioned DLPack capsule says: max_version >= (1, 0)")
        if copy or (dl_device is not None and tuple(dl_device) != self.__dlpack_device__()):
            raise BufferError(f"not copied: a lease is a view where the tensor is, device={self.__dlpack_device__()}")
        device, ordinal = self.__dlpack_device__()
        address = self._device_address() if device == 2 else self._fields.contents.data
        tensor = QUICK.foam_py_tensor(self._fields, address, device, ordinal)
        if not tensor:
            raise MemoryError()
        new = c.pythonapi.PyCapsule_New
        new.restype = c.py_object
        new.argtypes = [c.c_void_p, c.c_char_p, c.c_void_p]
        return new(tensor, _CAPSULE_NAME, native.CAPSULE_END)

    def _device_address(self) -> int:
        self._require_open()
        gpu = self._subscription._gpu()
        if gpu is None:
            raise AttributeError("the tensor is not in a GPU's memory")
        return gpu.base + self._fields.contents.device_offset

    @property
    def __cuda_array_interface__(self) -> Dict[str, Any]:
        """For tensors in a GPU's memory. Whoever takes it must keep the lease: the interface has no word for that."""
        kinds = {1: "|u1", 2: "<i4", 3: "<i8", 4: "<f2", 6: "<f4", 7: "<f8"}
        if self._code not in kinds:
            raise AttributeError("no type of this interface: dtype=bf16")
        return {"shape": self.shape, "typestr": kinds[self._code], "data": (self._device_address(), True), "version": 3, "strides": None}

    def __repr__(self) -> str:
        state = "" if self._open else " closed"
        return f"<Lease {self._subscription.target} frame={self.frame} {self.dtype}{list(self.shape)}{state}>"


_CAPSULE_NAME = b"dltensor_versioned"


class Subscription:
    """Reads a stream through all of its writer's lives. Iterating over it sleeps until there is a commit, and ends when the node stops."""

    def __init__(self, node: "Node", target: str, mode: str, behind: int, leases: int) -> None:
        if mode not in native.MODES:
            raise ValueError(f"mode={mode!r} is none of {', '.join(native.MODES)}")
        self.node = node
        self.target = target
        self._handle: Optional[int] = None
        self._cuda: Any = None
        handle = c.c_void_p()
        check(LIBRARY.foam_subscribe(node._live(), target.encode(), native.MODES[mode], behind, leases, c.byref(handle)))
        self._handle = handle.value

    def _live(self) -> int:
        self.node._live()
        if self._handle is None:
            raise ValueError(f"the subscription is closed: target={self.target}")
        return self._handle

    def poll(self) -> Optional[Lease]:
        """Leases the next commit; None if there is none."""
        fields = native.LEASE()
        status = LIBRARY.foam_poll(self._live(), c.byref(fields))
        if status == native.OK:
            return Lease(self, fields)
        if status == native.FULL:
            raise TooManyLeases(
                status,
                f"{LIBRARY.foam_reason().decode()}: views of earlier leases are still alive; copy them, drop them, or subscribe with more leases",
            )
        if status != native.NONE:
            check(status)
        return None

    def take(self, timeout: Optional[float] = None) -> Optional[Lease]:
        """Waits for the next commit; None if the time is over or the node is asked to stop."""
        deadline = None if timeout is None else QUICK.foam_now_ns() + _ns(timeout)
        while not self.node.stop:
            lease = self.poll()
            if lease is not None:
                return lease
            left = None if deadline is None else (deadline - QUICK.foam_now_ns()) / 1e9
            if left is not None and left <= 0:
                return None
            self.node.wait(left)
        return None

    def __iter__(self) -> Iterator[Lease]:
        while True:
            lease = self.take()
            if lease is None:
                return
            try:
                yield lease
            finally:
                lease.close()
                del lease

    @property
    def spec(self) -> Optional[StreamSpec]:
        """What the stream carries; None while it is not there."""
        raw = native.Spec()
        return _spec(raw) if QUICK.foam_subscribed(self._live(), c.byref(raw)) == native.OK else None

    def wait_for_spec(self, timeout: Optional[float] = None) -> StreamSpec:
        """Waits until the stream is there, for a node whose own streams depend on it. Does not show the node's card."""
        deadline = None if timeout is None else QUICK.foam_now_ns() + _ns(timeout)
        while not self.node.stop:
            self.node.beat()
            if LIBRARY.foam_look(self._live()) == native.OK and self.spec is not None:
                return self.spec
            if deadline is not None and QUICK.foam_now_ns() >= deadline:
                break
            self.node.stop._event.wait(0.02)
        raise TimeoutError(f"the stream is not there: target={self.target}")

    @property
    def mapping(self) -> Tuple[int, int]:
        """Address and size of our mapping of the payload; (0, 0) if the stream is not there."""
        size = c.c_uint64()
        address = QUICK.foam_mapping(self._live(), c.byref(size))
        return (address or 0, size.value)

    @property
    def incarnation(self) -> int:
        """Of the writer whose stream is open; 0 if none is."""
        return QUICK.foam_subscribed_incarnation(self._live())

    @property
    def connected(self) -> bool:
        return self.incarnation != 0

    @property
    def missed(self) -> int:
        """Commits that went by unread, over all incarnations."""
        return QUICK.foam_missed(self._live())

    @property
    def behind(self) -> int:
        """Commits that came after the last one leased."""
        return QUICK.foam_behind(self._live())

    @property
    def torn(self) -> int:
        """Commits whose bytes did not have their checksum; they were not given out."""
        return QUICK.foam_torn(self._live())

    @property
    def copied_bytes(self) -> int:
        """Always 0: what is read is read where its writer put it."""
        return 0

    def _gpu(self) -> Any:
        raw = native.Gpu()
        if QUICK.foam_gpu_payload(self._live(), c.byref(raw)) != native.OK:
            return None
        handle = bytes(raw.ipc_handle)
        if self._cuda is None or self._cuda.handle != handle:
            from ._cuda import Arena

            self._cuda = Arena.open(handle, bytes(raw.uuid))
        return self._cuda

    def close(self) -> None:
        """Ends it; leases that are open stay until they end."""
        if self._handle is not None and self.node._handle is not None and not self.node._is_forked:
            LIBRARY.foam_unsubscribe(self._handle)
        self._handle = None

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Claim:
    """A slot that is ours to fill, in place. Leaving its ``with`` without :meth:`commit` gives it up."""

    def __init__(self, publication: "Publication", address: int) -> None:
        self._publication = publication
        self._address = address
        self._open = True

    def _require_open(self) -> None:
        if not self._open:
            raise ValueError(f"the claim is closed: stream={self._publication.spec.stream}")

    def buffer(self) -> memoryview:
        """The slot's bytes, of the size of the largest shape, to be written."""
        self._require_open()
        return memoryview((c.c_ubyte * self._publication._slot_bytes).from_address(self._address)).cast("B")

    @property
    def array(self) -> Any:
        """The slot as a numpy array of the largest shape, to be written; without numpy a memoryview of that shape."""
        spec = self._publication.spec
        code = native.DTYPES[spec.dtype]
        try:
            import numpy
        except ImportError:
            return _shaped(self.buffer(), code, spec.shape)
        return numpy.frombuffer(self.buffer(), _numpy_dtype(code)).reshape(spec.shape)

    def torch(self) -> Any:
        """The slot as a torch tensor, to be written."""
        import torch

        spec = self._publication.spec
        names = {"u1": "uint8", "i4": "int32", "i8": "int64", "f2": "float16", "bf16": "bfloat16", "f4": "float32", "f8": "float64"}
        return torch.frombuffer(self.buffer(), dtype=getattr(torch, names[spec.dtype])).reshape(spec.shape)

    def commit(self, frame: int, capture_ns: int, *, tag: int = 0, shape: Optional[Sequence[int]] = None) -> None:
        """Makes the slot the newest of its stream. A smaller shape may be given; its tensor begins at the slot's first byte."""
        self._require_open()
        handle = self._publication._live()
        if shape is not None:
            dims = (c.c_int64 * native.MAX_RANK)(*shape)
            check(QUICK.foam_shape(handle, len(shape), dims))
        if tag:
            check(QUICK.foam_tag(handle, tag))
        self._open = False
        check(LIBRARY.foam_commit(handle, frame, capture_ns))

    def abort(self) -> None:
        """Gives the slot up; nobody sees it. Twice is harmless."""
        if self._open:
            self._open = False
            if self._publication._handle is not None:
                QUICK.foam_abort(self._publication._live())

    def __enter__(self) -> "Claim":
        return self

    def __exit__(self, *error: object) -> None:
        self.abort()


class Publication:
    """A stream of the node's own."""

    def __init__(
        self,
        node: "Node",
        stream: str,
        shape: Union[int, Sequence[int]],
        dtype: Any,
        slots: Optional[int],
        max_readers: Optional[int],
        checksum: bool,
    ) -> None:
        dims = (shape,) if isinstance(shape, int) else tuple(shape)
        if len(dims) > native.MAX_RANK:
            raise ValueError(f"rank={len(dims)} of stream {stream}: at most {native.MAX_RANK}")
        raw = native.Spec(
            stream=stream.encode(),
            dtype=_dtype_code(dtype),
            rank=len(dims),
            shape=(c.c_int64 * native.MAX_RANK)(*dims),
            slots=slots or 0,
            max_readers=max_readers or 0,
            checksum=1 if checksum else 0,
        )
        handle = c.c_void_p()
        check(LIBRARY.foam_publish(node._live(), c.byref(raw), c.byref(handle)))
        self.node = node
        self._handle: Optional[int] = handle.value
        LIBRARY.foam_keep_addresses(self._handle)
        self.spec = _spec(LIBRARY.foam_published(self._handle).contents)
        self._slot_bytes = native.DTYPE_BYTES[native.DTYPES[self.spec.dtype]]
        for dim in self.spec.shape:
            self._slot_bytes *= dim

    def _live(self) -> int:
        self.node._live()
        if self._handle is None:
            raise ValueError(f"the node has left: stream={self.spec.stream}")
        return self._handle

    def claim(self) -> Claim:
        """Takes the next slot that nobody reads."""
        address = c.c_void_p()
        check(LIBRARY.foam_claim(self._live(), c.byref(address)))
        return Claim(self, address.value or 0)

    def write(self, values: Any, frame: int, capture_ns: int, *, tag: int = 0) -> None:
        """Claims, copies the values in, commits: for what was not computed in the slot."""
        with self.claim() as claim:
            shape = getattr(values, "shape", None)
            if shape is None:
                claim.buffer()[: len(memoryview(values).cast("B"))] = memoryview(values).cast("B")
                claim.commit(frame, capture_ns, tag=tag)
                return
            array = claim.array
            count = 1
            for dim in shape:
                count *= dim
            if len(shape) != array.ndim or any(dim > most for dim, most in zip(shape, array.shape)):
                raise ValueError(f"shape does not fit the stream: stream={self.spec.stream} shape={shape} maxShape={array.shape}")
            array.reshape(-1)[:count].reshape(shape)[...] = values
            claim.commit(frame, capture_ns, tag=tag, shape=shape)

    @property
    def sequence(self) -> int:
        """Of the newest commit, 0 before the first."""
        return QUICK.foam_published_sequence(self._live())


class Counter:
    """A number of the node's that everybody can read."""

    def __init__(self, node: "Node", handle: int) -> None:
        self._node = node
        self._handle = handle

    def add(self, more: int = 1) -> None:
        self._node._live()
        QUICK.foam_count(self._handle, more)

    def set(self, value: int) -> None:
        self._node._live()
        QUICK.foam_set(self._handle, value)

    @property
    def value(self) -> int:
        self._node._live()
        return QUICK.foam_value(self._handle)


class Gauge:
    """A number with a fraction; NaN until it is set."""

    def __init__(self, node: "Node", handle: int) -> None:
        self._node = node
        self._handle = handle

    def set(self, value: float) -> None:
        self._node._live()
        QUICK.foam_set_gauge(self._handle, value)


_NODES: "weakref.WeakSet[Node]" = weakref.WeakSet()


def _after_fork() -> None:
    for node in list(_NODES):
        node._forked()


os.register_at_fork(after_in_child=_after_fork)


class Node:
    """A node of a foam, as :func:`join` gives it. It belongs to one thread, but for ``stop``, ``beat``, counters and ``error``.

    Leaving its ``with`` is the clean goodbye; leaving it by an exception is recorded in the node's error log, and looks like a death.
    """

    def __init__(
        self, name: Optional[str], role: str, directory: Optional[str], attributes: Optional[Mapping[str, str]], signals: bool
    ) -> None:
        self._handle: Optional[int] = None
        self._is_forked = False
        self.stop = Stop()
        self._subscriptions: "weakref.WeakSet[Subscription]" = weakref.WeakSet()
        self._publications: List[Publication] = []
        self._signals: Dict[int, Any] = {}
        options = native.Options(
            directory=os.fsencode(directory) if directory is not None else None,
            name=name.encode() if name is not None else None,
            role=role.encode(),
            language=b"python",
        )
        handle = c.c_void_p()
        check(LIBRARY.foam_join(c.byref(options), c.byref(handle)))
        self._handle = handle.value
        self.name = name if name is not None else os.environ["FOAM_NAME"]
        self.role = role
        self.directory: str = os.fsdecode(LIBRARY.foam_directory(self._handle))
        self.incarnation: int = LIBRARY.foam_incarnation(self._handle)
        _NODES.add(self)
        try:
            for key, value in (attributes or {}).items():
                self.attribute(key, value)
        except BaseException:
            self.leave(cleanly=False)
            raise
        if signals and threading.current_thread() is threading.main_thread():
            self._listen()

    def _listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            self._signals[number] = signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: Any) -> None:
        """The first one asks the node to stop; a second Ctrl-C is the usual KeyboardInterrupt."""
        if self.stop and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.stop()

    def _live(self) -> int:
        if self._handle is None:
            raise ValueError("the node has left the foam" if not self._is_forked else "the node is another process's")
        return self._handle

    def _forked(self) -> None:
        if self._handle is not None:
            LIBRARY.foam_forked(self._handle)
        self._is_forked = True
        self._handle = None

    def subscribe(self, target: str, mode: str = "latest", behind: int = 0, leases: int = 2) -> Subscription:
        """Reads NODE/STREAM: "latest", "in-order" or "from-oldest", at least ``behind`` commits behind the newest one.

        ``leases`` of them may be open at one time; each takes a lane of the stream once it is needed. Two let a loop's variable look at
        the last tensor while the next one is leased.
        """
        subscription = Subscription(self, target, mode, behind, leases)
        self._subscriptions.add(subscription)
        return subscription

    def publish(
        self,
        stream: str,
        shape: Union[int, Sequence[int]],
        dtype: Any = "f4",
        slots: Optional[int] = None,
        *,
        max_readers: Optional[int] = None,
        checksum: bool = True,
    ) -> Publication:
        """Creates a stream that this node writes; before its first poll, claim or wait, which show its card."""
        publication = Publication(self, stream, shape, dtype, slots, max_readers, checksum)
        self._publications.append(publication)
        return publication

    def attribute(self, key: str, value: str) -> None:
        """Says something of the node in its card; before the start."""
        check(LIBRARY.foam_attribute(self._live(), key.encode(), value.encode()))

    def reads(self, target: str) -> None:
        """Says in the card what the node will read: NODE/STREAM, or ``*/STREAM`` of whichever peers it finds fit."""
        check(LIBRARY.foam_reads(self._live(), target.encode()))

    def start(self) -> None:
        """Shows the card. The first poll, claim or wait does it too."""
        check(LIBRARY.foam_start(self._live()))

    def turn(self) -> None:
        """One turn of the duty cycle, for a node that neither polls, claims nor waits for longer than two seconds."""
        check(LIBRARY.foam_turn(self._live()))

    def beat(self) -> None:
        """Only the heartbeat. From any thread."""
        QUICK.foam_beat(self._live())

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """While it lasts a thread beats for the node: it loads a model, or computes for seconds."""
        over = threading.Event()

        def keep_beating() -> None:
            while not over.wait(0.2):
                if self._handle is not None:
                    self.beat()

        thread = threading.Thread(target=keep_beating, name=f"foam-busy-{self.name}", daemon=True)
        self.beat()
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Sleeps until a stream has a commit that its last poll did not see; False after this many seconds, or at a signal."""
        deadline = None if timeout is None else QUICK.foam_now_ns() + _ns(timeout)
        while not self.stop:
            left = 500_000_000 if deadline is None else min(500_000_000, deadline - QUICK.foam_now_ns())
            status = LIBRARY.foam_wait(self._live(), max(0, left))
            if status == native.OK:
                return True
            if status != native.NONE:
                check(status)
            if deadline is not None and QUICK.foam_now_ns() >= deadline:
                return False
        return False

    def peers(self) -> List[Peer]:
        """All other nodes that ever joined."""
        count = LIBRARY.foam_peers(self._live(), None, 0)
        raw = (native.PeerFields * max(1, count + 8))()
        count = min(len(raw), LIBRARY.foam_peers(self._live(), raw, len(raw)))
        return sorted(self._peer(raw[i]) for i in range(count))

    def _peer(self, raw: native.PeerFields) -> Peer:
        card = None
        state = native.STATES[raw.state]
        if state in ("ALIVE", "STALLED"):
            text = c.c_void_p()
            if LIBRARY.foam_card(self._live(), raw.name, c.byref(text)) == native.OK:
                try:
                    card = json.loads(c.string_at(text.value or 0).decode())
                finally:
                    native.FREE(text)
        return Peer(
            raw.name.decode(),
            raw.role.decode("utf-8", "replace"),
            raw.device.decode("utf-8", "replace"),
            state,
            raw.incarnation,
            raw.pid,
            raw.heartbeat_age_ns / 1e9,
            card,
        )

    def counter(self, label: str) -> Counter:
        return Counter(self, LIBRARY.foam_counter_of(self._live(), label.encode()))

    def gauge(self, label: str) -> Gauge:
        return Gauge(self, LIBRARY.foam_gauge_of(self._live(), label.encode()))

    def error(self, error: Union[str, BaseException]) -> None:
        """Records an error in the node's error log: distinct ones once, with a count. From any thread."""
        text = error if isinstance(error, str) else "".join(traceback.format_exception(type(error), error, error.__traceback__)).strip()
        LIBRARY.foam_record(self._live(), text.encode("utf-8", "replace"))

    def leave(self, cleanly: bool = True) -> None:
        """Leaves the foam. Arrays that still look at leases keep their bytes, in a private copy. Twice is harmless."""
        for number, before in self._signals.items():
            with contextlib.suppress(ValueError, TypeError):  # not on the main thread, or not set from Python
                signal.signal(number, before)
        self._signals = {}
        handle, self._handle = self._handle, None
        if handle is not None:
            for publication in self._publications:
                publication._handle = None
            for subscription in self._subscriptions:
                subscription._handle = None
            LIBRARY.foam_leave(handle, cleanly)

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        failed = kind is not None and not issubclass(kind, (KeyboardInterrupt, GeneratorExit))
        if failed and issubclass(kind, SystemExit):
            failed = error.code not in (None, 0)
        if failed and self._handle is not None:
            self.error(error)
        self.leave(cleanly=not failed)

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.leave(cleanly=False)


def join(
    name: Optional[str] = None,
    role: str = "tool",
    dir: Optional[str] = None,
    *,
    attributes: Optional[Mapping[str, str]] = None,
    signals: bool = True,
) -> Node:
    """Joins a foam as a node.

    :param name: unique in the foam; $FOAM_NAME if it is not given, as ``./foam up --node`` sets it
    :param role: ``teacher``, ``student``, or a word of your own
    :param dir: directory of the foam; $FOAM_DIR, else /dev/shm/foam-UID
    :param attributes: what the card says of the node, such as a teacher's ``sensor`` and ``aligned``
    :param signals: on the main thread, SIGTERM, SIGINT and SIGHUP ask the node to stop instead of ending the process
    """
    return Node(name, role, dir, attributes, signals)


def now_ns() -> int:
    """CLOCK_MONOTONIC, which all times of a foam are of."""
    return QUICK.foam_now_ns()


def is_holdout(frame: int) -> bool:
    """Whether nobody may train on this frame: every third counter."""
    return (frame & ((1 << 40) - 1)) % 3 == 2


__all__ = ["Claim", "Counter", "FoamError", "Gauge", "Lease", "Node", "Peer", "Publication", "StreamSpec", "Subscription"]
