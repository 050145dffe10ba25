package io.fluxfoam.cli;

import io.fluxfoam.device.Device;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.MemoryMode;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What the default loop is made of: the options of {@code up} that its nodes are started with. */
final class LoopOptions {
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

    @Mixin private StudentOptions student;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all that is random (default: the nodes').")
    private Long seed;

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
            names = "--without",
            split = ",",
            paramLabel = "NODE",
            description =
                    "Leave out these nodes of the loop: they live in another box, or somebody else starts them.")
    private Set<String> without = Set.of();

    @Option(
            names = "--voice",
            description =
                    "A teacher that reads captions aloud too, a student that says what it sees of"
                            + " held-out frames (see: foam say), and an ear that hears whether it is"
                            + " right.")
    private boolean voice;

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

    StudentOptions student() {
        return student;
    }

    Long seed() {
        return seed;
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

    /** Whether this node of the loop is not ours to start. */
    boolean isWithout(String node) {
        return without.contains(node);
    }

    boolean voice() {
        return voice;
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
        for (String node : without) {
            if (!LoopNodes.ORDER.contains(node)) {
                throw new IllegalArgumentException(
                        "--without=" + node + " is none of the loop's nodes");
            }
        }
        for (String node : standby) {
            boolean isOfVoice = node.equals(LoopNodes.TEACHER_VOICE) || node.equals(LoopNodes.EAR);
            if (!LoopNodes.ORDER.contains(node)
                    || node.equals(LoopNodes.COORDINATOR)
                    || without.contains(node)
                    || isOfVoice && !voice) {
                throw new IllegalArgumentException(
                        "--standby=" + node + " is none of this loop's nodes that can stand by");
            }
        }
        sensor.conclude();
        student.conclude();
        device = Device.resolve(device);
        commandNodes = CommandNode.parse(nodes);
        if (tokenFile != null) {
            tokenFile = tokenFile.toAbsolutePath();
            if (!Files.isRegularFile(tokenFile)) {
                throw new IllegalArgumentException("--token-file=" + tokenFile + " is no file");
            }
        }
        if (state != null) {
            state = state.toAbsolutePath().normalize();
        }
    }
}
