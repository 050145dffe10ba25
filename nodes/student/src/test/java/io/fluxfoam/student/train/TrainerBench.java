package io.fluxfoam.student.train;

import com.sun.management.OperatingSystemMXBean;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.OneRow;
import io.fluxfoam.student.net.StudentNet;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What a step, a prediction and a checkpoint cost at the packaged sizes, on made-up moments. Prints
 * figures and asserts none of them. Run with {@code -Dgroups=slow -DexcludedGroups=
 * -Dtest=TrainerBench}.
 */
@Tag("slow")
class TrainerBench {
    private static final int BATCH = 16;
    private static final int STEPS = 150;

    private final OperatingSystemMXBean system =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    @TempDir private Path directory;

    @Test
    void measure() throws IOException {
        try (Arena memory = Arena.ofShared()) {
            StudentNet net = new StudentNet(memory, 1, AdamW.DEFAULT, Width.PACKAGED);
            HeatmapLayout layout =
                    HeatmapLayout.EMPTY
                            .append("vision", 40, 120)
                            .append("hearing", 23, 96)
                            .append("language", 1, 384);
            Alignment[] alignments = {Alignment.PICTURE, Alignment.SOUND, Alignment.NONE};
            Batch batch = new Batch(memory, Scenery.SHAPE, BATCH);
            List<StudentNet.Term> terms = new ArrayList<>();
            Map<String, MemorySegment> outputs = new HashMap<>();
            for (int i = 0; i < alignments.length; i++) {
                Region region = layout.regions().get(i);
                net.addHead(region, alignments[i]);
                Batch.Targets targets = new Batch.Targets(memory, region, BATCH);
                for (int row = 0; row < BATCH; row++) {
                    targets.include(row).copyFrom(Scenery.features(row, region.length(), 1, 0));
                }
                terms.add(new StudentNet.Term(targets, 1));
                outputs.put(
                        region.name(), memory.allocate((long) region.length() * Float.BYTES, 64));
            }
            Random random = new Random(1);
            for (int row = 0; row < BATCH; row++) {
                fill(batch.window(row), random);
                fill(batch.sight(row), random);
                fill(batch.sound(row), random);
            }
            Batch one = OneRow.of(memory, batch, 0);
            for (int i = 0; i < 20; i++) {
                net.step(batch, terms);
                net.predict(one, outputs, null, null);
            }
            report(
                    "training, samples per CPU-second",
                    STEPS * BATCH,
                    STEPS,
                    () -> net.step(batch, terms));
            report(
                    "prediction, per CPU-second",
                    200,
                    200,
                    () -> net.predict(one, outputs, null, null));
            Progress progress = new Progress();
            Learner learner = new Learner(net, HeatmapStatistics.NONE, List.of(), progress);
            CheckpointStore store = new CheckpointStore(directory);
            report(
                    "checkpoints, per CPU-second",
                    20,
                    20,
                    () -> {
                        try {
                            store.save(Checkpoint.of("", learner, progress));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            System.out.printf(
                    Locale.ROOT,
                    "checkpoint: %d bytes%n",
                    Files.size(directory.resolve("student.checkpoint")));
        }
    }

    private static void fill(MemorySegment floats, Random random) {
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
    }

    private void report(String what, int units, int times, Runnable work) {
        long cpuNs = system.getProcessCpuTime();
        long wallNs = System.nanoTime();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        double cpuSeconds = (system.getProcessCpuTime() - cpuNs) / 1e9;
        double wallSeconds = (System.nanoTime() - wallNs) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f (%.2f ms of CPU, %.2f ms each)%n",
                what,
                units / cpuSeconds,
                cpuSeconds * 1e3 / times,
                wallSeconds * 1e3 / times);
    }
}
