package io.fluxfoam.student;

import io.fluxfoam.device.cuda.StubCuda;

import org.junit.jupiter.api.extension.ExtendWith;

/** The student among nodes on the stub driver. */
@ExtendWith(StubCuda.class)
class CudaStubStudentNodeTest extends GpuStudentNodeContract {}
