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
        return new LightFoam(new Ground(foam, herd, new Keeper(foam, herd, events), events), program);
    }

    Ground ground() {
        return ground;
    }

    /** Starts a light node. */
    Process start(String name, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--foam", ground.foam().path().toString(), "--name", name));
        arguments.addAll(List.of(options));
        Recipe recipe =
                new Recipe(
                        name,
                        program.command(LightNode.class, arguments),
                        Map.copyOf(System.getenv()),
                        Path.of("").toAbsolutePath(),
                        0,
                        ground.foam().path().resolve(name + ".log"));
        return ground.keeper().start(recipe, System.nanoTime());
    }

    /** Starts this many, and waits until all of them publish. */
    List<String> populate(int nodes) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            names.add("light-" + i);
            start(names.getLast());
        }
        for (String name : names) {
            awaitCommit(name);
        }
        return names;
    }

    /** Waits until the node has committed something. */
    void awaitCommit(String name) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + START_TIMEOUT_NS;
        while (System.nanoTime() < deadlineNs) {
            ground.herd().look();
            MarkView mark = ground.herd().node(name).orElse(null);
            if (mark != null && Comeback.hasCommitted(ground.foam(), name, mark.incarnation())) {
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
        try (Stream<Path> files = Files.walk(ground.foam().path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
