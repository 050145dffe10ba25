package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.launch.Commands;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.replay.Pairing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a student has learned, taken from a living one, and gone on from by another. */
class SnapshotTest extends StudentAmongToys {
    @TempDir private Path elsewhere;

    private record Said(int exitCode, String out, String err) {}

    /** Runs a command as its process would, and takes what it says. */
    private static Said run(Supplier<CommandLine> line, String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(wrong, true, StandardCharsets.UTF_8));
            int exitCode = Commands.execute(line.get(), args);
            return new Said(
                    exitCode,
                    said.toString(StandardCharsets.UTF_8),
                    wrong.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private Path taken() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        launchStudent(false);
        await("it is saved", () -> counter("savedStep") > 3);
        Path file = elsewhere.resolve("it.snapshot");
        Said said = run(SnapshotMain::line, "--dir", foam().toString(), "--out", file.toString());
        assertEquals(0, said.exitCode(), said.toString());
        assertTrue(said.out().contains("step="), said.out());
        return file;
    }

    @Test
    void shouldGoOnInAnotherLifeFromWhatALivingOneHadLearned() throws Exception {
        Path file = taken();
        long step = CheckpointStore.read(file).step();
        assertTrue(step > 3, "step=" + step);
        Said again = run(SnapshotMain::line, "--dir", foam().toString(), "--out", file.toString());
        assertEquals(1, again.exitCode(), "what is there is not overwritten");

        forget();
        launch("student", "student", new StudentNode(settings(false).snapshot(file)));
        await("it goes on", () -> counter("step") >= step);
        assertEquals(0, counter("errors"));
    }

    /** The student ends, and nothing is left of what it has learned. */
    private void forget() throws IOException {
        named("student").close();
        try (Stream<Path> files = Files.walk(foam().resolve("state").resolve("student"))) {
            files.filter(Files::isRegularFile).forEach(SnapshotTest::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldShowWhatAStudentIsMadeOfAndRefuseWhatIsNone() throws Exception {
        Path file = taken();
        Said facts = run(InspectMain::line, "--json", file.toString());
        assertEquals(0, facts.exitCode(), facts.toString());
        assertTrue(
                facts.out().contains("\"regions\":{\"teacher-llm\":{\"tokens\":1,\"dim\":12"),
                facts.out());
        assertTrue(facts.out().contains("\"groups\":[{\"name\":"), facts.out());
        Said living = run(InspectMain::line, "--dir", foam().toString());
        assertTrue(living.out().contains("knows teacher-llm: [1, 12]"), living.toString());

        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2]++;
        Path damaged = Files.write(elsewhere.resolve("damaged"), bytes);
        Said refusal = run(InspectMain::line, damaged.toString());
        assertEquals(1, refusal.exitCode());
        assertTrue(refusal.err().contains("checksum does not match"), refusal.err());
        assertEquals(1, refusal.err().lines().count());
        Said nothing = run(InspectMain::line, "--dir", elsewhere.toString());
        assertTrue(nothing.err().contains("no student has kept anything there"), nothing.err());
    }

    @Test
    void shouldNotBeginWithWhatWasLearnedFromOtherPairs() throws Exception {
        Path file = taken();
        forget();
        Throwable refusal =
                launch(
                                "student",
                                "student",
                                new StudentNode(settings(Pairing.PLACEBO, false).snapshot(file)))
                        .await();
        assertTrue(
                refusal.getMessage()
                        .startsWith("checkpoint is of a student that learned from other moments"),
                refusal.getMessage());
    }

    @Test
    void shouldTeachAsAGraduateWhatItLearnedOfItsTeacher() throws Exception {
        Path file = taken();
        forget();
        named("teacher-llm").close();
        FeaturesListener first = new FeaturesListener("graduate", 12);
        FeaturesListener second = new FeaturesListener("graduate-2", 12);
        launch("listener", "listener", first);
        launch("listener-2", "listener", second);
        launch("graduate", "teacher", graduate(file));
        launch("graduate-2", "teacher", graduate(file));
        launchStudent(false);
        await("it teaches", () -> counter("teacher.graduate.weight") == 1 && counter("step") > 2);
        await("both say something of the same frames", () -> common(first, second) > 10);
        first.said()
                .forEach((frame, values) -> {
                    float[] others = second.said().get(frame);
                    if (others != null) {
                        assertArrayEquals(others, values, "frame=" + frame);
                    }
                });
        assertTrue(
                first.said().values().stream().map(Arrays::toString).distinct().count() > 5,
                "what it says depends on what it sees");
        assertEquals(0, counter("errors"));
    }

    private static long common(FeaturesListener first, FeaturesListener second) {
        return first.said().keySet().stream().filter(second.said()::containsKey).count();
    }

    private static GraduateNode graduate(Path file) throws IOException {
        return new GraduateNode(
                settings(false), CheckpointStore.read(file), "teacher-llm", "0123456789abcdef");
    }

    @Test
    void shouldNotTakeThePartOfATeacherThatItNeverHad() throws Exception {
        Path file = taken();
        assertEquals(
                "the snapshot does not know this teacher: region=nobody known=[teacher-llm]",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new GraduateNode(
                                                settings(false),
                                                CheckpointStore.read(file),
                                                "nobody",
                                                "0123456789abcdef"))
                        .getMessage());
    }
}
