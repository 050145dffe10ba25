package io.fluxfoam.sensor;

import java.io.IOException;
import java.nio.file.Path;

/** Resume points of a sensor, for tests that damage them. */
public final class ResumeFiles {
    private ResumeFiles() {}

    /** Opens one, as a sensor does. */
    public static void open(Path file) throws IOException {
        try (ResumePoint point = ResumePoint.open(file)) {
            point.nextCounter();
        }
    }
}
