package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The student's life with all streams in a GPU's memory, where its teachers' tensors are fused. */
abstract class GpuStudentNodeContract extends StudentNodeTest {
    @Override
    String device() {
        return "cuda:0";
    }

    @Override
    void checkCopies() throws InterruptedException {
        await("tensors are fused", () -> counter("fusedOnGpu") > 20);
        assertTrue(counter("copiedBytes") > 0);
        assertEquals(0, counter("read.teacher-vision/features.copiedBytes"), "no tensor comes raw");
    }
}
