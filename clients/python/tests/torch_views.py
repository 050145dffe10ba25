"""What lease.torch() promises. Needs torch and an empty foam in FOAM_DIR; prints one line and ends with 0 if all holds."""

import gc
import os

import fluxfoam
import torch


def put(publication, frame, value):
    with publication.claim() as claim:
        claim.torch()[:] = torch.arange(value, value + 12).reshape(3, 4)
        claim.commit(frame, fluxfoam.now_ns())


def main():
    with fluxfoam.join("writer", signals=False) as writer, fluxfoam.join("reader", signals=False) as reader:
        streams = {dtype: writer.publish(dtype, (3, 4), dtype) for dtype in ("f4", "u1")}
        for dtype, kind in (("f4", torch.float32), ("u1", torch.uint8)):
            stream = streams[dtype]
            values = reader.subscribe(f"writer/{dtype}", "in-order")
            put(stream, 1, 5)
            lease = values.take(30)
            tensor = lease.torch()
            assert tensor.dtype == kind and torch.equal(tensor, torch.arange(5, 17, dtype=kind).reshape(3, 4)), tensor
            address = tensor.data_ptr()
            with open("/proc/self/maps") as maps:
                ranges = [line.split() for line in maps if f".{dtype}.payload" in line]
            assert any(int(r[0].split("-")[0], 16) <= address < int(r[0].split("-")[1], 16) for r in ranges), "a copy"
            part = tensor[1:, 2:]
            lease.close()
            del tensor, lease
            gc.collect()
            for frame in range(2, 60):  # more than there are slots
                put(stream, frame, 100)
            assert part.tolist() == [[11, 12], [15, 16]], part
            last = part
    assert last.tolist() == [[11, 12], [15, 16]], last  # looked at beyond the node's end
    left = [name for name in os.listdir(os.environ["FOAM_DIR"]) if not name.endswith((".mark", ".counters", "created"))]
    assert left == [], left
    print(f"all holds, torch={torch.__version__} implementation={fluxfoam.IMPLEMENTATION.split()[0]}")


if __name__ == "__main__":
    main()
