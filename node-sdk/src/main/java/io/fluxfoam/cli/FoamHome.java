package io.fluxfoam.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the launcher and the nodes' modules are: what {@code ./foam} gives as {@code -Dfoam.home}.
 */
final class FoamHome {
    private final Path path;

    private FoamHome(Path path) {
        this.path = path;
    }

    /**
     * The home of this process.
     *
     * @throws IllegalStateException if it was not started by {@code ./foam}
     */
    static FoamHome current() {
        String home = System.getProperty("foam.home", "");
        if (home.isBlank() || !Files.isExecutable(Path.of(home, "foam"))) {
            throw new IllegalStateException(
                    "start this command with ./foam: foam.home=\"" + home + "\"");
        }
        return new FoamHome(Path.of(home).toAbsolutePath());
    }

    /** The launcher. */
    Path launcher() {
        return path.resolve("foam");
    }

    /** The directory into which the build puts a teacher's models. */
    Path models(String teacher) {
        return path.resolve("nodes").resolve(teacher).resolve("target").resolve("models");
    }

    /** Whether the build found a teacher's models. */
    boolean hasModels(String teacher) {
        String[] files = models(teacher).toFile().list((directory, name) -> name.endsWith(".onnx"));
        return files != null && files.length > 0;
    }
}
