package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.bench.transport.Route;
import io.fluxfoam.bench.transport.TransportKind;
import io.fluxfoam.bench.transport.Wait;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A writer's and a reader's process with one transport between them, as the bench drives them. */
final class Pair implements AutoCloseable {
    private static final long START_TIMEOUT_MS = 60_000;
    private static final long REPLY_TIMEOUT_MS = 120_000;
    private static final long SECOND_REASON_TIMEOUT_MS = 1_000;
    private final Workspace workspace;
    private final Path directory;
    private final ChildProcess writer;
    private final ChildProcess reader;
    private int routes;

    private Pair(Workspace workspace, Path directory, ChildProcess writer, ChildProcess reader) {
        this.workspace = workspace;
        this.directory = directory;
        this.writer = writer;
        this.reader = reader;
    }

    /** What the machine could do just before a row. */
    record Limits(double pingPongNs, double copyGigabytesPerSecond) {}

    /**
     * Latencies of one repetition, in the order of sending, and the transport's messages in a
     * payload.
     */
    record Latencies(long[] nanoseconds, int chunks) {}

    /** Starts both processes and does not wait for them. */
    static Pair start(
            Workspace workspace,
            String name,
            TransportKind transport,
            Wait wait,
            List<String> options)
            throws IOException, InterruptedException {
        Path directory = workspace.newDirectory(name);
        Rendezvous.create(directory.resolve(IpcChild.RENDEZVOUS));
        return new Pair(
                workspace,
                directory,
                start(workspace, name, IpcChild.WRITER, transport, wait, options, directory),
                start(workspace, name, IpcChild.READER, transport, wait, options, directory));
    }

    private static ChildProcess start(
            Workspace workspace,
            String name,
            String side,
            TransportKind transport,
            Wait wait,
            List<String> options,
            Path directory)
            throws IOException, InterruptedException {
        if (side.equals(IpcChild.READER) && ClientLine.isOf(transport)) {
            return workspace.start(name + "-" + side, ClientLine.of(transport, wait, directory));
        }
        List<String> arguments = List.of(side, transport.name(), wait.name(), directory.toString());
        return workspace.start(name + "-" + side, JavaLine.of(IpcChild.class, options, arguments));
    }

    void awaitReady() throws IOException, InterruptedException {
        writer.receive(START_TIMEOUT_MS);
        reader.receive(START_TIMEOUT_MS);
    }

    Limits measureLimits(long payloadBytes) throws IOException, InterruptedException {
        String command = IpcChild.LIMITS + " " + payloadBytes;
        writer.send(command);
        reader.send(command);
        String[] figures = result(writer).split(" ");
        result(reader);
        return new Limits(Double.parseDouble(figures[0]), Double.parseDouble(figures[1]));
    }

    Latencies measureLatency(Pattern pattern, long payloadBytes, Budget budget)
            throws IOException, InterruptedException {
        int chunks = 1;
        String latencies;
        Task task =
                new Task(
                        ++routes,
                        Route.Phase.LATENCY,
                        pattern,
                        payloadBytes,
                        budget.warmups(),
                        budget.samples(),
                        budget.latencyNs());
        try (RouteFiles _ = new RouteFiles(directory, task.route())) {
            send(task);
            latencies = readerResult();
            chunks = Integer.parseInt(result(writer));
        }
        return new Latencies(
                Arrays.stream(latencies.split(" ")).mapToLong(Long::parseLong).toArray(), chunks);
    }

    double measureRate(Pattern pattern, long payloadBytes, Budget budget)
            throws IOException, InterruptedException {
        Task task =
                new Task(
                        ++routes,
                        Route.Phase.RATE,
                        pattern,
                        payloadBytes,
                        budget.warmups(),
                        budget.messages(),
                        budget.rateNs());
        try (RouteFiles _ = new RouteFiles(directory, task.route())) {
            send(task);
            String[] figures = readerResult().split(" ");
            result(writer);
            return Long.parseLong(figures[0]) * 1e9 / Long.parseLong(figures[1]);
        }
    }

    private void send(Task task) {
        String command = IpcChild.RUN + " " + task.toLine();
        writer.send(command);
        reader.send(command);
    }

    /** If the reader fails because the writer did, it is the writer's reason that says why. */
    private String readerResult() throws IOException, InterruptedException {
        try {
            return result(reader);
        } catch (IOException readersReason) {
            String reply;
            try {
                reply = writer.receive(SECOND_REASON_TIMEOUT_MS);
            } catch (IOException writersReason) {
                throw readersReason;
            }
            throw reply.startsWith("failed ")
                    ? new IOException(reply.substring("failed ".length()))
                    : readersReason;
        }
    }

    private static String result(ChildProcess child) throws IOException, InterruptedException {
        String[] reply = child.receive(REPLY_TIMEOUT_MS).split(" ", 2);
        String rest = reply.length > 1 ? reply[1] : "";
        if (!reply[0].equals("ok")) {
            throw new IOException(rest);
        }
        return rest;
    }

    /** Kills both. */
    @Override
    public void close() {
        workspace.end(writer);
        workspace.end(reader);
        Workspace.remove(directory);
    }

    private record RouteFiles(Path path) implements AutoCloseable {
        RouteFiles(Path pair, int route) throws IOException {
            this(Files.createDirectory(pair.resolve(Integer.toString(route))));
        }

        @Override
        public void close() {
            Workspace.remove(path);
        }
    }
}
