package io.fluxfoam.student;

import org.junit.jupiter.api.Tag;

/** The student among nodes on a GPU. */
@Tag("gpu")
class CudaGpuStudentNodeTest extends GpuStudentNodeContract {}
