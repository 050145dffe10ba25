package io.fluxfoam.chaos;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** A foam of light nodes that chaos made for itself, and removes when it is done. For one thread. */
final class LightFoam implements AutoCloseable {
    private static final long START_TIMEOUT_NS = 60_000_000_000L;
    private static final long STOP_TIMEOUT_MS = 10_000;

    private final Ground ground;
    private final JavaProgram program;
    private final Thread atExit = new Thread(this::endAtExit, "chaos-end");

    private LightFoam(Ground ground, JavaProgram program) {
        this.ground = ground;
        this.program = program;
    }

    /** An empty one in this directory, which must not be there yet. */
    static LightFoam create(Path directory, JavaProgram program, BiConsumer<String, String> events) throws IOException {
        if (Files.exists(directory)) {
            throw new IOException("there is something already: path=" + directory);
        }
        FoamDirectory foam = FoamDirectory.create(directory);
        Herd herd = new Herd(foam, ChaosRun.NAME);
        LightFoam light = new LightFoam(new Ground(foam, herd, new Keeper(foam, herd, events), events, Ground.DEFAULT_ABSENCE), program);
        Runtime.getRuntime().addShutdownHook(light.atExit);
        return light;
    }

    /** Ctrl-C at chaos leaves nobody behind. The run's thread may be in the middle of something: a herd of its own. */
    private void endAtExit() {
        ground.keeper().retire();
        try (Herd herd = new Herd(ground.foam(), ChaosRun.NAME)) {
            herd.look();
            herd.living().forEach(node -> ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroyForcibly));
            remove();
        } catch (IOException e) {
            System.err.println("chaos: " + ground.foam().path() + " is not removed: " + e.getMessage());
        }
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
        ground.herd().look();
        for (MarkView node : ground.herd().living()) {
            ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroy);
        }
        long deadlineNs = System.nanoTime() + STOP_TIMEOUT_MS * 1_000_000;
        while (!ground.herd().living().isEmpty() && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(5_000_000);
            ground.herd().look();
        }
        for (MarkView node : ground.herd().living()) {
            ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        ground.herd().close();
        remove();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void remove() throws IOException {
        try (Stream<Path> files = Files.walk(ground.foam().path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
