package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.process.Conversation;
import io.fluxfoam.bench.transport.Inlet;
import io.fluxfoam.bench.transport.Outlet;
import io.fluxfoam.bench.transport.Route;
import io.fluxfoam.bench.transport.Transport;
import io.fluxfoam.bench.transport.TransportKind;
import io.fluxfoam.bench.transport.Wait;

import java.nio.file.Path;

/**
 * One of the two processes of a pair; arguments: writer or reader, transport, wait, directory of
 * the pair.
 */
final class IpcChild {
    static final String WRITER = "writer";
    static final String READER = "reader";
    static final String LIMITS = "limits";
    static final String RUN = "run";
    static final String RENDEZVOUS = "rendezvous";
    private static final long OPEN_TIMEOUT_NS = 20_000_000_000L;
    private final boolean isWriter;
    private final Path directory;
    private final Transport transport;
    private final Rendezvous rendezvous;
    private final PingPong pingPong;
    private double pingPongNs;

    private IpcChild(boolean isWriter, Path directory, Transport transport, Rendezvous rendezvous) {
        this.isWriter = isWriter;
        this.directory = directory;
        this.transport = transport;
        this.rendezvous = rendezvous;
        this.pingPong = new PingPong(rendezvous);
    }

    public static void main(String[] args) throws Exception {
        Conversation bench = Conversation.begin();
        Path directory = Path.of(args[3]);
        try (Rendezvous rendezvous = Rendezvous.open(directory.resolve(RENDEZVOUS));
                Transport transport =
                        TransportKind.valueOf(args[1]).open(Wait.valueOf(args[2]), directory)) {
            IpcChild child = new IpcChild(args[0].equals(WRITER), directory, transport, rendezvous);
            bench.reply("ready");
            while (true) {
                bench.reply(child.carryOut(bench.next()));
            }
        }
    }

    private String carryOut(String command) {
        String[] verb = command.split(" ", 2);
        try {
            return "ok "
                    + (verb[0].equals(LIMITS)
                            ? limits(Long.parseLong(verb[1]))
                            : run(Task.ofLine(verb[1])));
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            return "failed " + e.toString().lines().findFirst().orElse("");
        }
    }

    private String limits(long payloadBytes) {
        if (isWriter) {
            pingPongNs = pingPong.measure();
            return pingPongNs + " " + CopySpeed.measure(payloadBytes);
        }
        pingPong.answer();
        return "";
    }

    private String run(Task task) throws Exception {
        Path files = directory.resolve(Integer.toString(task.route()));
        Route route = new Route(task.route(), files, task.payloadBytes(), task.phase(), pingPongNs);
        try {
            return isWriter ? write(task, route) : read(task, route);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            rendezvous.failed(task.route());
            throw e;
        }
    }

    private String write(Task task, Route route) throws Exception {
        try (Outlet outlet = transport.write(route)) {
            rendezvous.writerOpened(task.route());
            rendezvous.awaitReader(task.route(), OPEN_TIMEOUT_NS);
            new WriterTask(task, outlet, rendezvous).run();
            return Integer.toString(transport.chunks(task.payloadBytes()));
        }
    }

    private String read(Task task, Route route) throws Exception {
        rendezvous.awaitWriter(task.route(), OPEN_TIMEOUT_NS);
        try (Inlet inlet = transport.read(route)) {
            ReaderTask reader = new ReaderTask(task, rendezvous);
            rendezvous.readerOpened(task.route());
            inlet.receive(reader);
            return reader.result();
        }
    }
}
