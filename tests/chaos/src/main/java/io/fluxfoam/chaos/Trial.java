package io.fluxfoam.chaos;

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
 * A fault that would damage what chaos cannot repair: done by a {@link Confined} process to a foam of its own, in a mount
 * namespace of its own. Where that is not permitted it is left out, with one line. The foam that is being tormented only
 * feels the load.
 */
final class Trial implements Ordeal {
    private final Ground ground;
    private final Fault fault;
    private final Debts.Debt debt;
    private Path directory;
    private Process process;
    private final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
    private final Thread listener;
    private Double detectMillis;
    private Double rejoinMillis;
    private int kills;
    private int hungNodes;

    Trial(Ground ground, JavaProgram program, Fault fault) throws IOException {
        this.ground = ground;
        this.fault = fault;
        this.debt = ground.debts().incur(fault.label() + " ends", () -> begin(program), this::end);
        this.listener = Thread.ofPlatform().daemon().name("chaos-trial").start(this::listen);
    }

    private void begin(JavaProgram program) throws IOException {
        directory = Files.createTempDirectory("foam-chaos-");
        List<String> line = new ArrayList<>(List.of("setsid", "unshare", "--user", "--map-root-user", "--mount"));
        line.addAll(program.command(Confined.class, List.of(fault.label(), directory.toString())));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(Map.of("FOAM_DIR", directory.resolve("foam").toString()));
        process = builder.start();
    }

    /** It removes its own foam, and its namespace goes with it. */
    private void end() throws IOException {
        if (process != null) {
            Dismissal.of(List.of(process));
        }
        if (directory != null) {
            Files.deleteIfExists(directory);
        }
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
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
        boolean ran = said.removeIf(line -> line.equals(Confined.BEGUN));
        for (String line : said) {
            take(line);
        }
        if (!ran) {
            ground.events().accept(fault.label(), "skipped: no namespace of its own: " + String.join(" ", said));
        } else if (process.exitValue() != 0) {
            hungNodes = 1;
        }
        debt.pay();
        return true;
    }

    private void take(String line) {
        String[] words = line.split("=");
        switch (words[0]) {
            case Confined.DETECTED -> detectMillis = Double.valueOf(words[1]);
            case Confined.BACK -> rejoinMillis = Double.valueOf(words[1]);
            case Confined.KILLS -> kills = Integer.parseInt(words[1]);
            default -> ground.events().accept(fault.label(), line);
        }
    }

    @Override
    public void abandon() throws IOException {
        hungNodes = 1;
        debt.pay();
    }

    @Override
    public List<Victim> victims() {
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
