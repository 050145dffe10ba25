"""The reader of a pair of ``./foam bench ipc --transports foam-python``: as clients/c/test/bench.c is one in C.

    bench.py DIRECTORY SPIN|BLOCKING
"""

import mmap
import struct
import sys
import time

import fluxfoam

WRITER_ROUTE, READER_ROUTE, READ, PING, PONG, FAILED = 0, 16, 32, 48, 64, 80
ROUND_TRIPS = 15 * 100
HEAD = struct.Struct("<qqq")
TAIL = struct.Struct("<q")
MASK = (1 << 64) - 1


class Reader:
    def __init__(self, directory: str, waits: bool) -> None:
        self.directory = directory
        self.waits = waits
        self.pings = 0
        with open(f"{directory}/rendezvous", "r+b") as file:
            self.words = memoryview(mmap.mmap(file.fileno(), 4096)).cast("q")

    def answer_pings(self) -> None:
        words = self.words
        for _ in range(ROUND_TRIPS):
            self.pings += 1
            while words[PING] != self.pings:
                pass
            words[PONG] = self.pings

    def run(self, route: int, phase: str, pattern: str, warmups: int) -> str:
        deadline = time.monotonic() + 20
        while self.words[WRITER_ROUTE] != route:
            if self.words[FAILED] == route or time.monotonic() > deadline:
                raise TimeoutError("the other process did not open its end")
            time.sleep(5e-5)
        is_latency = phase == "LATENCY"
        with fluxfoam.join("reader", role="bench", dir=f"{self.directory}/{route}/foam", signals=False) as node:
            mode = "latest" if is_latency else "from-oldest"
            with node.subscribe("writer/bench", mode, leases=1) as subscription:
                subscription.wait_for_spec(20)
                node.start()
                self.words[READER_ROUTE] = route
                return self.read(node, subscription, is_latency, pattern == "ALL", warmups)

    def read(self, node: fluxfoam.Node, subscription: fluxfoam.Subscription, is_latency: bool, reads_all: bool, warmups: int) -> str:
        now, words, latencies = time.monotonic_ns, self.words, []
        count = first = last = wrong = 0
        is_last = False
        while not is_last:
            lease = subscription.poll()
            if lease is None:
                if self.waits:
                    node.wait(0.01)
                continue
            payload = lease.buffer()
            sent, sequence, is_last = HEAD.unpack_from(payload)
            is_whole = TAIL.unpack_from(payload, len(payload) - 8)[0] == sequence
            if reads_all:
                body_words = (len(payload) - 32) // 8
                wanted = (sent + 2 * sequence + is_last + body_words * ((sequence & 0xFF) * 0x0101010101010101)) & MASK
                is_whole &= total(payload) == wanted
            at = now()
            wrong += not is_whole
            count += 1
            if count <= warmups:
                first = at
            elif is_latency:
                latencies.append(at - sent)
            last = at
            words[READ] = sequence
            del payload
            lease.close()
        if wrong or subscription.missed:
            raise RuntimeError("messages with wrong bytes, or lost ones")
        return " ".join(map(str, latencies)) if is_latency else f"{count - warmups} {last - first}"


def total(payload: memoryview) -> int:
    try:
        import numpy
    except ImportError:
        return sum(payload.cast("Q")) & MASK
    return int(numpy.frombuffer(payload, "<u8").sum(dtype="u8"))


def main() -> None:
    reader = Reader(sys.argv[1], sys.argv[2] == "BLOCKING")
    print("@ready", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "limits":
            reader.answer_pings()
            print("@ok ", flush=True)
            continue
        try:
            result = reader.run(int(words[1]), words[2], words[3], int(words[5]))
            print(f"@ok {result}", flush=True)
        except Exception as error:  # one line for the bench, whatever it is
            reader.words[FAILED] = int(words[1])
            print(f"@failed {type(error).__name__}: {error}".splitlines()[0], flush=True)


if __name__ == "__main__":
    main()
