package io.fluxfoam.tests.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.cli.tape.Recorder;
import io.fluxfoam.cli.tape.Replayer;
import io.fluxfoam.cli.tape.Speed;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.Eventually;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.student.Student;
import io.fluxfoam.tape.TapeReader;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One tape makes one student, bit for bit, however often it is killed, and though a teacher dies.
 */
@Timeout(180)
class DeterministicStudentTest {
    private static final int FRAMES = 112;
    private static final long END_MS = 1_100_000; // what ends a test that hangs is its timeout

    @TempDir Path directory;
    private Path tape;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    /** What came of a student that learned from the tape. */
    private record Outcome(byte[] checkpoint, long steps) {}

    @BeforeEach
    void nameTape() {
        tape = directory.resolve("tape");
    }

    /**
     * Learns from the tape.
     *
     * @param kills how often the student is killed on the way, each time when it has saved once
     *     more
     */
    private Outcome learn(String name, int kills, String... options) throws Exception {
        FoamDirectory foam = FoamDirectory.create(directory.resolve(name));
        Path log = directory.resolve(name + ".log");
        FutureTask<Void> player = new FutureTask<>(() -> replay(foam));
        Process student = start(foam, log, options);
        try {
            Thread.ofPlatform().start(player);
            long saved = 0;
            for (int kill = 1; kill <= kills; kill++) {
                saved = awaitSaved(foam, kill, saved, log);
                student.destroyForcibly().waitFor();
                student = start(foam, log, options);
            }
            player.get();
            student.destroy();
            assertTrue(student.waitFor(60, TimeUnit.SECONDS), "the student does not stop");
            assertEquals(0, student.exitValue(), () -> read(log));
        } finally {
            student.destroyForcibly();
        }
        Path file = foam.file("student", kills + 1, "counters");
        CountersSnapshot counters = CountersSnapshot.read(file);
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
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }

    /** Waits until this life of the student has saved more than this step; returns which. */
    private static long awaitSaved(FoamDirectory foam, long life, long least, Path log)
            throws Exception {
        Path file = foam.file("student", life, "counters");
        AtomicLong saved = new AtomicLong();
        Eventually.eventually(
                () -> "life " + life + " saves: " + read(log),
                () -> {
                    CountersSnapshot counters = CountersSnapshot.read(file);
                    saved.set((long) counters.number(LoopCounters.SAVED_STEP));
                    return saved.get() > least;
                });
        return saved.get();
    }

    private Void replay(FoamDirectory foam) throws Exception {
        NodeRunner[] player = new NodeRunner[1];
        Replayer.Plan plan =
                new Replayer.Plan(
                        new StreamFilter(List.of()), Speed.MAX, 0, List.of("student"), true, true);
        Replayer replayer =
                new Replayer(
                        new TapeReader(tape, said::add), plan, said::add, () -> player[0].stop());
        NodeContext context =
                new NodeContext().foam(foam.path()).name("replay").role(Recorder.ROLE);
        try (NodeRunner runner = NodeRunner.launch(context, replayer)) {
            player[0] = runner;
            assertTrue(runner.hasEndedWithin(END_MS), said::toString);
            assertNull(runner.await());
        }
        return null;
    }

    /** The same at the same time, so that each of them is held up by the other. */
    private List<Outcome> learnBoth(int kills, String... optionsOfTheSecond) throws Exception {
        FutureTask<Outcome> first = new FutureTask<>(() -> learn("first", 0, "--deterministic"));
        Thread.ofPlatform().start(first);
        Outcome second = learn("second", kills, optionsOfTheSecond);
        return List.of(first.get(), second);
    }

    @Test
    void shouldLearnTheSameFromOneTapeThoughItIsKilled() throws Exception {
        assertSame(1);
    }

    @Test
    @Tag("slow")
    @Timeout(1_200)
    void shouldLearnTheSameThoughItIsKilledTwentyTimes() throws Exception {
        assertSame(20);
    }

    private void assertSame(int kills) throws Exception {
        ToyTape.write(
                FoamDirectory.create(directory.resolve("live")), tape, FRAMES + 20 * (kills - 1));
        List<Outcome> both = learnBoth(kills, "--deterministic", "--save-every-ms", "100");
        Outcome first = both.getFirst();
        assertTrue(first.steps() > 10, () -> "steps=" + first.steps());
        assertEquals(first.steps(), both.getLast().steps());
        assertArrayEquals(first.checkpoint(), both.getLast().checkpoint());
    }

    @Test
    @Tag("slow")
    void shouldLearnSomethingElseWithAnotherSeed() throws Exception {
        ToyTape.write(FoamDirectory.create(directory.resolve("live")), tape, FRAMES);
        List<Outcome> both = learnBoth(0, "--deterministic", "--seed", "2");
        Outcome first = both.getFirst();
        Outcome other = both.getLast();
        assertEquals(first.steps(), other.steps());
        assertFalse(
                Arrays.equals(first.checkpoint(), other.checkpoint()),
                "what is compared says nothing");
    }
}
