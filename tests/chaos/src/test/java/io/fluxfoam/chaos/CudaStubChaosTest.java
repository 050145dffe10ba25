package io.fluxfoam.chaos;

import io.fluxfoam.device.cuda.StubCuda;

import org.junit.jupiter.api.extension.ExtendWith;

/** Kills in a foam of two devices, one of which is the stub driver's. */
@ExtendWith(StubCuda.class)
class CudaStubChaosTest extends GpuChaosContract {}
