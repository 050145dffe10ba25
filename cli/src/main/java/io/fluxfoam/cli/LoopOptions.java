package io.fluxfoam.cli;

import io.fluxfoam.device.Device;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.MemoryMode;
import io.fluxfoam.distill.Width;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the default loop is made of: the options of {@code up} that its nodes are started with. */
final class LoopOptions {
    private static final int MOST_CORE_LAYERS = 12;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Keep what must outlive the foam in DIR instead of in the foam.")
    private Path state;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address of the status page (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7070",
            description =
                    "Port of the status page; 0 = any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "The status page is only for those who bring the token in FILE (mode 0600).")
    private Path tokenFile;

    @Mixin private SensorOptions sensor;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all that is random (default: the nodes').")
    private Long seed;

    @Option(
            names = "--width",
            paramLabel = "X",
            converter = WidthConverter.class,
            description =
                    "Width of a student that begins anew, as a share of the packaged one's, in steps of"
                            + " 0.125 (default: the student's).")
    private Width width;

    @Option(
            names = "--grow-to",
            paramLabel = "X",
            converter = WidthConverter.class,
            description =
                    "Width up to which the student grows when it is too small (default: it does not).")
    private Width growTo;

    @Option(
            names = "--snapshot",
            paramLabel = "FILE",
            description =
                    "What a student begins with that begins anew: a file that ./foam snapshot has"
                            + " made.")
    private Path snapshot;

    @Option(
            names = "--core",
            paramLabel = "KIND",
            description =
                    "The student's core: pooled, or language, seeded with the layers of the language"
                            + " teacher's model (default: the student's).")
    private CoreKind core;

    @Option(
            names = "--core-layers",
            paramLabel = "N",
            description = "Layers of the language core (default: the student's).")
    private Integer coreLayers;

    @Option(
            names = "--core-train",
            paramLabel = "WHAT",
            description =
                    "What of the language core is learned on: frozen, norms or all (default: the"
                            + " student's).")
    private CoreTraining coreTrain;

    /** What the student knows as cores. */
    private enum CoreKind {
        POOLED,
        LANGUAGE
    }

    /** What it knows to learn of one. */
    private enum CoreTraining {
        FROZEN,
        NORMS,
        ALL
    }

    @Option(
            names = "--memory",
            paramLabel = "MODE",
            description =
                    "What teachers do with what they have computed of the same bytes before: off,"
                            + " shadow or on (default: the teachers').")
    private MemoryMode memory;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "host",
            description =
                    "Where all nodes keep their streams: host, cuda:N, or auto = cuda:0 if there is"
                            + " one, else host (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--node",
            paramLabel = "NAME=COMMAND",
            description =
                    "One more node of the loop, in any language: started, watched and started again"
                            + " by COMMAND, which gets FOAM_DIR and FOAM_NAME (see docs/CLIENTS.md)."
                            + " May be given several times.")
    private List<String> nodes = List.of();

    private List<CommandNode> commandNodes = List.of();

    @Option(
            names = "--standby",
            split = ",",
            paramLabel = "NODE",
            description =
                    "A second process of each of these nodes stands by, with everything loaded, and takes over"
                            + " the moment that the first one dies: sensor, student, evaluator, or a teacher's name.")
    private Set<String> standby = Set.of();

    @Option(
            names = "--voice",
            description =
                    "A teacher that reads captions aloud too, a student that says what it sees of"
                            + " held-out frames (see: foam say), and an ear that hears whether it is"
                            + " right.")
    private boolean voice;

    @Option(
            names = "--placebo",
            description =
                    "Pair each frame with the targets of another sentence: a control that must stay"
                            + " at chance.")
    private boolean placebo;

    /** Widths are shares, as the student reads them. */
    private static final class WidthConverter implements ITypeConverter<Width> {
        @Override
        public Width convert(String share) {
            try {
                return Width.parse(share);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    Path state() {
        return state;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    Path tokenFile() {
        return tokenFile;
    }

    SensorOptions sensor() {
        return sensor;
    }

    Long seed() {
        return seed;
    }

    Width width() {
        return width;
    }

    Width growTo() {
        return growTo;
    }

    Path snapshot() {
        return snapshot;
    }

    /** The student's options for its core. */
    List<String> core() {
        List<String> options = new ArrayList<>();
        if (core != null) {
            options.addAll(List.of("--core", core.name().toLowerCase(Locale.ROOT)));
        }
        if (coreLayers != null) {
            options.addAll(List.of("--core-layers", coreLayers.toString()));
        }
        if (coreTrain != null) {
            options.addAll(List.of("--core-train", coreTrain.name().toLowerCase(Locale.ROOT)));
        }
        return options;
    }

    MemoryMode memory() {
        return memory;
    }

    String device() {
        return device;
    }

    List<CommandNode> nodes() {
        return commandNodes;
    }

    Set<String> standby() {
        return standby;
    }

    boolean voice() {
        return voice;
    }

    boolean placebo() {
        return placebo;
    }

    /**
     * Checks them once, relations included: a node that refused to start would be started again and
     * again.
     *
     * @throws IllegalArgumentException with the offending values
     */
    void conclude() {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--port=" + port + " not in 0..65535");
        }
        Width from = width == null ? Width.PACKAGED : width;
        if (growTo != null && from.isWiderThan(growTo)) {
            throw new IllegalArgumentException(
                    "--grow-to=" + growTo + " is less than --width=" + from);
        }
        if (coreLayers != null && (coreLayers < 1 || coreLayers > MOST_CORE_LAYERS)) {
            throw new IllegalArgumentException(
                    "--core-layers=" + coreLayers + " not in 1.." + MOST_CORE_LAYERS);
        }
        for (String node : standby) {
            boolean isOfVoice = node.equals(LoopNodes.TEACHER_VOICE) || node.equals(LoopNodes.EAR);
            if (!LoopNodes.ORDER.contains(node)
                    || node.equals(LoopNodes.COORDINATOR)
                    || isOfVoice && !voice) {
                throw new IllegalArgumentException(
                        "--standby=" + node + " is none of this loop's nodes that can stand by");
            }
        }
        sensor.conclude();
        device = Device.resolve(device);
        commandNodes = CommandNode.parse(nodes);
        if (tokenFile != null) {
            tokenFile = tokenFile.toAbsolutePath();
            if (!Files.isRegularFile(tokenFile)) {
                throw new IllegalArgumentException("--token-file=" + tokenFile + " is no file");
            }
        }
        if (snapshot != null) {
            snapshot = snapshot.toAbsolutePath().normalize();
            if (!Files.isRegularFile(snapshot)) {
                throw new IllegalArgumentException("--snapshot=" + snapshot + " is no file");
            }
        }
        if (state != null) {
            state = state.toAbsolutePath().normalize();
        }
    }
}
