"""What docs/CLIENTS.md promises of views and lifetimes. Needs an empty foam in FOAM_DIR; prints one line and ends with 0 if all holds.

With BIG_MB its slots have that many megabytes.
"""

import gc
import os
import sys

import fluxfoam

try:
    import numpy as np
except ImportError:
    np = None

IS_PURE = fluxfoam.IMPLEMENTATION.startswith("ctypes")


def raises(kind, call):
    try:
        call()
    except kind as error:
        assert str(error) and "\n" not in str(error), error
        return
    raise AssertionError(f"no {kind.__name__}")


def put(publication, frame, value):
    with publication.claim() as claim:
        memory = claim.buffer().cast("f")
        for i in range(len(memory)):
            memory[i] = value + i
        claim.commit(frame, fluxfoam.now_ns(), tag=7)


def anon_kb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))


def check_lease(writer, reader):
    got = reader.subscribe("w/x")
    assert not got.connected and got.poll() is None and got.spec is None
    stream = writer.publish("x", (3, 4), "f4")
    put(stream, 41, 1.0)
    lease = got.take(10)
    assert (lease.frame, lease.tag, lease.shape, lease.dtype, lease.nbytes) == (41, 7, (3, 4), "f4", 48)
    assert got.spec.shape == (3, 4) and got.connected and got.copied_bytes == 0
    memory = lease.memory()
    assert memory.readonly and memory.shape == (3, 4) and memory[2, 3] == 12.0
    base, size = got.mapping
    assert base <= lease._address() < base + size
    lease.close()
    lease.close()
    raises(ValueError, lease.memory)
    raises(ValueError, lambda: lease.__dlpack__(max_version=(1, 0)))
    row = memory.cast("B")[4:8]  # a slice of a view is enough to keep it all
    del memory
    for i in range(100):
        put(stream, i, float(i))
        with got.poll() as later:
            assert later.memory()[0, 0] == i
    assert row.cast("f")[0] == 2.0
    other = got.poll()
    put(stream, 1, 5.0)
    other = got.poll()
    put(stream, 1, 5.0)
    raises(fluxfoam.TooManyLeases, got.poll)
    del row
    gc.collect()
    third = got.poll()
    assert third is not None
    other.close()
    third.close()
    return stream, got


def check_numpy(stream, got):
    put(stream, 50, 3.0)
    with got.take(10) as lease:
        array = lease.numpy()
        base, size = got.mapping
        assert base <= array.__array_interface__["data"][0] < base + size
        assert not array.flags.writeable and array[2, 3] == 14.0
        if not IS_PURE:
            if tuple(int(n) for n in np.__version__.split(".")[:2]) >= (2, 1):
                shared = np.from_dlpack(lease)
                assert not shared.flags.writeable and np.shares_memory(shared, array)
            lease.__dlpack__(max_version=(1, 0))  # nobody takes it: it ends by itself
        raises(BufferError, lease.__dlpack__)
        raises(BufferError, lambda: lease.__dlpack__(max_version=(1, 0), copy=True))
        if sys.version_info >= (3, 12):
            assert memoryview(lease).nbytes == 48
    column = array[:, 1]
    shared = array = None
    for i in range(100):
        put(stream, i, float(i))
        got.poll().close()
    assert column.tolist() == [4.0, 8.0, 12.0]
    with stream.claim() as claim:
        claim.array[...] = 9
    raises(ValueError, lambda: claim.array)
    before = stream.sequence
    stream.write(np.full((2, 4), 8, "f4"), 51, 1)
    assert stream.sequence == before + 1
    column = None
    with got.poll() as lease:
        assert lease.shape == (2, 4) and lease.numpy().sum() == 64
    raises(ValueError, lambda: stream.write(np.zeros((4, 4), "f4"), 1, 1))


def check_big(writer_name, megabytes):
    with fluxfoam.join(writer_name, signals=False) as writer, fluxfoam.join("big-reader", signals=False) as reader:
        stream = writer.publish("big", megabytes << 20, "u1", 3, max_readers=1)
        with stream.claim() as claim:
            claim.commit(1, 1)
        before = anon_kb()
        got = reader.subscribe(f"{writer_name}/big", leases=1)
        with got.take(60) as lease:
            view = lease.buffer()
            assert view.nbytes == megabytes << 20 and got.copied_bytes == 0
            assert anon_kb() - before < 8_000, anon_kb() - before
            del view


def check_errors():
    raises(ValueError, lambda: fluxfoam.join("../x"))
    raises(fluxfoam.FoamError, lambda: fluxfoam.join("x", dir="/nonexistent/foam"))
    with fluxfoam.join("one", signals=False) as one:
        raises(fluxfoam.NameTaken, lambda: fluxfoam.join("one"))
        raises(ValueError, lambda: one.subscribe("nonsense"))
        raises(ValueError, lambda: one.subscribe("a/b", mode="newest"))
        raises(ValueError, lambda: one.publish("x", (1,), "complex64"))
        raises(ValueError, lambda: one.publish("x", (0,), "f4"))
        raises(ValueError, lambda: one.attribute("reads", "x"))
        one.counter("n").add(2)
        one.gauge("g").set(0.5)
        assert one.counter("n").value == 2
        one.start()
        raises(ValueError, lambda: one.publish("late", (1,), "f4"))
    raises(ValueError, one.beat)


def check_fork(reader, got, stream):
    put(stream, 60, 1.0)
    lease = got.take(10)
    view = lease.memory()
    child = os.fork()
    if child == 0:
        ok = view[0, 0] == 1.0
        try:
            reader.beat()
            ok = False
        except ValueError:
            pass
        os._exit(0 if ok else 1)
    assert os.waitpid(child, 0)[1] == 0
    lease.close()


def main():
    check_errors()
    writer = fluxfoam.join("w", role="teacher", attributes={"aligned": "none"}, signals=False)
    reader = fluxfoam.join("r", signals=False)
    stream, got = check_lease(writer, reader)
    if np is not None:
        check_numpy(stream, got)
    check_fork(reader, got, stream)
    peer = next(peer for peer in reader.peers() if peer.name == "w")
    assert (peer.state, peer.role, peer.attributes) == ("ALIVE", "teacher", {"language": "python", "aligned": "none"}), peer
    assert peer.streams["x"]["maxShape"] == [3, 4]
    put(stream, 70, 1.0)
    kept = got.take(10).memory()
    claim = stream.claim()
    slot = claim.buffer()
    reader.leave()
    writer.leave()
    slot[0] = 1  # of no use to anybody any more, and no crash
    assert kept[2, 3] == 12.0
    raises(ValueError, got.poll)
    raises(ValueError, stream.claim)
    check_big("big", int(os.environ.get("BIG_MB", "24")))
    left = [name for name in os.listdir(os.environ["FOAM_DIR"]) if not name.endswith((".mark", ".counters", "created"))]
    assert left == [], left
    print(f"all holds, numpy={np.__version__ if np else None} implementation={'ctypes' if IS_PURE else 'C'}")


if __name__ == "__main__":
    main()
