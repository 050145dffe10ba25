package io.fluxfoam.teacher;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The root of the source tree or installation, which the launcher and the build give as {@code
 * -Dfoam.home}.
 */
final class FoamHome {
    private FoamHome() {}

    /** A path below the home, or empty when this process was not told where its home is. */
    static Optional<Path> resolve(String first, String... more) {
        return Optional.ofNullable(System.getProperty("foam.home"))
                .filter(home -> !home.isBlank())
                .map(home -> Path.of(home).resolve(Path.of(first, more)));
    }
}
