"""A wire between two network namespaces, for kernels that have no netem: python3 wire.py NAMESPACE NAMESPACE.

Makes a device named wire0 in each, says "ready", and carries what comes out of the one into the other. Lines on standard input say how:
DELAY_MS LOSS_RATIO, where 1 loses everything. Ends with its input.
"""
import collections
import ctypes
import fcntl
import os
import random
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)  # os.setns came with Python 3.12


def device(namespace):
    with open("/run/netns/" + namespace) as handle:
        if LIBC.setns(handle.fileno(), CLONE_NEWNET) != 0:
            sys.exit("setns: errno=%d" % ctypes.get_errno())
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"wire0", IFF_TUN | IFF_NO_PI))
    return tun


ends = [device(name) for name in sys.argv[1:3]]
print("ready", flush=True)
delay, loss = 0.0, 0.0
under_way = collections.deque()
chance = random.Random(20261129)
while True:
    wait = 0.05
    if under_way:
        wait = max(0.0, under_way[0][0] - time.monotonic())
    for source in select.select(ends + [sys.stdin], [], [], wait)[0]:
        if source is sys.stdin:
            line = sys.stdin.readline().split()
            if not line:
                sys.exit(0)
            delay, loss = float(line[0]) / 1000, float(line[1])
            continue
        try:
            for _ in range(64):
                packet = os.read(source, 65536)
                if chance.random() >= loss:
                    under_way.append((time.monotonic() + delay, ends[source == ends[0]], packet))
        except BlockingIOError:
            pass
    while under_way and under_way[0][0] <= time.monotonic():
        _, target, packet = under_way.popleft()
        try:
            os.write(target, packet)
        except OSError:
            pass  # its device is down, or full: lost
