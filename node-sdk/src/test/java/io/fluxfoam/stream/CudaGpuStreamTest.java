package io.fluxfoam.stream;

import org.junit.jupiter.api.Tag;

/** Streams on a GPU. */
@Tag("gpu")
class CudaGpuStreamTest extends CudaStreamContract {}
