"""Reads tensors that are in a GPU's memory: FOAM_CUDA_LIBRARY names the driver, else NVIDIA's. Argument: NODE/STREAM of f32 [4, 8].

The writer fills each tensor with its frame's number; brought to the host, the bytes must be those.
"""

import ctypes as c
import sys

import fluxfoam
from fluxfoam._cuda import Arena


def main() -> None:
    host = (c.c_float * 32)()
    with fluxfoam.join(role="toy") as node, node.subscribe(sys.argv[1], "in-order") as tensors:
        count = 0
        for lease in tensors:
            facts = lease.__cuda_array_interface__
            assert facts["shape"] == (4, 8) and facts["typestr"] == "<f4" and facts["data"][1] is True, facts
            assert lease.__dlpack_device__() == (2, 0), lease.__dlpack_device__()
            try:
                lease.numpy()
                raise AssertionError("a numpy array of a GPU's memory")
            except TypeError as error:
                assert "GPU" in str(error)
            lease.__dlpack__(max_version=(1, 0))  # nobody takes it: it ends by itself
            stream = c.c_void_p()
            Arena._call("cuStreamCreate", c.byref(stream), c.c_uint(1))
            Arena._call("cuMemcpyDtoHAsync_v2", host, c.c_uint64(facts["data"][0]), c.c_size_t(128), stream)
            Arena._call("cuStreamSynchronize", stream)
            Arena._call("cuStreamDestroy_v2", stream)
            assert set(host) == {float(lease.frame)}, (lease.frame, set(host))
            count += 1
            if count == 20:
                break
        print(f"reads={count} torn={tensors.torn} device={tensors.spec.device}")


if __name__ == "__main__":
    main()
