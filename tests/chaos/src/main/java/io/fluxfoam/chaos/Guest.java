package io.fluxfoam.chaos;

import io.fluxfoam.liveness.MarkView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A node that chaos itself brings into the foam, through all of its lives. Belongs to the run's thread. */
final class Guest {
    private final Ground ground;
    private final JavaProgram program;
    private final String name;
    private final Class<?> main;
    private final List<String> always;
    private long incarnationBefore;
    private volatile Process process;

    /**
     * A guest that does not live yet.
     *
     * @param always options of every life
     */
    Guest(Ground ground, JavaProgram program, String name, Class<?> main, List<String> always) {
        this.ground = ground;
        this.program = program;
        this.name = name;
        this.main = main;
        this.always = List.copyOf(always);
    }

    /** Begins a life. */
    void start(List<String> options) throws IOException {
        ground.herd().look(); // the life before may have begun and ended since the last one
        incarnationBefore = ground.herd().node(name).map(MarkView::incarnation).orElse(0L);
        List<String> arguments =
                new ArrayList<>(List.of("--foam", ground.foam().path().toString(), "--name", name));
        arguments.addAll(always);
        arguments.addAll(options);
        process =
                new Recipe(
                                name,
                                program.command(main, arguments),
                                Map.copyOf(System.getenv()),
                                Path.of("").toAbsolutePath(),
                                0,
                                ground.foam().path().resolve(name + ".log"))
                        .start();
    }

    String name() {
        return name;
    }

    /** The mark of this life; empty until it has its name. */
    Optional<MarkView> mark() {
        return ground.herd().node(name).filter(mark -> mark.incarnation() > incarnationBefore);
    }

    /** Whether this life has committed something. */
    boolean hasCommitted() throws IOException {
        Optional<MarkView> mark = mark();
        return mark.isPresent() && Comeback.hasCommitted(ground.foam(), name, mark.get().incarnation());
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Exit code of a life that has ended. */
    int exitCode() {
        return process.exitValue();
    }

    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Ends those that run. From any thread. */
    static void dismiss(Collection<Guest> guests) throws IOException {
        Dismissal.of(guests.stream().map(guest -> guest.process).filter(Objects::nonNull).toList());
    }
}
