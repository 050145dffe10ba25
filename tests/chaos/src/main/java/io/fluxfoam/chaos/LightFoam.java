package io.fluxfoam.chaos;

import io.fluxfoam.cli.FoamRemains;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A foam of light nodes that chaos made for itself, and removes when it is done. For one thread. */
final class LightFoam implements AutoCloseable {
    private static final long START_TIMEOUT_NS = 60_000_000_000L;
    private static final long END_TIMEOUT_NS = 10_000_000_000L;

    private final JavaProgram program;
    private Ground ground;

    private LightFoam(Path directory, JavaProgram program, BiConsumer<String, String> events) throws IOException {
        this.program = program;
        Debts debts = new Debts();
        try {
            debts.incur(
                    directory + " is removed",
                    () -> ground = ground(FoamDirectory.create(directory), events, debts),
                    this::end);
        } catch (IOException | RuntimeException e) {
            debts.close();
            throw e;
        }
    }

    private static Ground ground(FoamDirectory foam, BiConsumer<String, String> events, Debts debts) {
        Herd herd = new Herd(foam, ChaosRun.NAME);
        return new Ground(foam, herd, new Keeper(foam, herd, events), events, Ground.DEFAULT_ABSENCE, debts, true);
    }

    /** An empty one in this directory, which must not be there yet. */
    static LightFoam create(Path directory, JavaProgram program, BiConsumer<String, String> events) throws IOException {
        if (Files.exists(directory)) {
            throw new IOException("there is something already: path=" + directory);
        }
        return new LightFoam(directory, program, events);
    }

    Ground ground() {
        return ground;
    }

    /** Starts a light node on the host. */
    Process start(String name) throws IOException {
        return startUnder(List.of(), name);
    }

    /** Starts a light node by way of another program. */
    Process startUnder(List<String> wrapper, String name) throws IOException {
        return start(wrapper, name, LightNode.class, List.of());
    }

    /** Starts any node that is on this process's class path. */
    Process start(String name, Class<?> main, List<String> options) throws IOException {
        return start(List.of(), name, main, options);
    }

    private Process start(List<String> wrapper, String name, Class<?> main, List<String> options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--foam", ground.foam().path().toString(), "--name", name));
        arguments.addAll(options);
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(program.command(main, arguments));
        Recipe recipe =
                new Recipe(
                        name,
                        command,
                        Map.copyOf(System.getenv()),
                        Path.of("").toAbsolutePath(),
                        0,
                        ground.foam().path().resolve(name + ".log"));
        return ground.keeper().start(recipe, System.nanoTime());
    }

    /** Starts this many on the host, and waits until all of them publish. */
    List<String> populate(int nodes) throws IOException, InterruptedException {
        return populate(nodes, List.of("host"));
    }

    /** Starts this many, which take these devices in turn, and waits until all of them publish. */
    List<String> populate(int nodes, List<String> devices) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            names.add("light-" + (i + 1));
            start(names.getLast(), LightNode.class, List.of("--device", devices.get(i % devices.size())));
        }
        for (String name : names) {
            awaitPublished(name);
        }
        return names;
    }

    /** Waits until the node has committed something and can be found by its manifest. */
    void awaitPublished(String name) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + START_TIMEOUT_NS;
        while (System.nanoTime() < deadlineNs) {
            ground.herd().look();
            MarkView mark = ground.herd().node(name).orElse(null);
            if (mark != null
                    && Comeback.hasCommitted(ground.foam(), name, mark.incarnation())
                    && Files.exists(ground.foam().file(name, mark.incarnation(), "manifest"))) {
                return;
            }
            Thread.sleep(5);
        }
        throw new IOException(
                "a light node does not start: name=" + name + " log="
                        + Files.readString(ground.foam().path().resolve(name + ".log")).strip());
    }

    /** Stops all nodes and removes the foam. */
    @Override
    public void close() throws IOException {
        ground.debts().close();
        ground.herd().close();
    }

    /** From any thread: the run's may be in the middle of something, so this has a herd of its own. */
    private void end() throws IOException {
        if (ground == null) {
            return; // it could not be created
        }
        List<ProcessHandle> started = ground.keeper().retire().stream().map(Process::toHandle).toList();
        try (Herd herd = new Herd(ground.foam(), ChaosRun.NAME)) {
            if (!haveEnded(herd, started, ProcessHandle::destroy)
                    && !haveEnded(herd, started, ProcessHandle::destroyForcibly)) {
                throw new IOException("alive after SIGKILL: pids=" + running(herd, started));
            }
        }
        FoamRemains.remove(ground.foam());
    }

    /** Sends all of them a signal, those included that come meanwhile; returns whether all have ended before long. */
    private static boolean haveEnded(Herd herd, List<ProcessHandle> started, Consumer<ProcessHandle> signal)
            throws IOException {
        long deadlineNs = System.nanoTime() + END_TIMEOUT_NS;
        Set<ProcessHandle> told = new HashSet<>();
        for (Set<ProcessHandle> running = running(herd, started); !running.isEmpty(); running = running(herd, started)) {
            if (System.nanoTime() >= deadlineNs) {
                return false;
            }
            running.stream().filter(told::add).forEach(signal);
            LockSupport.parkNanos(5_000_000);
        }
        return true;
    }

    /** Who has a name, and who was started and may not have one yet. */
    private static Set<ProcessHandle> running(Herd herd, List<ProcessHandle> started) throws IOException {
        herd.look();
        Set<ProcessHandle> running =
                started.stream().filter(ProcessHandle::isAlive).collect(Collectors.toCollection(HashSet::new));
        herd.living().forEach(node -> ProcessHandle.of(node.pid()).ifPresent(running::add));
        return running;
    }
}
