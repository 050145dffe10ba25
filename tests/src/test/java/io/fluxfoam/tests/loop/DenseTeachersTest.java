package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.teacher.TinyOnnx;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Models with large inner maps join a running loop, are learned beside the packaged teachers, and
 * leave. Their weights are random: what they say follows from picture or sound alone, and that is
 * what a student must find out.
 */
@Tag("slow")
@Timeout(900)
class DenseTeachersTest {
    private static final int INT64 = 7;
    private static final String MAP = "teacher-map";
    private static final String TOKENS = "teacher-tokens";
    private static final String STEPS = "teacher-steps";
    private static final double LEARNED = .9;
    private static final int STEPS_OF_A_WAIT = 50;
    private static final int MOST_STEPS = 1_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path logs;

    @TempDir Path models;

    private final SplittableRandom random = new SplittableRandom(11);

    private float[] noise(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(rows));
        }
        return values;
    }

    /** A matrix that makes means of {@code of} values, one for each of {@code to}. */
    private static float[] means(int to, int of) {
        float[] values = new float[to * of];
        for (int i = 0; i < to; i++) {
            int from = i * of / to;
            int end = Math.ceilDiv((i + 1) * of, to);
            for (int j = from; j < end; j++) {
                values[i * of + j] = 1f / (end - from);
            }
        }
        return values;
    }

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i % columns * rows + i / columns] = values[i];
        }
        return turned;
    }

    /** What a segmentation model's inner map looks like: 512 channels of 16x16 places. */
    private Path map() throws IOException {
        return new TinyOnnx()
                .input("x", 1, 3, 96, 320)
                .constant("down", means(16, 96), 16, 96)
                .constant("across", transposed(means(16, 320), 16, 320), 320, 16)
                .constant("mix", noise(3, 512), 512, 3, 1, 1)
                .node("MatMul", List.of("down", "x"), "low")
                .node("MatMul", List.of("low", "across"), "small")
                .node("Conv", List.of("small", "mix"), "mixed")
                .node("Tanh", List.of("mixed"), "map")
                .output("map", 1, 512, 16, 16)
                .write(models.resolve("map.onnx"));
    }

    /** What a vision transformer says: 197 tokens of 768. */
    private Path tokens() throws IOException {
        return new TinyOnnx()
                .input("x", 1, 3, 96, 320)
                .constant("sizes", new float[] {1, 288, 320}, 3)
                .cast("sizes", INT64, "shape")
                .node("Reshape", List.of("x", "shape"), "flat")
                .constant("left", noise(197, 288), 197, 288)
                .constant("right", noise(320, 768), 320, 768)
                .node("MatMul", List.of("left", "flat"), "rows")
                .node("MatMul", List.of("rows", "right"), "mixed")
                .node("Tanh", List.of("mixed"), "tokens")
                .output("tokens", 1, 197, 768)
                .write(models.resolve("tokens.onnx"));
    }

    /** What Whisper's encoder says: 1,500 steps of 384. */
    private Path steps() throws IOException {
        return new TinyOnnx()
                .input("x", 1, 40_960)
                .constant("sizes", new float[] {1, 320, 128}, 3)
                .cast("sizes", INT64, "shape")
                .node("Reshape", List.of("x", "shape"), "pieces")
                .constant("filters", noise(128, 384), 128, 384)
                .constant("stretch", transposed(means(320, 1500), 320, 1500), 1500, 320)
                .node("MatMul", List.of("pieces", "filters"), "filtered")
                .node("Abs", List.of("filtered"), "loud")
                .node("Sqrt", List.of("loud"), "even")
                .node("MatMul", List.of("stretch", "even"), "steps")
                .output("steps", 1, 1500, 384)
                .write(models.resolve("steps.onnx"));
    }

    @Test
    void shouldLearnDenseMapsOfTeachersThatComeAndGo() throws Exception {
        Path foam = Path.of("/dev/shm/foam-dense-" + ProcessHandle.current().pid());
        try (LiveLoop loop = LiveLoop.up(logs, foam, "--seed", "1")) {
            eventually(
                    () -> "the loop learns: " + loop.log("up"),
                    () -> loop.counter("student", "step") > 20);
            Map<String, Path> teachers =
                    new TreeMap<>(Map.of(MAP, map(), TOKENS, tokens(), STEPS, steps()));
            for (Map.Entry<String, Path> teacher : teachers.entrySet()) {
                String sense = teacher.getKey().equals(STEPS) ? "sound" : "picture";
                loop.startByHand(
                        "teacher",
                        "--name",
                        teacher.getKey(),
                        "--sense",
                        sense,
                        "--model",
                        teacher.getValue().toString());
            }
            long startNs = System.nanoTime();
            for (String teacher : teachers.keySet()) {
                awaitLearned(loop, teacher);
                System.out.printf(
                        Locale.ROOT,
                        "%s after %d s%n",
                        figures(loop),
                        (System.nanoTime() - startNs) / 1_000_000_000L);
            }
            for (String teacher : teachers.keySet()) {
                assertEquals(
                        0, loop.counter("student", "teacher." + teacher + ".refused"), teacher);
                loop.terminate(teacher);
                eventually(
                        teacher + " is masked",
                        () -> loop.counter("student", "teacher." + teacher + ".weight") == 0);
            }
            double step = loop.counter("student", "step");
            eventually("steps without them", () -> loop.counter("student", "step") > step + 20);
            CountersSnapshot student = loop.counters("student");
            assertEquals(List.of(), student.errors());
            loop.upProcess().destroy();
            assertEquals(0, loop.upProcess().waitFor(), () -> loop.log("up"));
        }
    }

    /** In steps, and each wait for some of them: one watchdog is shorter than a student needs. */
    private static void awaitLearned(LiveLoop loop, String teacher) throws Exception {
        double first = loop.counter("student", "step");
        for (int steps = STEPS_OF_A_WAIT; steps <= MOST_STEPS; steps += STEPS_OF_A_WAIT) {
            double wanted = first + steps;
            eventually(
                    () -> "steps: " + loop.log("up"),
                    () -> isLearned(loop, teacher) || loop.counter("student", "step") >= wanted);
        }
        assertTrue(isLearned(loop, teacher), () -> teacher + " is learned: " + figures(loop));
    }

    private static boolean isLearned(LiveLoop loop, String teacher) throws IOException {
        return unexplained(loop, teacher) < LEARNED * constant(loop, teacher);
    }

    private static double unexplained(LiveLoop loop, String teacher) throws IOException {
        return loop.counter("evaluator", "teacher." + teacher + ".unexplainedVariance");
    }

    private static double constant(LiveLoop loop, String teacher) throws IOException {
        return loop.counter("evaluator", "teacher." + teacher + ".constantPredictor");
    }

    private static String figures(LiveLoop loop) {
        StringBuilder text = new StringBuilder();
        for (String teacher : List.of(MAP, TOKENS, STEPS)) {
            try {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "%s %.3f of %.3f, ",
                                teacher,
                                unexplained(loop, teacher),
                                constant(loop, teacher)));
            } catch (IOException e) {
                text.append(e);
            }
        }
        return text.toString();
    }
}
