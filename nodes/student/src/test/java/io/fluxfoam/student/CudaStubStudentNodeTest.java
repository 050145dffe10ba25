package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.cuda.StubCuda;

import org.junit.jupiter.api.extension.ExtendWith;

/** The same with all streams in a GPU's memory, on the stub driver: teachers are fused there. */
@ExtendWith(StubCuda.class)
class CudaStubStudentNodeTest extends StudentNodeTest {
    @Override
    String device() {
        return "cuda:0";
    }

    @Override
    void checkCopies() {
        assertTrue(counter("fusedOnGpu") > 20);
        assertTrue(counter("copiedBytes") > 0);
        assertEquals(0, counter("read.teacher-vision/features.copiedBytes"), "no tensor comes raw");
    }
}
