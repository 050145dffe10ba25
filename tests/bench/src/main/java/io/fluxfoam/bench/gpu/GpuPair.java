package io.fluxfoam.bench.gpu;

import io.fluxfoam.bench.ipc.Rendezvous;
import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two processes that hand tensors of one size over by one route. */
final class GpuPair implements GpuPeer {
    private static final long START_TIMEOUT_MS = 60_000;
    private static final long REPLY_TIMEOUT_MS = 120_000;

    private final Workspace workspace;
    private final Path directory;
    private final ChildProcess writer;
    private final ChildProcess reader;
    private boolean isPinned = true;

    private GpuPair(Workspace workspace, Path directory, ChildProcess writer, ChildProcess reader) {
        this.workspace = workspace;
        this.directory = directory;
        this.writer = writer;
        this.reader = reader;
    }

    static GpuPair start(
            Workspace workspace, String name, String device, GpuRoute route, long payloadBytes)
            throws IOException, InterruptedException {
        Path directory = workspace.newDirectory(name);
        Rendezvous.create(directory.resolve(GpuChild.RENDEZVOUS));
        List<String> arguments =
                List.of(device, route.name(), Long.toString(payloadBytes), directory.toString());
        GpuPair pair =
                new GpuPair(
                        workspace,
                        directory,
                        child(workspace, name, GpuChild.WRITER, arguments),
                        child(workspace, name, GpuChild.READER, arguments));
        try {
            pair.writer.receive(START_TIMEOUT_MS);
            pair.reader.receive(START_TIMEOUT_MS);
            return pair;
        } catch (IOException | InterruptedException e) {
            pair.close();
            throw e;
        }
    }

    /** Keeps the device busy until it is ended by the workspace. */
    static ChildProcess startNeighbour(Workspace workspace, String name, String device)
            throws IOException, InterruptedException {
        ChildProcess neighbour = child(workspace, name, GpuChild.NEIGHBOUR, List.of(device));
        neighbour.receive(START_TIMEOUT_MS);
        return neighbour;
    }

    private static ChildProcess child(
            Workspace workspace, String name, String what, List<String> arguments)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(what));
        all.addAll(arguments);
        return workspace.start(
                name + "-" + what,
                JavaLine.of(GpuChild.class, List.of("-Xmx64m", "-XX:-UsePerfData"), all));
    }

    /** One repetition: the kernels alone, then one message at a time, then as many as possible. */
    @Override
    public GpuRow.Repetition measure(GpuBudget budget) throws IOException, InterruptedException {
        long[] aloneNs =
                figures(
                        ask(
                                writer,
                                new GpuTask(GpuTask.ALONE, budget.warmups(), budget.samples())));
        long[] latenciesNs =
                figures(askBoth(new GpuTask(GpuTask.LATENCY, budget.warmups(), budget.samples())));
        long[] rate =
                figures(askBoth(new GpuTask(GpuTask.RATE, budget.warmups(), budget.samples())));
        return new GpuRow.Repetition(aloneNs, latenciesNs, rate[0] * 1e9 / rate[1]);
    }

    /** Before the reader joins for good: a second mapping of the same memory would cost nothing. */
    GpuResult.Join measureJoins(long payloadBytes, int turns)
            throws IOException, InterruptedException {
        long[] medians = figures(ask(reader, new GpuTask(GpuTask.JOIN, 0, turns)));
        return new GpuResult.Join(payloadBytes, medians[0], medians[1]);
    }

    private String askBoth(GpuTask task) throws IOException, InterruptedException {
        writer.send(task.toLine());
        String figures = ask(reader, task);
        String said = result(writer) + figures;
        if (isPinned && said.contains(GpuTask.NOT_PINNED)) {
            GpuCommand.say(
                    directory.getFileName()
                            + ": the host's pages could not be pinned, its copies are slower for that");
            isPinned = false;
        }
        return figures.replace(GpuTask.NOT_PINNED, "");
    }

    private static String ask(ChildProcess child, GpuTask task)
            throws IOException, InterruptedException {
        child.send(task.toLine());
        return result(child);
    }

    private static String result(ChildProcess child) throws IOException, InterruptedException {
        String[] reply = child.receive(REPLY_TIMEOUT_MS).split(" ", 2);
        if (!reply[0].equals("ok")) {
            throw new IOException(reply[1]);
        }
        return reply[1];
    }

    private static long[] figures(String line) {
        return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    /** Kills both. */
    @Override
    public void close() {
        workspace.end(writer);
        workspace.end(reader);
        Workspace.remove(directory);
    }
}
