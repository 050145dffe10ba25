package io.fluxfoam.bridge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces with a wire between them that can be made worse. Needs root, {@code ip}
 * and Python 3.
 */
final class TwoNetworks implements AutoCloseable {
    static final String FIRST = "10.231.7.1";
    static final String SECOND = "10.231.7.2";
    private static final String DEVICE = "wire0";

    private final String first = "foam-a" + ProcessHandle.current().pid();
    private final String second = "foam-b" + ProcessHandle.current().pid();
    private Process wire;

    /** Makes them, with what the wire needs in this directory. */
    TwoNetworks(Path directory) throws IOException {
        Path script = directory.resolve("wire.py");
        try (InputStream in = TwoNetworks.class.getResourceAsStream("wire.py")) {
            Files.write(script, in.readAllBytes());
        }
        try {
            run("ip", "netns", "add", first);
            run("ip", "netns", "add", second);
            run("ip", "netns", "exec", first, "true"); // some containers may add, but not enter
            wire =
                    new ProcessBuilder("python3", script.toString(), first, second)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            BufferedReader said =
                    new BufferedReader(
                            new InputStreamReader(wire.getInputStream(), StandardCharsets.UTF_8));
            if (!"ready".equals(said.readLine())) {
                throw new IOException("the wire could not be made");
            }
            for (String name : List.of(first, second)) {
                String address = name.equals(first) ? FIRST : SECOND;
                run("ip", "-n", name, "addr", "add", address + "/24", "dev", DEVICE);
                run("ip", "-n", name, "link", "set", DEVICE, "up");
                run("ip", "-n", name, "link", "set", "lo", "up");
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** What the command line of a process in the first begins with. */
    List<String> inFirst() {
        return List.of("ip", "netns", "exec", first);
    }

    List<String> inSecond() {
        return List.of("ip", "netns", "exec", second);
    }

    /** How the wire is from now on, in both directions; one that loses all is cut. */
    void wire(double delayMs, double lossRatio) throws IOException {
        Writer out = wire.outputWriter(StandardCharsets.UTF_8);
        out.write(String.format(Locale.ROOT, "%f %f\n", delayMs, lossRatio));
        out.flush();
    }

    private static void run(String... line) throws IOException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        byte[] said = process.getInputStream().readAllBytes();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                String text = new String(said, StandardCharsets.UTF_8).strip();
                throw new IOException(String.join(" ", line) + ": " + text);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (wire != null) {
            wire.destroy();
        }
        for (String name : List.of(first, second)) {
            try {
                run("ip", "netns", "delete", name);
            } catch (IOException e) {
                // it was never made
            }
        }
    }
}
