package io.fluxfoam.chaos.guest;

import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LaunchCommand;
import io.fluxfoam.chaos.process.RejoinProbe;
import io.fluxfoam.chaos.process.Termination;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A node that chaos itself brings into the foam, through all of its lives. Belongs to the run's
 * thread.
 */
public final class Guest {
    private final FoamUnderTest tested;
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
    public Guest(
            FoamUnderTest tested,
            JavaProgram program,
            String name,
            Class<?> main,
            List<String> always) {
        this.tested = tested;
        this.program = program;
        this.name = name;
        this.main = main;
        this.always = List.copyOf(always);
    }

    /** Begins a life. */
    public void start(List<String> options) throws IOException {
        tested.nodes().look(); // the life before may have begun and ended since the last one
        incarnationBefore = tested.nodes().node(name).map(MarkView::incarnation).orElse(0L);
        List<String> arguments =
                new ArrayList<>(List.of("--foam", tested.foam().path().toString(), "--name", name));
        arguments.addAll(always);
        arguments.addAll(options);
        process =
                new LaunchCommand(
                                name,
                                program.command(main, arguments),
                                Map.copyOf(System.getenv()),
                                Path.of("").toAbsolutePath(),
                                0,
                                tested.foam().path().resolve(name + ".log"))
                        .start();
    }

    public String name() {
        return name;
    }

    /** The mark of this life; empty until it has its name. */
    public Optional<MarkView> mark() {
        return tested.nodes().node(name).filter(mark -> mark.incarnation() > incarnationBefore);
    }

    /** Whether this life has committed something. */
    public boolean hasCommitted() throws IOException {
        Optional<MarkView> mark = mark();
        return mark.isPresent()
                && RejoinProbe.hasCommitted(tested.foam(), name, mark.get().incarnation());
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Exit code of a life that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    public void terminate() {
        process.destroy();
    }

    public void kill() {
        process.destroyForcibly();
    }

    /** Ends those that run. From any thread. */
    public static void dismiss(Collection<Guest> guests) throws IOException {
        Termination.of(
                guests.stream().map(guest -> guest.process).filter(Objects::nonNull).toList());
    }
}
