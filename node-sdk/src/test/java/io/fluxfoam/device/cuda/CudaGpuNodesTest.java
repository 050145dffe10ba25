package io.fluxfoam.device.cuda;

import org.junit.jupiter.api.Tag;

/** Nodes on a GPU. Its driver shows no process's mappings, so the node is asked. */
@Tag("gpu")
class CudaGpuNodesTest extends GpuNodesContract {
    @Override
    boolean hasForeignMemory(long pid, boolean byItself) {
        return byItself;
    }
}
