package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.cuda.StubCuda;
import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A region that is fused on a GPU is the one that is fused on the host. */
@ExtendWith(StubCuda.class)
class GpuFusionTest {
    private static final int TOKENS = 7;
    private static final int DIM = 12;
    private static final int MOMENTS = 1100;

    private final Arena memory = Arena.ofAuto();
    private final MomentArena moments = new MomentArena(ReplayMemory.in(memory), Scenery.SHAPE, 2);
    private final TeacherRegion onHost = region();
    private final TeacherRegion onGpu = region();
    private final Device device = Device.of("cuda:0");
    private final GpuFusion fusion = new GpuFusion(device);

    private TeacherRegion region() {
        return new RegionTable(ReplayMemory.in(memory), 2)
                .add(
                        "teacher",
                        TOKENS,
                        DIM,
                        new TargetSource(Alignment.NONE, ""),
                        Statistics.identity(DIM));
    }

    private boolean acceptOnGpu(
            Buffer tensor, Buffer staging, Moment moment, MemorySegment values) {
        staging.memory().segment().copyFrom(values);
        device.queue().copy(staging.memory(), tensor.memory(), values.byteSize());
        return fusion.accept(onGpu, moment, tensor.memory());
    }

    @Test
    void shouldFuseAsTheHostDoes() {
        long bytes = (long) TOKENS * DIM * Float.BYTES;
        try (Buffer tensor = device.allocate(bytes);
                Buffer staging = device.allocateHost(bytes)) {
            for (int row = 0; row < MOMENTS; row++) {
                MemorySegment values = Scenery.features(row, TOKENS * DIM, 3, 40);
                Moment moment = moments.open(1 + row, 0, 0);
                assertTrue(onHost.accept(moment, values));
                assertTrue(acceptOnGpu(tensor, staging, moment, values));
                for (int i = 0; i < TOKENS * DIM; i++) {
                    float expected =
                            onHost.targets().at(moment).getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    float actual = onGpu.targets().at(moment).getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    assertEquals(expected, actual, 1e-4, "row=" + row + " i=" + i);
                }
            }
            assertTrue(onGpu.standardizer().frozen());
            for (int d = 0; d < DIM; d++) {
                assertEquals(onHost.statistics().mean(d), onGpu.statistics().mean(d), 1e-9);
                assertEquals(onHost.statistics().scale(d), onGpu.statistics().scale(d), 1e-9);
            }
            assertEquals(MOMENTS, fusion.fusedTensors());
        }
    }

    @Test
    void shouldRefuseWhatTheHostRefuses() {
        long bytes = (long) TOKENS * DIM * Float.BYTES;
        try (Buffer tensor = device.allocate(bytes);
                Buffer staging = device.allocateHost(bytes)) {
            MemorySegment values = Scenery.features(1, TOKENS * DIM, 1, 0);
            values.setAtIndex(ValueLayout.JAVA_FLOAT, 5, Float.NaN);
            Moment moment = moments.open(1, 0, 0);
            assertFalse(acceptOnGpu(tensor, staging, moment, values));
            assertFalse(onGpu.targets().present(moment));
            assertEquals(0, onGpu.standardizer().rows());
            assertEquals(0, fusion.fusedTensors());
        }
    }
}
