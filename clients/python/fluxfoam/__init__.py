"""Join a foam from Python: read tensors of other processes in place, publish your own.

    import fluxfoam

    with fluxfoam.join("looker") as node, node.subscribe("teacher-vision/features") as features:
        for lease in features:
            x = lease.numpy()

See docs/CLIENTS.md for lifetimes, memory order and what is not promised.
"""

from ._moments import Moment, moments
from ._native import IMPLEMENTATION, FoamError, MarkGone, NameTaken, TooManyLeases
from ._node import (
    Claim,
    Counter,
    Gauge,
    Lease,
    Node,
    Peer,
    Publication,
    StreamSpec,
    Subscription,
    is_holdout,
    join,
    now_ns,
)

__all__ = [
    "Claim",
    "Counter",
    "FoamError",
    "Gauge",
    "IMPLEMENTATION",
    "Lease",
    "MarkGone",
    "Moment",
    "NameTaken",
    "Node",
    "Peer",
    "Publication",
    "StreamSpec",
    "Subscription",
    "TooManyLeases",
    "is_holdout",
    "join",
    "moments",
    "now_ns",
]
