package io.fluxfoam.chaos;

import org.junit.jupiter.api.Tag;

/** Kills in a foam of two devices, one of which is a GPU. */
@Tag("gpu")
class CudaGpuChaosTest extends GpuChaosContract {}
