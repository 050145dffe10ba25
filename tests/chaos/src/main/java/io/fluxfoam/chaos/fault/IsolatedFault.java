package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.plan.FaultKind;
import io.fluxfoam.chaos.process.CleanupStack;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.Termination;
import io.fluxfoam.liveness.FileTree;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A fault that is not done to the foam under test, which only feels the load, but by a process to
 * foams of its own: by {@link IsolatedFaultMain}, in a mount namespace of its own, if it would
 * damage what chaos cannot repair, by {@link LinkFaultMain} if it happens to two boxes and the wire
 * between them. Where that cannot be it is left out, with one line.
 */
final class IsolatedFault implements FaultExecution {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "foam-chaos-";

    private final FoamUnderTest tested;
    private final FaultKind fault;
    private final CleanupStack.Entry entry;
    private Path directory;
    private Process process;
    private final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
    private final Thread listener;
    private Double detectMillis;
    private Double rejoinMillis;
    private int kills;
    private int hungNodes;

    IsolatedFault(FoamUnderTest tested, JavaProgram program, FaultKind fault) throws IOException {
        this.tested = tested;
        this.fault = fault;
        this.entry =
                tested.cleanup().push(fault.label() + " ends", () -> begin(program), this::end);
        this.listener = Thread.ofPlatform().daemon().name("chaos-trial").start(this::listen);
    }

    private void begin(JavaProgram program) throws IOException {
        List<String> line = new ArrayList<>(List.of("setsid"));
        if (fault.aim() == FaultKind.Aim.OWN_BOXES) {
            directory = Files.createTempDirectory(SHARED_MEMORY, PREFIX);
            String absenceMs = String.valueOf(tested.absence().toMillis());
            line.addAll(
                    program.command(
                            LinkFaultMain.class,
                            List.of(fault.label(), directory.toString(), absenceMs)));
        } else {
            directory = Files.createTempDirectory(PREFIX);
            line.addAll(List.of("unshare", "--user", "--map-root-user", "--mount"));
            line.addAll(
                    program.command(
                            IsolatedFaultMain.class, List.of(fault.label(), directory.toString())));
        }
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(Map.of("FOAM_DIR", directory.resolve("foam").toString()));
        process = builder.start();
    }

    /** It removes its own foams, unless it had to be killed. */
    private void end() throws IOException {
        if (process != null) {
            Termination.of(List.of(process));
        }
        if (directory != null) {
            FileTree.remove(directory);
        }
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(said::add);
        } catch (IOException | UncheckedIOException e) {
            said.add(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        if (process.isAlive() || listener.isAlive()) {
            return false;
        }
        boolean ran = said.removeIf(line -> line.equals(IsolatedFaultMain.BEGUN));
        for (String line : said) {
            take(line);
        }
        if (!ran) {
            tested.events()
                    .accept(
                            fault.label(),
                            "skipped: no foam of its own: " + String.join(" ", said));
        } else if (process.exitValue() != 0) {
            hungNodes = 1;
        }
        entry.undo();
        return true;
    }

    private void take(String line) {
        String[] words = line.split("=");
        switch (words[0]) {
            case IsolatedFaultMain.DETECTED -> detectMillis = Double.valueOf(words[1]);
            case IsolatedFaultMain.BACK -> rejoinMillis = Double.valueOf(words[1]);
            case IsolatedFaultMain.KILLS -> kills = Integer.parseInt(words[1]);
            default -> tested.events().accept(fault.label(), line);
        }
    }

    @Override
    public void abandon() throws IOException {
        hungNodes = 1;
        entry.undo();
    }

    @Override
    public List<KilledNode> killedNodes() {
        return List.of();
    }

    @Override
    public int kills() {
        return kills;
    }

    @Override
    public int hungNodes() {
        return hungNodes;
    }

    @Override
    public boolean isAbout(String node) {
        return false;
    }

    @Override
    public Double detectMillis() {
        return detectMillis;
    }

    @Override
    public Double rejoinMillis() {
        return rejoinMillis;
    }
}
