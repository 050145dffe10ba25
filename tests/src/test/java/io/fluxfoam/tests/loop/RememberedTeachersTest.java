package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.cli.FoamRemains;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.sensor.emoji.EmojiFolder;
import io.fluxfoam.tape.TapeEntry;
import io.fluxfoam.tape.TapeReader;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The packaged teachers say the same of one tape, bit for bit, whether they compute everything or
 * remember most of it: with that a student of the tape is the same too (DeterministicStudentTest).
 */
@Tag("slow")
@Timeout(1_800)
class RememberedTeachersTest {
    private static final int THINGS = 20;
    private static final int FRAMES = 1_200;
    private static final int END_SECONDS = 900;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path logs;

    @TempDir Path things;

    private final List<Process> started = new ArrayList<>();

    @Test
    void shouldSayTheSameWithAMemoryAndWithoutOne() throws Exception {
        assumeTrue(EmojiFolder.hasIcons(), "the icons could not be fetched at build time");
        EmojiFolder.write(things, THINGS, 1);
        recordASensor();
        Map<String, byte[]> computed = said("off");
        Map<String, byte[]> remembered = said("on");
        int same = 0;
        for (Map.Entry<String, byte[]> each : computed.entrySet()) {
            byte[] other = remembered.get(each.getKey());
            if (other != null) {
                assertArrayEquals(each.getValue(), other, each.getKey());
                same++;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "tensors of the same frames: %d, of %d computed and %d with a memory; all equal%n",
                same,
                computed.size(),
                remembered.size());
        assertTrue(same >= FRAMES, "tensors of the same frames: " + same);
    }

    private void recordASensor() throws Exception {
        Path foam = foamPath("sensor");
        try {
            run("sensor", foam, "node", "sensor", "--source", "file:" + things, "--fps", "30");
            await(foam, "sensor");
            Process record = run("record", foam, "record", "sensor/*", "--out", tape("sensor"));
            eventually(
                    () -> "frames are recorded, " + logs,
                    () -> counters(foam, "record").number("read.sensor/picture.leases") >= FRAMES);
            end(record);
        } finally {
            endAll(foam);
        }
    }

    /** What the teachers say of the tape, by teacher and frame. */
    private Map<String, byte[]> said(String memory) throws Exception {
        Path foam = foamPath(memory);
        List<String> teachers =
                LiveLoop.nodes().stream().filter(node -> node.startsWith("teacher-")).toList();
        List<String> replay =
                new ArrayList<>(List.of("replay", tape("sensor"), "sensor/*", "--lockstep"));
        replay.addAll(List.of("--speed", "max"));
        try {
            for (String teacher : teachers) {
                run(memory + "-" + teacher, foam, "node", teacher, "--memory", memory);
                replay.addAll(List.of("--for", teacher));
            }
            for (String teacher : teachers) {
                await(foam, teacher);
            }
            Process record =
                    run(memory + "-record", foam, "record", "teacher-*/*", "--out", tape(memory));
            await(foam, "record");
            Process replayed = run(memory + "-replay", foam, replay.toArray(String[]::new));
            assertTrue(replayed.waitFor(END_SECONDS, TimeUnit.SECONDS), "see " + logs);
            assertEquals(0, replayed.exitValue(), "see " + logs);
            for (String teacher : teachers) {
                double bypasses = bypasses(counters(foam, teacher));
                System.out.printf(
                        Locale.ROOT, "%s, memory %s: bypasses=%.0f%n", teacher, memory, bypasses);
                assertEquals(memory.equals("on"), bypasses > 0, teacher + " bypasses=" + bypasses);
            }
            end(record);
        } finally {
            endAll(foam);
        }
        return tensors(Path.of(tape(memory)));
    }

    private static Map<String, byte[]> tensors(Path tape) throws IOException {
        Map<String, byte[]> tensors = new TreeMap<>();
        try (TapeReader reader = new TapeReader(tape, System.out::println)) {
            for (@Nullable TapeEntry entry = reader.next(); entry != null; entry = reader.next()) {
                if (entry instanceof TapeEntry.Tensor tensor
                        && tensor.stream().equals(LoopStreams.FEATURES)) {
                    tensors.put(
                            tensor.node() + " frame " + tensor.frameNumber(),
                            tensor.payload().toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }
        return tensors;
    }

    private static Path foamPath(String name) {
        return Path.of("/dev/shm/foam-" + name + "-" + ProcessHandle.current().pid());
    }

    private String tape(String name) {
        return logs.resolve("tape-" + name).toString();
    }

    private Process run(String log, Path foam, String... arguments) throws IOException {
        Process process =
                LiveLoop.foam(Map.of("FOAM_DIR", foam.toString()), logs, log, List.of(arguments));
        started.add(process);
        return process;
    }

    private void await(Path foam, String node) throws InterruptedException {
        eventually(
                () -> node + " is there, " + logs,
                () -> MarkView.read(FoamDirectory.open(foam), node).state().isHeld());
    }

    private static CountersSnapshot counters(Path foam, String node) throws IOException {
        FoamDirectory directory = FoamDirectory.open(foam);
        long life = MarkView.read(directory, node).incarnation();
        return CountersSnapshot.read(directory.file(node, life, "counters"));
    }

    /** How many inputs of whatever epoch its memory answered. */
    private static double bypasses(CountersSnapshot counters) {
        return counters.values().keySet().stream()
                .filter(label -> LoopCounters.MEMORY_BYPASSES.which(label).isPresent())
                .mapToDouble(counters::number)
                .sum();
    }

    private void end(Process process) throws InterruptedException {
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "see " + logs);
        assertEquals(0, process.exitValue(), "see " + logs);
    }

    private void endAll(Path foam) throws Exception {
        started.forEach(Process::destroy);
        for (Process process : started) {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        started.clear();
        FoamRemains.remove(FoamDirectory.open(foam));
    }
}
