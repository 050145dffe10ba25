package io.fluxfoam.chaos.process;

import io.fluxfoam.cli.FoamRemains;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A foam of light nodes that chaos made for itself, and removes when it is done. For one thread.
 */
public final class LightFoam implements AutoCloseable {
    private static final long START_TIMEOUT_NS = 60_000_000_000L;
    private static final long END_TIMEOUT_NS = 10_000_000_000L;

    private final JavaProgram program;
    private FoamUnderTest tested;

    private LightFoam(
            Path directory,
            JavaProgram program,
            Duration absence,
            BiConsumer<String, String> events)
            throws IOException {
        this.program = program;
        CleanupStack cleanup = new CleanupStack();
        try {
            cleanup.push(
                    directory + " is removed",
                    () ->
                            tested =
                                    tested(
                                            FoamDirectory.create(directory),
                                            absence,
                                            events,
                                            cleanup),
                    this::end);
        } catch (IOException | RuntimeException e) {
            cleanup.close();
            throw e;
        }
    }

    private static FoamUnderTest tested(
            FoamDirectory foam,
            Duration absence,
            BiConsumer<String, String> events,
            CleanupStack cleanup) {
        NodeTracker nodes = new NodeTracker(foam, FoamUnderTest.OBSERVER);
        return new FoamUnderTest(
                foam, nodes, new Restarter(foam, nodes, events), events, absence, cleanup, true);
    }

    /** An empty one in this directory, which must not be there yet. */
    public static LightFoam create(
            Path directory, JavaProgram program, BiConsumer<String, String> events)
            throws IOException {
        return create(directory, program, FoamUnderTest.DEFAULT_ABSENCE, events);
    }

    /** The same; who is told to be gone for a while is gone for so long. */
    public static LightFoam create(
            Path directory,
            JavaProgram program,
            Duration absence,
            BiConsumer<String, String> events)
            throws IOException {
        if (Files.exists(directory)) {
            throw new IOException("there is something already: path=" + directory);
        }
        return new LightFoam(directory, program, absence, events);
    }

    public FoamUnderTest tested() {
        return tested;
    }

    /** Starts a light node on the host. */
    public Process start(String name) throws IOException {
        return startUnder(List.of(), name);
    }

    /** Starts a light node by way of another program. */
    public Process startUnder(List<String> wrapper, String name) throws IOException {
        return start(wrapper, name, LightNode.class, List.of());
    }

    /** Starts any node that is on this process's class path. */
    public Process start(String name, Class<?> main, List<String> options) throws IOException {
        return start(List.of(), name, main, options);
    }

    private Process start(List<String> wrapper, String name, Class<?> main, List<String> options)
            throws IOException {
        List<String> line = new ArrayList<>(wrapper);
        line.addAll(program.command(main, arguments(name, options)));
        return start(name, line, System.getenv());
    }

    /**
     * Starts a node of this role as anybody would, from what is built: {@code ./foam node ROLE}.
     */
    public Process startRole(String role, String name, List<String> options) throws IOException {
        String launcher = program.home().resolve("foam").toString();
        List<String> line = new ArrayList<>(List.of(launcher, "node", role));
        line.addAll(arguments(name, options));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("FOAM_NO_BUILD", "1");
        return start(name, line, environment);
    }

    private List<String> arguments(String name, List<String> options) {
        List<String> arguments =
                new ArrayList<>(List.of("--foam", tested.foam().path().toString(), "--name", name));
        arguments.addAll(options);
        return arguments;
    }

    private Process start(String name, List<String> line, Map<String, String> environment)
            throws IOException {
        LaunchCommand command =
                new LaunchCommand(
                        name,
                        line,
                        Map.copyOf(environment),
                        Path.of("").toAbsolutePath(),
                        0,
                        tested.foam().path().resolve(name + ".log"));
        return tested.restarter().start(command, System.nanoTime());
    }

    /** Starts this many on the host, and waits until all of them publish. */
    public List<String> populate(int nodes) throws IOException, InterruptedException {
        return populate(nodes, List.of("host"));
    }

    /** Starts this many, which take these devices in turn, and waits until all of them publish. */
    public List<String> populate(int nodes, List<String> devices)
            throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            names.add("light-" + (i + 1));
            start(
                    names.getLast(),
                    LightNode.class,
                    List.of("--device", devices.get(i % devices.size())));
        }
        for (String name : names) {
            awaitPublished(name);
        }
        return names;
    }

    /** Waits until the node has committed something and can be found by its manifest. */
    public void awaitPublished(String name) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + START_TIMEOUT_NS;
        while (System.nanoTime() < deadlineNs) {
            tested.nodes().look();
            MarkView mark = tested.nodes().node(name).orElse(null);
            if (mark != null
                    && RejoinProbe.hasCommitted(tested.foam(), name, mark.incarnation())
                    && Files.exists(tested.foam().file(name, mark.incarnation(), "manifest"))) {
                return;
            }
            Thread.sleep(5);
        }
        throw new IOException(
                "a light node does not start: name="
                        + name
                        + " log="
                        + Files.readString(tested.foam().path().resolve(name + ".log")).strip());
    }

    /** Stops all nodes and removes the foam. */
    @Override
    public void close() throws IOException {
        tested.cleanup().close();
        tested.nodes().close();
    }

    /**
     * From any thread: the run's may be in the middle of something, so this has a herd of its own.
     */
    private void end() throws IOException {
        if (tested == null) {
            return; // it could not be created
        }
        List<ProcessHandle> started =
                tested.restarter().retire().stream().map(Process::toHandle).toList();
        try (NodeTracker nodes = new NodeTracker(tested.foam(), FoamUnderTest.OBSERVER)) {
            if (!haveEnded(nodes, started, ProcessHandle::destroy)
                    && !haveEnded(nodes, started, ProcessHandle::destroyForcibly)) {
                throw new IOException("alive after SIGKILL: pids=" + running(nodes, started));
            }
        }
        FoamRemains.remove(tested.foam());
    }

    /**
     * Sends all of them a signal, those included that come meanwhile; returns whether all have
     * ended before long.
     */
    private static boolean haveEnded(
            NodeTracker nodes, List<ProcessHandle> started, Consumer<ProcessHandle> signal)
            throws IOException {
        long deadlineNs = System.nanoTime() + END_TIMEOUT_NS;
        Set<ProcessHandle> told = new HashSet<>();
        for (Set<ProcessHandle> running = running(nodes, started);
                !running.isEmpty();
                running = running(nodes, started)) {
            if (System.nanoTime() >= deadlineNs) {
                return false;
            }
            running.stream().filter(told::add).forEach(signal);
            LockSupport.parkNanos(5_000_000);
        }
        return true;
    }

    /** Who has a name, and who was started and may not have one yet. */
    private static Set<ProcessHandle> running(NodeTracker nodes, List<ProcessHandle> started)
            throws IOException {
        nodes.look();
        Set<ProcessHandle> running =
                started.stream()
                        .filter(ProcessHandle::isAlive)
                        .collect(Collectors.toCollection(HashSet::new));
        nodes.living().forEach(node -> ProcessHandle.of(node.pid()).ifPresent(running::add));
        return running;
    }
}
