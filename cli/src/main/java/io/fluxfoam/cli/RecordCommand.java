package io.fluxfoam.cli;

import io.fluxfoam.cli.tape.Recorder;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Names;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.tape.TapeWriter;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** {@code ./foam record}. */
@Command(
        name = "record",
        description =
                "Record streams, manifests, journals, deaths and returns of a running foam to a tape"
                        + " (MCAP files), until Ctrl-C. Goes on where a tape ends.")
final class RecordCommand implements Callable<Integer> {
    @Mixin private FoamOptions options;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory of the tape, created if need be.")
    private Path out;

    @Option(
            names = "--limit",
            paramLabel = "SIZE",
            converter = ByteSize.Converter.class,
            description = "End when the tape has this size, such as 500M or 2G (default: go on).")
    private ByteSize limit;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "record",
            description = "Name of the recorder's node (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where the foam's nodes keep their journals, as of up (default: the foam).")
    private Path state;

    @Parameters(
            paramLabel = "STREAM",
            arity = "0..*",
            description = "NODE or NODE/STREAM, with * and ? (default: all).")
    private List<String> streams = List.of();

    @Override
    public Integer call() throws Exception {
        Names.check("node", name);
        StreamFilter wanted = new StreamFilter(streams);
        FoamDirectory foam = options.open();
        Consumer<String> lines = line -> System.err.println(name + ": " + line);
        TapeWriter.Bounds bounds =
                limit == null
                        ? TapeWriter.Bounds.NONE
                        : TapeWriter.Bounds.NONE.limit(limit.bytes());
        TapeWriter tape = TapeWriter.open(out, foam.createdMillis(), bounds, lines);
        Path journals = (state == null ? foam.path() : state).resolve("journal");
        NodeContext context = new NodeContext().foam(foam.path()).name(name).role(Recorder.ROLE);
        return NodeMain.run(context, new Recorder(tape, wanted, journals, lines, NodeEnd::soon));
    }
}
