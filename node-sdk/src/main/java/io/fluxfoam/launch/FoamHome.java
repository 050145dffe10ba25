package io.fluxfoam.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the launcher and the nodes' modules are: what {@code ./foam} gives as {@code -Dfoam.home}.
 */
public final class FoamHome {
    private static final String PROPERTY = "foam.home";

    private final Path path;

    private FoamHome(Path path) {
        this.path = path;
    }

    /** A path below the home; empty when this process was not told where its home is. */
    public static Optional<Path> resolve(String first, String... more) {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .filter(home -> !home.isBlank())
                .map(home -> Path.of(home).resolve(Path.of(first, more)));
    }

    /**
     * The home of this process.
     *
     * @throws IllegalStateException if it was not started by {@code ./foam}
     */
    public static FoamHome current() {
        String home = System.getProperty(PROPERTY, "");
        if (home.isBlank() || !Files.isExecutable(Path.of(home, "foam"))) {
            throw new IllegalStateException(
                    "start this command with ./foam: foam.home=\"" + home + "\"");
        }
        return new FoamHome(Path.of(home).toAbsolutePath());
    }

    public Path launcher() {
        return path.resolve("foam");
    }

    /** The directory into which the build puts a teacher's models. */
    public Path models(String teacher) {
        return path.resolve("nodes").resolve(teacher).resolve("target").resolve("models");
    }

    /** Whether the build found a teacher's models. */
    public boolean hasModels(String teacher) {
        String[] files = models(teacher).toFile().list((directory, name) -> name.endsWith(".onnx"));
        return files != null && files.length > 0;
    }
}
