package io.fluxfoam.cli;

import io.fluxfoam.cli.tape.Recorder;
import io.fluxfoam.cli.tape.Replayer;
import io.fluxfoam.cli.tape.Speed;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.liveness.Names;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.IdleMode;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.tape.TapeReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** {@code ./foam replay}. */
@Command(
        name = "replay",
        description =
                "Publish a tape again in a foam: the recorded nodes join, under their names and"
                        + " incarnations, and die and return as they did.")
final class ReplayCommand implements Callable<Integer> {
    @Mixin private FoamOptions options;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Times as fast as it was recorded, or max: as fast as its readers read"
                            + " (default: ${DEFAULT-VALUE}).")
    private String speed;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Begin this long after the tape's beginning, such as 90s or 5m.")
    private Duration from;

    @Option(
            names = "--for",
            paramLabel = "NODE",
            description =
                    "With --speed max: begin when this node is there and reads all that it says that"
                            + " it reads; may be given several times.")
    private List<String> awaited = List.of();

    @Option(
            names = "--lockstep",
            description =
                    "With --speed max: each commit waits until all that came before it, on whichever"
                            + " stream, has been taken.")
    private boolean isLockstep;

    @Option(
            names = "--again",
            description =
                    "With --for: when such a node has died and come back, play the tape again from its"
                            + " beginning.")
    private boolean isAgain;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "replay",
            description = "Name of the player's own node (default: ${DEFAULT-VALUE}).")
    private String name;

    @Parameters(index = "0", paramLabel = "DIR", description = "Directory of the tape.")
    private Path directory;

    @Parameters(
            index = "1..*",
            paramLabel = "STREAM",
            arity = "0..*",
            description = "NODE or NODE/STREAM, with * and ? (default: all).")
    private List<String> streams = List.of();

    @Override
    public Integer call() throws Exception {
        Names.check("node", name);
        awaited.forEach(Names::checkNode);
        boolean isForReaders = isLockstep || isAgain || !awaited.isEmpty();
        if (isForReaders && !Speed.parse(speed).isMax()) {
            throw new IllegalArgumentException(
                    "--lockstep, --for and --again need --speed max: --speed=" + speed);
        }
        if (isAgain && awaited.isEmpty()) {
            throw new IllegalArgumentException("--again needs --for NODE");
        }
        Replayer.Plan plan =
                new Replayer.Plan(
                        new StreamFilter(streams),
                        Speed.parse(speed),
                        from == null ? 0 : from.toNanos(),
                        awaited,
                        isLockstep,
                        isAgain);
        Consumer<String> lines = line -> System.err.println(name + ": " + line);
        TapeReader tape = new TapeReader(directory, lines);
        NodeContext context =
                new NodeContext()
                        .foam(options.directory())
                        .name(name)
                        .role(Recorder.ROLE)
                        .idleMode(IdleMode.BACKOFF);
        return NodeMain.run(context, new Replayer(tape, plan, lines, NodeEnd::soon));
    }
}
