"""A node of the tests in Python, as clients/c/test/torture.c is one in C: same arguments, same tensors, same line of figures.

torture.py write STREAM MAX_WORDS SLOTS READERS COMMITS PACE_US CHECKED
torture.py read NODE/STREAM latest|in-order|from-oldest BEHIND READS
"""

import random
import struct
import sys
import time

import fluxfoam

MIX = 0x9E3779B97F4A7C15
ALL = (1 << 64) - 1

try:
    import numpy as np
except ImportError:
    np = None


def content(sequence: int, words: int):
    if np is not None:
        return (np.uint64(sequence * MIX & ALL) + np.arange(0, 8 * words, 8, dtype=np.uint64)).view(np.int64)
    return struct.pack(f"<{words}Q", *((sequence * MIX + 8 * i) & ALL for i in range(words)))


def is_whole(lease: fluxfoam.Lease) -> bool:
    words = lease.shape[0]
    expected = content(lease.sequence, words)
    same = bool((lease.numpy() == expected).all()) if np is not None else lease.buffer() == expected
    return same and lease.frame == lease.sequence


def write(node: fluxfoam.Node, stream: str, most: str, slots: str, readers: str, commits: str, pace_us: str, checked: str) -> None:
    publication = node.publish(stream, int(most), "i8", int(slots), max_readers=int(readers), checksum=checked == "true")
    while not node.stop and (int(commits) == 0 or publication.sequence < int(commits)):
        sequence = publication.sequence + 1
        words = random.randint(1, int(most))
        with publication.claim() as claim:
            if random.random() < 1 / 16:
                continue
            if np is not None:
                claim.array[:words] = content(sequence, words)
            else:
                claim.buffer()[: 8 * words] = content(sequence, words)
            claim.commit(sequence, fluxfoam.now_ns(), shape=(words,))
        if int(pace_us):
            time.sleep(int(pace_us) / 1e6)
    print(f"commits={publication.sequence}")


def read(node: fluxfoam.Node, target: str, mode: str, behind: str, reads: str) -> None:
    count = torn = back = last = incarnation = 0
    with node.subscribe(target, mode, behind=int(behind)) as subscription:
        for lease in subscription:
            back += lease.incarnation == incarnation and lease.sequence <= last
            last, incarnation = lease.sequence, lease.incarnation
            torn += not is_whole(lease)
            if random.random() < 1 / 1000:
                time.sleep(0.001)  # so that the writer laps us
                torn += not is_whole(lease)
            count += 1
            if count == int(reads):
                break
        print(f"reads={count} torn={torn + subscription.torn} back={back} missed={subscription.missed}")


if __name__ == "__main__":
    with fluxfoam.join(role="toy") as joined:
        {"write": write, "read": read}[sys.argv[1]](joined, *sys.argv[2:])
