package io.fluxfoam.cli;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.launch.FoamHome;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The nodes that {@code up} starts, and what starts each of them. */
final class DefaultLoop {
    static final String COORDINATOR = LoopNodes.COORDINATOR;
    private static final String SPEECH_TEACHER = LoopNodes.TEACHER_WHISPER;

    /** What the sensor shows if nobody says. */
    private static final String DEFAULT_SOURCE = "scenes:";

    private final FoamHome home;
    private final Path foam;
    private final LoopOptions settings;

    DefaultLoop(FoamHome home, Path foam, LoopOptions settings) {
        this.home = home;
        this.foam = foam;
        this.settings = settings;
    }

    /**
     * Whether the speech teacher can be started: its model comes through npm, which not every
     * machine has.
     */
    boolean hasSpeechTeacher() {
        return home.hasModels(SPEECH_TEACHER);
    }

    /** Whether the speech teacher was to be started, and cannot be. */
    boolean lacksSpeechTeacher() {
        return !settings.isWithout(SPEECH_TEACHER) && !hasSpeechTeacher();
    }

    /** What to start, in this order; who stands by last, when the loop has begun. */
    List<NodeLaunch> launches() {
        List<NodeLaunch> launches = new ArrayList<>();
        List<NodeLaunch> second = new ArrayList<>();
        for (NodeLaunch launch : nodes()) {
            if (settings.standby().contains(launch.node())) {
                launches.add(launch.standingBy());
                second.add(launch.standingBy().second());
            } else {
                launches.add(launch);
            }
        }
        launches.addAll(second);
        return launches;
    }

    private List<NodeLaunch> nodes() {
        List<NodeLaunch> launches = new ArrayList<>();
        launches.add(coordinator(settings.port()));
        launches.add(onDevice(LoopNodes.SENSOR, sensorOptions()));
        launches.add(onDevice(LoopNodes.TEACHER_VISION, teacherOptions()));
        if (hasSpeechTeacher()) {
            launches.add(onDevice(SPEECH_TEACHER, teacherOptions()));
        }
        launches.add(onDevice(LoopNodes.TEACHER_LLM, teacherOptions()));
        if (settings.voice()) {
            launches.add(onDevice(LoopNodes.TEACHER_VOICE, List.of()));
        }
        launches.add(onDevice(LoopNodes.STUDENT, studentOptions()));
        if (settings.voice() && hasSpeechTeacher()) {
            launches.add(node(LoopNodes.EAR, List.of()));
        }
        launches.add(onDevice(LoopNodes.EVALUATOR, List.of()));
        launches.removeIf(launch -> settings.isWithout(launch.node()));
        for (CommandNode node : settings.nodes()) {
            launches.add(node.launch(home, foam, session()));
        }
        return launches;
    }

    /** What starts the coordinator on this port. */
    NodeLaunch coordinator(int port) {
        List<String> options =
                new ArrayList<>(List.of("--host", settings.host(), "--port", String.valueOf(port)));
        if (settings.tokenFile() != null) {
            options.addAll(List.of("--token-file", settings.tokenFile().toString()));
        }
        return node(COORDINATOR, options);
    }

    private NodeLaunch onDevice(String role, List<String> options) {
        List<String> all = new ArrayList<>(List.of("--device", settings.device()));
        all.addAll(options);
        return node(role, all);
    }

    /** What the sensor shows, in the order of its worlds; nothing if it is not ours. */
    List<String> sources() {
        if (settings.isWithout(LoopNodes.SENSOR)) {
            return List.of();
        }
        List<String> given = settings.sensor().sources();
        return given.isEmpty() ? List.of(DEFAULT_SOURCE) : given;
    }

    private List<String> sensorOptions() {
        List<String> options = new ArrayList<>(seedOption());
        options.addAll(settings.sensor().arguments());
        return options;
    }

    private List<String> teacherOptions() {
        return settings.memory() == null
                ? List.of()
                : List.of("--memory", settings.memory().name().toLowerCase(Locale.ROOT));
    }

    private List<String> studentOptions() {
        List<String> options = new ArrayList<>(seedOption());
        options.addAll(settings.student().options());
        if (settings.voice()) {
            options.add("--voice");
        }
        return options;
    }

    private List<String> seedOption() {
        return settings.seed() == null ? List.of() : List.of("--seed", settings.seed().toString());
    }

    /**
     * A session of its own keeps a terminal's Ctrl-C for {@code up}, which then stops the nodes in
     * order.
     */
    private static List<String> session() {
        return Files.isExecutable(Path.of("/usr/bin/setsid"))
                ? List.of("/usr/bin/setsid")
                : List.of();
    }

    private NodeLaunch node(String role, List<String> options) {
        List<String> command = new ArrayList<>(session());
        command.addAll(
                List.of(home.launcher().toString(), "node", role, "--foam", foam.toString()));
        if (settings.state() != null) {
            command.addAll(List.of("--state", settings.state().toString()));
        }
        command.addAll(options);
        return new NodeLaunch(
                role,
                command,
                Map.of(
                        "FOAM_NAME",
                        role,
                        "FOAM_NO_BUILD",
                        "1",
                        "JAVA_HOME",
                        System.getProperty("java.home")));
    }
}
