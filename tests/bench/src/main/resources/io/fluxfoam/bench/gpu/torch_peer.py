"""What a user of PyTorch would pick: a tensor from a producer's kernel to a consumer's kernel in another process.

usage: torch_peer.py DEVICE WARMUPS SAMPLES BYTES...
Prints one line of JSON for each way and size:
  {"transport", "wait", "payloadBytes", "aloneNs": [...], "latenciesNs": [...]}   or with "reason" instead of figures
torch-queue: torch.multiprocessing's Queue.  torch-ring: slots shared once, an interprocess event for each, words in shared memory.
The kernels fill and sum the first 4 KB; alone is both of them in one process.
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


def finish(result, number, touched):
    """Waits for the kernel, takes the time, then checks what it read."""
    torch.cuda.synchronize()
    now = time.monotonic_ns()
    if int(result.item()) != number * touched:
        raise RuntimeError("wrong tensor: number=%d" % number)
    return now


def alone(device, count, total):
    tensor = torch.zeros(count, dtype=torch.int32, device=device)
    touched = min(TOUCHED, count)
    figures = []
    for number in range(1, total + 1):
        start = time.monotonic_ns()
        produce(tensor, number)
        figures.append(finish(consume(tensor), number, touched) - start)
    return figures


def queue_consumer(device, tensors, times, count, total):
    touched = min(TOUCHED, count)
    torch.zeros(1, device=device)
    times.put(0)
    for number in range(1, total + 1):
        tensor, start = tensors.get(timeout=TIMEOUT_S)
        times.put(finish(consume(tensor), number, touched) - start)
        del tensor


def queue(device, count, total):
    context = mp.get_context("spawn")
    tensors, times = context.Queue(), context.Queue()
    process = context.Process(target=queue_consumer, args=(device, tensors, times, count, total), daemon=True)
    process.start()
    times.get(timeout=TIMEOUT_S)
    figures = []
    for number in range(1, total + 1):
        start = time.monotonic_ns()
        tensor = torch.empty(count, dtype=torch.int32, device=device)
        produce(tensor, number)
        tensors.put((tensor, start))
        figures.append(times.get(timeout=TIMEOUT_S))
        del tensor
    process.join(TIMEOUT_S)
    return figures


def spin_until(words, index, number):
    deadline = time.monotonic() + TIMEOUT_S
    while int(words[index]) < number:
        if time.monotonic() > deadline:
            raise RuntimeError("the other process does not go on: number=%d" % number)


def ring_consumer(device, tensors, handles, words, times, count, total):
    touched = min(TOUCHED, count)
    events = [torch.cuda.Event.from_ipc_handle(torch.device(device), handle) for handle in handles]
    for tensor in tensors:
        consume(tensor).item()
    times.put(0)
    figures = []
    for number in range(1, total + 1):
        spin_until(words, 0, number)
        events[number % SLOTS].wait()
        figures.append(finish(consume(tensors[number % SLOTS]), number, touched) - int(words[1]))
        words[2] = number
    times.put(figures)


def ring(device, count, total):
    context = mp.get_context("spawn")
    times = context.Queue()
    tensors = [torch.zeros(count, dtype=torch.int32, device=device) for _ in range(SLOTS)]
    events = [torch.cuda.Event(interprocess=True) for _ in range(SLOTS)]
    for event in events:
        event.record()
    words = torch.zeros(3, dtype=torch.int64).share_memory_()  # newest number, when it began, newest that was read
    handles = [event.ipc_handle() for event in events]
    arguments = (device, tensors, handles, words, times, count, total)
    process = context.Process(target=ring_consumer, args=arguments, daemon=True)
    process.start()
    times.get(timeout=TIMEOUT_S)
    for number in range(1, total + 1):
        words[1] = time.monotonic_ns()
        produce(tensors[number % SLOTS], number)
        events[number % SLOTS].record()
        words[0] = number
        spin_until(words, 2, number)
    figures = times.get(timeout=TIMEOUT_S)
    process.join(TIMEOUT_S)
    return figures


def main():
    device = "cuda:" + sys.argv[1]
    warmups, samples = int(sys.argv[2]), int(sys.argv[3])
    torch.cuda.set_device(device)
    for size in map(int, sys.argv[4:]):
        for name, way in (("torch-queue", queue), ("torch-ring", ring)):
            row = {"transport": name, "wait": "poll" if way is queue else "gpu", "payloadBytes": size}
            try:
                row["aloneNs"] = alone(device, size // 4, warmups + samples)[warmups:]
                row["latenciesNs"] = way(device, size // 4, warmups + samples)[warmups:]
            except Exception as error:  # one way that fails leaves the others their rows
                row = {"transport": name, "wait": row["wait"], "payloadBytes": size, "reason": repr(error)}
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
