package io.fluxfoam.stream;

import io.fluxfoam.device.cuda.StubCuda;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams on the stub driver's device. */
@ExtendWith(StubCuda.class)
class CudaStubStreamTest extends CudaStreamContract {}
