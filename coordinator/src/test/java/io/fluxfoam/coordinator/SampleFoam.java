package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.StatusServer.Document;
import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.HeldOutStatus;
import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.LinkStatus;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.PageAddress;
import io.fluxfoam.coordinator.status.RetrievalStatus;
import io.fluxfoam.coordinator.status.SetStatus;
import io.fluxfoam.coordinator.status.StreamStatus;
import io.fluxfoam.coordinator.status.StudentStatus;
import io.fluxfoam.coordinator.status.TeacherStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A foam that is a function of its uptime: the default loop, whose speech teacher dies at 150 s and
 * is back at 156 s, and whose evaluator has stalled since 290 s.
 */
final class SampleFoam {
    private static final int FRAMES_PER_SECOND = 7;

    private static final Map<String, List<String>> READS =
            Map.of(
                    "sensor", List.of(),
                    "teacher-vision", List.of("sensor/picture"),
                    "teacher-whisper", List.of("sensor/sound"),
                    "teacher-llm", List.of("sensor/caption", "sensor/candidates"),
                    "student", List.of("sensor/picture", "sensor/sound", "*/features"),
                    "evaluator",
                            List.of(
                                    "student/heatmap",
                                    "student/holdout",
                                    "sensor/caption",
                                    "*/features"));

    /** Its original runs in another box. */
    private static final String MIRROR = "teacher-llm";

    private SampleFoam() {}

    static FoamStatus status(double seconds) {
        long frame = (long) (seconds * FRAMES_PER_SECOND);
        boolean speechAlive = seconds < 150 || seconds >= 156;
        long speechIncarnation = seconds < 156 ? 1 : 2;
        return new FoamStatus(
                "foam-1000",
                seconds,
                List.of(
                        node("coordinator", "coordinator", 4101, 1, "ALIVE", 4),
                        node(
                                "sensor",
                                "sensor",
                                4102,
                                1,
                                "ALIVE",
                                2,
                                stream(
                                        "picture",
                                        "u8",
                                        List.of(96L, 320L, 3L),
                                        frame,
                                        7.02,
                                        "teacher-vision",
                                        "student"),
                                stream(
                                        "sound",
                                        "f32",
                                        List.of(40960L),
                                        frame,
                                        7.02,
                                        "teacher-whisper",
                                        "student"),
                                stream(
                                        "caption",
                                        "u8",
                                        List.of(512L),
                                        frame,
                                        7.02,
                                        "teacher-llm",
                                        "evaluator"),
                                stream(
                                        "candidates",
                                        "u8",
                                        List.of(65536L),
                                        1,
                                        0,
                                        "teacher-llm",
                                        "evaluator")),
                        node(
                                "teacher-vision",
                                "teacher",
                                4103,
                                1,
                                "ALIVE",
                                6,
                                stream(
                                        "features",
                                        "f32",
                                        List.of(40L, 120L),
                                        frame,
                                        7.01,
                                        "student",
                                        "evaluator")),
                        node(
                                "teacher-whisper",
                                "teacher",
                                speechAlive ? 4200 : 4104,
                                speechIncarnation,
                                speechAlive ? "ALIVE" : "DEAD",
                                speechAlive ? 5 : 1000 * (seconds - 150),
                                stream(
                                        "features",
                                        "f32",
                                        List.of(23L, 96L),
                                        frame,
                                        speechAlive ? 6.96 : 0,
                                        speechAlive
                                                ? new String[] {"student", "evaluator"}
                                                : new String[0])),
                        node(
                                "teacher-llm",
                                "teacher",
                                4105,
                                1,
                                "ALIVE",
                                3,
                                stream(
                                        "features",
                                        "f32",
                                        List.of(384L),
                                        frame,
                                        7.02,
                                        "student",
                                        "evaluator"),
                                stream(
                                        "candidates",
                                        "f32",
                                        List.of(100L, 384L),
                                        1,
                                        0,
                                        "evaluator")),
                        node(
                                "student",
                                "student",
                                4106,
                                1,
                                "ALIVE",
                                8,
                                stream("layout", "u8", List.of(4096L), 3, 0, "evaluator"),
                                stream("heatmap", "f32", List.of(7392L), frame, 6.98, "evaluator"),
                                stream(
                                        "statistics",
                                        "f32",
                                        List.of(2L, 7392L),
                                        frame / 16,
                                        0.5,
                                        "evaluator"),
                                stream(
                                        "holdout",
                                        "f32",
                                        List.of(3L, 384L),
                                        frame / 3,
                                        2.34,
                                        "evaluator"),
                                stream(
                                        "steps",
                                        "i64",
                                        List.of(17L),
                                        (long) (seconds * 5.4),
                                        5.41,
                                        "evaluator")),
                        node(
                                "evaluator",
                                "evaluator",
                                4107,
                                1,
                                seconds < 290 ? "ALIVE" : "STALLED",
                                3200)),
                student(seconds, speechAlive),
                heldOut(seconds, frame / 3));
    }

    private static StudentStatus student(double seconds, boolean speechAlive) {
        double left = Math.exp(-seconds / 70);
        Double speechUnexplained = seconds < 20 ? null : 0.35 + 0.6 * left;
        return new StudentStatus(
                (long) (seconds * 5.4),
                seconds < 2 ? null : 0.11 + 0.9 * left + 0.02 * Math.sin(seconds * 1.7),
                5.41,
                86.6,
                4.67,
                1_812_480L,
                seconds < 150 ? .75 : 1.5,
                null,
                null,
                0L,
                Map.of(
                        "teacher-vision",
                        new TeacherStatus(
                                true,
                                1.0,
                                seconds < 20 ? null : 0.93 - 0.6 * left,
                                seconds < 20 ? null : 0.13 + 0.8 * left,
                                1.003,
                                null,
                                "active",
                                "as usual"),
                        "teacher-whisper",
                        new TeacherStatus(
                                speechAlive,
                                1.0,
                                seconds < 20 ? null : 0.8 - 0.7 * left,
                                speechUnexplained,
                                1.0,
                                null,
                                "active",
                                "as usual"),
                        "teacher-llm",
                        new TeacherStatus(
                                true,
                                2.0,
                                seconds < 20 ? null : 0.9 - 0.8 * left,
                                seconds < 20 ? null : 0.19 + 0.78 * left,
                                1.001,
                                null,
                                "active",
                                "as usual")));
    }

    private static HeldOutStatus heldOut(double seconds, long frames) {
        return new HeldOutStatus(
                frames,
                set(seconds, 60, 0.99, 80),
                set(seconds, 40, 0.83, 130),
                set(seconds, 60, 0.88, 160),
                (long) (seconds * 86.4),
                0L,
                0L,
                List.of(
                        named("renderings", "emoji:", 0, .78, seconds),
                        named("style", "emoji:", 0, .21, seconds),
                        named("takes", "file:kites", 1, .55, seconds)));
    }

    private static SetStatus named(
            String kind, String source, int world, double best, double seconds) {
        RetrievalStatus both = set(seconds, 273, best, 90);
        RetrievalStatus picture = set(seconds, 273, .8 * best, 120);
        return new SetStatus(
                kind,
                source,
                273L,
                1.0 / 273,
                both.top1(),
                picture.top1(),
                kind.equals("takes") ? null : both.top1(),
                200L,
                kind,
                world == 0 ? .045 : null,
                world == 0 ? .029 : null,
                world,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Stepwise, as retrieval over a few frames is. */
    private static RetrievalStatus set(
            double seconds, long candidates, double best, double halfTimeSeconds) {
        double rise = 1 / (1 + Math.exp(-(seconds - halfTimeSeconds) / 22));
        Double top1 =
                seconds < 45 ? null : Math.round((1.0 / candidates + best * rise) * 60) / 60.0;
        return new RetrievalStatus(
                top1 == null ? null : Math.min(1, top1),
                candidates,
                1.0 / candidates,
                2 * candidates);
    }

    /**
     * Of another moment for every number; the speech teacher has not said anything of every fourth.
     */
    static HeatmapView heatmap(long moment) {
        Random random = new Random(moment);
        List<HeatmapView.RegionView> regions = new ArrayList<>();
        for (String name : List.of("teacher-vision", "teacher-whisper", "teacher-llm")) {
            List<Double> teacher = new ArrayList<>();
            List<Double> student = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                double value = random.nextGaussian();
                teacher.add(value);
                student.add(0.9 * value + 0.3 * random.nextGaussian());
            }
            boolean silent = moment % 4 == 0 && name.equals("teacher-whisper");
            regions.add(new HeatmapView.RegionView(name, 1, 256, student, silent ? null : teacher));
        }
        return new HeatmapView(
                "1:" + moment, moment % 3 == 2, 0.25, new HeatmapView.Window(24, 72), regions);
    }

    private static NodeStatus node(
            String name,
            String role,
            long pid,
            long incarnation,
            String state,
            double heartbeatAgeMillis,
            StreamStatus... streams) {
        return new NodeStatus(
                name,
                role,
                pid,
                incarnation,
                state,
                heartbeatAgeMillis,
                incarnation - 1,
                0L,
                "host",
                List.of(streams),
                incarnation - 1,
                0L,
                "java",
                READS.get(name),
                name.equals(MIRROR) ? MIRROR + "@gpu" : null,
                name.equals(MIRROR) ? new LinkStatus("UP", 0.41, 0.0004, 12_400.0) : null);
    }

    private static StreamStatus stream(
            String name,
            String dtype,
            List<Long> shape,
            long sequence,
            double ratePerSecond,
            String... readers) {
        return new StreamStatus(
                name,
                dtype,
                shape,
                16L,
                sequence,
                ratePerSecond,
                (long) readers.length,
                List.of(readers));
    }

    /**
     * Serves the page over this foam, for looking at it: {@code port [uptime at the start in
     * seconds]}.
     */
    public static void main(String[] args) throws Exception {
        double startSeconds = args.length > 1 ? Double.parseDouble(args[1]) : 240;
        FoamHistory history = new FoamHistory();
        for (double seconds = 0; seconds < startSeconds; seconds += 0.5) {
            history.record(status(seconds));
        }
        long startNs = System.nanoTime();
        StatusServer server =
                StatusServer.listen(
                        PageAddress.of("127.0.0.1"),
                        Integer.parseInt(args[0]),
                        AccessToken.NONE,
                        Map.of(
                                "/",
                                Document.page(StatusPage.load()),
                                "/api/status",
                                Document.json(() -> {
                                    FoamStatus now =
                                            status(
                                                    startSeconds
                                                            + (System.nanoTime() - startNs) / 1e9);
                                    history.record(now);
                                    return Json.compact(now);
                                }),
                                "/api/heatmap",
                                Document.json(() ->
                                        Json.compact(heatmap(System.nanoTime() / 2_000_000_000L))),
                                "/api/history",
                                Document.json(() -> Json.compact(history.view()))),
                        Throwable::printStackTrace);
        System.out.println("http://127.0.0.1:" + server.port() + "/");
        Thread.currentThread().join();
    }
}
