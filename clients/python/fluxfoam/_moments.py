"""Frames with all that several nodes say of them, joined by number."""

from __future__ import annotations

import collections
import contextlib
import fnmatch
import os
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from ._native import FoamError
from ._node import Node, Subscription, join


class Moment(NamedTuple):
    """A frame, and who spoke of it.

    ``arrays`` are by target, ``NODE/STREAM``, the caller's own copies: a moment is whole long after its first slot was taken again.
    ``mask`` says for each of ``targets``, all that were ever seen, whether it is there.
    """

    frame: int
    capture_ns: int
    arrays: Dict[str, Any]
    targets: Tuple[str, ...]
    mask: Tuple[bool, ...]


class _Stream:
    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.newest = -1


class _Joiner:
    def __init__(self, node: Node, anchor: str, patterns: Tuple[str, ...], window: int) -> None:
        self.node = node
        self.sensor = anchor.split("/")[0]
        self.patterns = patterns
        self.window = window
        self.anchor = node.subscribe(anchor, "in-order")
        for pattern in patterns:
            with contextlib.suppress(ValueError):  # the node has started, or it is a pattern that a card has no word for
                node.reads(pattern if "*" not in pattern else f"*/{pattern.split('/')[1]}")
        self.streams: Dict[str, _Stream] = {}
        self.targets: List[str] = []
        self.pending: "collections.OrderedDict[int, Tuple[int, Dict[str, Any]]]" = collections.OrderedDict()
        self.next_look_ns = 0

    def look(self, now_ns: int) -> None:
        """Subscribes to what fits and is new; who leaves keeps his subscription, and is no longer waited for."""
        if now_ns < self.next_look_ns:
            return
        self.next_look_ns = now_ns + 500_000_000
        for peer in self.node.peers():
            if peer.card is None or peer.attributes.get("sensor", self.sensor) not in ("", self.sensor):
                continue
            for stream in peer.streams:
                target = f"{peer.name}/{stream}"
                if target not in self.streams and any(fnmatch.fnmatchcase(target, pattern) for pattern in self.patterns):
                    self.streams[target] = _Stream(self.node.subscribe(target, "in-order"))
                    self.targets.append(target)

    def read(self) -> bool:
        """Takes in what is there; whether there was anything."""
        any_new = False
        while True:
            with_lease = self.anchor.poll()
            if with_lease is None:
                break
            with with_lease as lease:
                self.pending[lease.frame] = (lease.capture_ns, {self.anchor.target: lease.numpy().copy()})
            any_new = True
            if len(self.pending) > self.window:
                break
        for target, stream in self.streams.items():
            for _ in range(self.window):
                one = stream.subscription.poll()
                if one is None:
                    break
                with one as lease:
                    any_new = True
                    stream.newest = max(stream.newest, lease.frame)
                    if lease.frame in self.pending:
                        self.pending[lease.frame][1][target] = lease.numpy().copy()
        return any_new

    def is_waited_for(self, frame: int, arrays: Dict[str, Any]) -> bool:
        """Whether a stream whose writer lives may still come to this frame."""
        return any(
            target not in arrays and stream.newest < frame and stream.subscription.connected for target, stream in self.streams.items()
        )

    def ready(self) -> Iterator[Moment]:
        while self.pending:
            frame, (capture_ns, arrays) = next(iter(self.pending.items()))
            if len(self.pending) <= self.window and self.is_waited_for(frame, arrays):
                return
            del self.pending[frame]
            targets = tuple(self.targets)
            yield Moment(frame, capture_ns, arrays, targets, tuple(target in arrays for target in targets))


def moments(
    anchor: str,
    *patterns: str,
    node: Optional[Node] = None,
    name: Optional[str] = None,
    dir: Optional[str] = None,
    window: int = 64,
    timeout: Optional[float] = None,
) -> Iterator[Moment]:
    """Yields each frame of the anchor's stream with what the streams that match the patterns say of it.

    ``moments("sensor/picture", "teacher-*/features")``: teachers may come and go; a frame is yielded once every stream whose writer lives
    has spoken of it or passed it over, or when ``window`` younger ones wait behind it. Ends when the node is asked to stop, or after
    ``timeout`` seconds without a frame. Without a node of yours it joins as one of its own, and leaves at its end.
    """
    if node is None:
        with join(name or f"moments-{os.getpid()}", dir=dir) as own:
            yield from moments(anchor, *patterns, node=own, window=window, timeout=timeout)
        return
    for pattern in patterns:
        if pattern.count("/") != 1:
            raise FoamError(2, f"wanted NODE/STREAM, with * for any: pattern={pattern}")
    from ._node import now_ns

    joiner = _Joiner(node, anchor, patterns, window)
    last_ns = now_ns()
    while not node.stop:
        joiner.look(now_ns())
        if joiner.read():
            last_ns = now_ns()
        elif timeout is not None and now_ns() - last_ns > timeout * 1e9:
            return
        else:
            node.wait(0.1)
        yield from joiner.ready()
