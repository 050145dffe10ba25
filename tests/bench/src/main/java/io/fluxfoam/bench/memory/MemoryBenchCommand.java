package io.fluxfoam.bench.memory;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.MemoryState;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code bench memory}. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = {
            "What a teacher's memory saves where the sensor repeats itself, and costs where it never does. Each teacher with",
            "twelve frames that are shown again and again, a thousand in a second, without and with its memory; and with scenes",
            "of which no picture and no sound comes again, as many as the sensor can make."
        })
public final class MemoryBenchCommand implements Callable<Integer> {
    private static final List<String> TEACHERS =
            List.of(LoopNodes.TEACHER_VISION, LoopNodes.TEACHER_WHISPER, LoopNodes.TEACHER_LLM);
    private static final int WARM_FRAMES = 100;
    private static final int RATE = 1000;
    private static final long LONGEST_SLEEP_NS = 200_000;

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--teachers",
            paramLabel = "NAME",
            split = ",",
            description = "teacher-vision, teacher-whisper, teacher-llm (default: all).")
    private List<String> teachers = TEACHERS;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long the repeated frames are watched (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--scene-seconds",
            paramLabel = "N",
            defaultValue = "90",
            description = "How long the scenes are watched (default: ${DEFAULT-VALUE}).")
    private int sceneSeconds;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description =
                    "Longest wait until a teacher is warm and relies on its memory (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    /** Of one teacher. */
    record TeacherFigures(
            MemoryFigures repeatedWithout,
            MemoryFigures repeatedWith,
            double timesFrames,
            MemoryFigures scenes) {}

    /** What {@code --json} prints. */
    record MemoryResult(int seconds, int sceneSeconds, Map<String, TeacherFigures> teachers) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (String teacher : teachers) {
            if (!TEACHERS.contains(teacher)) {
                throw new IllegalArgumentException(
                        "unknown teacher=" + teacher + " known=" + TEACHERS);
            }
        }
        if (seconds < 1 || sceneSeconds < 1 || timeoutSeconds < 1) {
            throw new IllegalArgumentException(
                    "--seconds="
                            + seconds
                            + ", --scene-seconds="
                            + sceneSeconds
                            + " and --timeout="
                            + timeoutSeconds
                            + " must be 1 or more");
        }
        Map<String, TeacherFigures> figures = new LinkedHashMap<>();
        for (String teacher : teachers) {
            MemoryFigures without = repeated(teacher, "off");
            MemoryFigures with = repeated(teacher, "on");
            figures.put(
                    teacher,
                    new TeacherFigures(
                            without,
                            with,
                            with.framesPerSecond() / without.framesPerSecond(),
                            scenes(teacher)));
        }
        if (json) {
            System.out.println(
                    new ObjectMapper()
                            .writeValueAsString(new MemoryResult(seconds, sceneSeconds, figures)));
        } else {
            print(figures);
        }
        return 0;
    }

    private MemoryFigures repeated(String teacher, String memory)
            throws IOException, InterruptedException {
        try (Workspace workspace = Workspace.create();
                NodeRunner _ = NodeRunner.launch(sensor(workspace), new RepeatingSensor(RATE))) {
            TeacherRun run = TeacherRun.start(workspace, teacher, memory);
            boolean isOn = memory.equals("on");
            run.await(
                    WARM_FRAMES,
                    state -> !isOn || state.equals(MemoryState.BYPASS.text()),
                    timeoutSeconds);
            return run.measure(seconds);
        }
    }

    private static NodeContext sensor(Workspace workspace) throws IOException {
        return new NodeContext()
                .foam(TeacherRun.foam(workspace).path())
                .name(LoopNodes.SENSOR)
                .role(Roles.SENSOR)
                .maxIdleNs(LONGEST_SLEEP_NS);
    }

    private MemoryFigures scenes(String teacher) throws IOException, InterruptedException {
        try (Workspace workspace = Workspace.create()) {
            List<String> sensor =
                    new ArrayList<>(
                            JavaLine.node(
                                    LoopNodes.SENSOR,
                                    TeacherRun.foam(workspace).path(),
                                    LoopNodes.SENSOR));
            sensor.addAll(List.of("--source", "scenes:", "--fps", String.valueOf(RATE)));
            workspace.start(LoopNodes.SENSOR, sensor);
            TeacherRun run = TeacherRun.start(workspace, teacher, "on");
            run.await(1, state -> true, timeoutSeconds);
            return run.measure(sceneSeconds);
        }
    }

    private static void print(Map<String, TeacherFigures> figures) {
        System.out.printf(
                Locale.ROOT,
                "%-16s %10s %10s %6s %10s %10s %8s %6s %14s %8s %7s%n",
                "",
                "frames/s",
                "remembers",
                "times",
                "compute ms",
                "look-up us",
                "cheaper",
                "false",
                "scenes: state",
                "known %",
                "cost %");
        figures.forEach((teacher, of) ->
                System.out.printf(
                        Locale.ROOT,
                        "%-16s %10.1f %10.1f %6.1f %10s %10s %8s %6d %14s %8s %7s%n",
                        teacher,
                        of.repeatedWithout().framesPerSecond(),
                        of.repeatedWith().framesPerSecond(),
                        of.timesFrames(),
                        text("%.2f", of.repeatedWith().inferenceMillis(), 1),
                        text("%.1f", of.repeatedWith().lookupMicros(), 1),
                        text("%.0f", of.repeatedWith().timesCheaper(), 1),
                        of.repeatedWith().falseHits() + of.scenes().falseHits(),
                        of.scenes().state(),
                        text("%.1f", of.scenes().known(), 100),
                        text("%.3f", of.scenes().lookupShare(), 100)));
    }

    private static String text(String format, Double value, double factor) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value * factor);
    }
}
