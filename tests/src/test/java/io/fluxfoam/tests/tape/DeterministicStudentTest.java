package io.fluxfoam.tests.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.cli.tape.Recorder;
import io.fluxfoam.cli.tape.Replayer;
import io.fluxfoam.cli.tape.Speed;
import io.fluxfoam.cli.tape.StreamFilter;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.student.Student;
import io.fluxfoam.tape.TapeReader;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One tape, played twice, makes one student: bit for bit, though a teacher dies on it. */
@Timeout(180)
class DeterministicStudentTest {
    private static final int FRAMES = 130;

    @TempDir Path directory;
    private Path tape;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    /** What came of a student that learned from the tape. */
    private record Outcome(byte[] checkpoint, long steps) {}

    @BeforeEach
    void writeTape() throws IOException {
        tape = directory.resolve("tape");
        ToyTape.write(FoamDirectory.create(directory.resolve("live")), tape, FRAMES);
    }

    private Outcome learn(String name, String... options) throws Exception {
        FoamDirectory foam = FoamDirectory.create(directory.resolve(name));
        Path log = directory.resolve(name + ".log");
        Process student = start(foam, log, options);
        try {
            replay(foam);
            student.destroy();
            assertTrue(student.waitFor(60, TimeUnit.SECONDS), "the student does not stop");
            assertEquals(0, student.exitValue(), () -> read(log));
        } finally {
            student.destroyForcibly();
        }
        CountersSnapshot counters = CountersSnapshot.read(foam.file("student", 1, "counters"));
        Path checkpoint = foam.path().resolve("state/student/student.checkpoint");
        assertTrue(Files.exists(checkpoint), () -> read(log) + said + counters);
        assertEquals(List.of(), counters.errors(), () -> read(log));
        return new Outcome(
                Files.readAllBytes(checkpoint), (long) counters.number(LoopCounters.STEP));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private static Process start(FoamDirectory foam, Path log, String... options)
            throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        line.addAll(List.of("-Xmx384m", "-cp", System.getProperty("java.class.path")));
        line.addAll(List.of(Student.class.getName(), "--foam", foam.path().toString()));
        line.addAll(List.of("--language", "hearer", "--batch", "4", "--replay", "200"));
        line.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }

    private void replay(FoamDirectory foam) throws Exception {
        NodeRunner[] player = new NodeRunner[1];
        Replayer.Plan plan =
                new Replayer.Plan(
                        new StreamFilter(List.of()), Speed.MAX, 0, List.of("student"), true);
        Replayer replayer =
                new Replayer(
                        new TapeReader(tape, said::add), plan, said::add, () -> player[0].stop());
        NodeContext context =
                new NodeContext().foam(foam.path()).name("replay").role(Recorder.ROLE);
        try (NodeRunner runner = NodeRunner.launch(context, replayer)) {
            player[0] = runner;
            assertTrue(runner.hasEndedWithin(120_000), said::toString);
            assertNull(runner.await());
        }
    }

    @Test
    void shouldLearnTheSameFromOneTape() throws Exception {
        Outcome first = learn("first", "--deterministic");
        Outcome second = learn("second", "--deterministic");
        assertTrue(first.steps() > 20, () -> "steps=" + first.steps());
        assertEquals(first.steps(), second.steps());
        assertArrayEquals(first.checkpoint(), second.checkpoint());
        Outcome other = learn("other", "--deterministic", "--seed", "2");
        assertEquals(first.steps(), other.steps());
        assertFalse(
                Arrays.equals(first.checkpoint(), other.checkpoint()),
                "what is compared says nothing");
    }
}
