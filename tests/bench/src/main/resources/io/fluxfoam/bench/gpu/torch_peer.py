"""What a user of PyTorch would pick: a tensor from a producer's kernel to a consumer's kernel in another process.

usage: torch_peer.py DEVICE queue|ring BYTES
Each line "WARMUPS SAMPLES" on its input is one repetition. Its replies, "@ok {}" first, when the consumer is there:
  @ok {"aloneNs": [...], "latenciesNs": [...]}   or   @failed REASON
queue: torch.multiprocessing's Queue.  ring: slots shared once, an interprocess event for each, words in shared memory.
The kernels fill and sum the first 4 KB; alone is both of them in one process. Ends with its input; the consumer with its pipe.
"""
import json
import sys
import time

import torch
import torch.multiprocessing as mp

SLOTS = 4
TOUCHED = 1024
TIMEOUT_S = 60


def produce(tensor, number):
    tensor[:TOUCHED].fill_(number)


def consume(tensor):
    """Begins the consumer's kernel; its result says later what it has read."""
    return tensor[:TOUCHED].sum()


def finish(result, number, count):
    """Waits for the kernel, takes the time, then checks what it read."""
    torch.cuda.synchronize()
    now = time.monotonic_ns()
    if int(result.item()) != number * min(TOUCHED, count):
        raise RuntimeError("wrong tensor: number=%d" % number)
    return now


def alone(tensor, total):
    figures = []
    for number in range(1, total + 1):
        start = time.monotonic_ns()
        produce(tensor, number)
        figures.append(finish(consume(tensor), number, len(tensor)) - start)
    return figures


def orders(pipe):
    """How many messages come next, until the producer is gone."""
    try:
        while True:
            yield pipe.recv()
    except EOFError:
        pass


def queue_consumer(device, pipe, tensors, count):
    torch.zeros(1, device=device)
    pipe.send(0)
    for total in orders(pipe):
        for number in range(1, total + 1):
            tensor, start = tensors.get(timeout=TIMEOUT_S)
            pipe.send(finish(consume(tensor), number, count) - start)
            del tensor


class Queue:
    def __init__(self, device, count):
        self.device, self.count = device, count
        context = mp.get_context("spawn")
        self.tensors = context.Queue()
        self.pipe = start(context, queue_consumer, device, self.tensors, count)

    def measure(self, total):
        self.pipe.send(total)
        figures = []
        for number in range(1, total + 1):
            begin = time.monotonic_ns()
            tensor = torch.empty(self.count, dtype=torch.int32, device=self.device)
            produce(tensor, number)
            self.tensors.put((tensor, begin))
            figures.append(receive(self.pipe))
            del tensor
        return figures


def spin_until(words, index, number):
    deadline = time.monotonic() + TIMEOUT_S
    while int(words[index]) < number:
        if time.monotonic() > deadline:
            raise RuntimeError("the other process does not go on: number=%d" % number)


def ring_consumer(device, pipe, tensors, handles, words):
    events = [torch.cuda.Event.from_ipc_handle(torch.device(device), handle) for handle in handles]
    for tensor in tensors:
        consume(tensor).item()
    pipe.send(0)
    last = 0
    for total in orders(pipe):
        figures = []
        for number in range(last + 1, last + total + 1):
            spin_until(words, 0, number)
            events[number % SLOTS].wait()
            result = consume(tensors[number % SLOTS])
            figures.append(finish(result, number, len(tensors[0])) - int(words[1]))
            words[2] = number
        last += total
        pipe.send(figures)


class Ring:
    def __init__(self, device, count):
        context = mp.get_context("spawn")
        self.tensors = [torch.zeros(count, dtype=torch.int32, device=device) for _ in range(SLOTS)]
        self.events = [torch.cuda.Event(interprocess=True) for _ in range(SLOTS)]
        for event in self.events:
            event.record()
        self.words = torch.zeros(3, dtype=torch.int64).share_memory_()  # newest number, when it began, newest that was read
        self.last = 0
        handles = [event.ipc_handle() for event in self.events]
        self.pipe = start(context, ring_consumer, device, self.tensors, handles, self.words)

    def measure(self, total):
        self.pipe.send(total)
        for number in range(self.last + 1, self.last + total + 1):
            self.words[1] = time.monotonic_ns()
            produce(self.tensors[number % SLOTS], number)
            self.events[number % SLOTS].record()
            self.words[0] = number
            spin_until(self.words, 2, number)
        self.last += total
        return receive(self.pipe)


def receive(pipe):
    if not pipe.poll(TIMEOUT_S):
        raise RuntimeError("the consumer says nothing")
    return pipe.recv()


def start(context, consumer, device, *arguments):
    """Starts the consumer and waits until it is ready; returns our end of the pipe to it."""
    ours, theirs = context.Pipe()
    context.Process(target=consumer, args=(device, theirs, *arguments), daemon=True).start()
    theirs.close()
    receive(ours)
    return ours


def reply(make):
    try:
        print("@ok " + json.dumps(make()), flush=True)
    except Exception as error:
        print("@failed " + repr(error), flush=True)


def main():
    device, way, count = "cuda:" + sys.argv[1], sys.argv[2], int(sys.argv[3]) // 4
    peers = []

    def begin():
        torch.cuda.set_device(device)
        peers.append((Queue if way == "queue" else Ring)(device, count))
        return {}

    def measure(warmups, samples):
        tensor = torch.zeros(count, dtype=torch.int32, device=device)
        return {
            "aloneNs": alone(tensor, warmups + samples)[warmups:],
            "latenciesNs": peers[0].measure(warmups + samples)[warmups:],
        }

    reply(begin)
    for line in sys.stdin:
        warmups, samples = map(int, line.split())
        reply(lambda: measure(warmups, samples))


if __name__ == "__main__":
    main()
