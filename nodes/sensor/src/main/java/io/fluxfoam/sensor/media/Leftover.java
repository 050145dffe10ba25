package io.fluxfoam.sensor.media;

import java.nio.file.Path;

/**
 * A file of a folder that is not shown.
 *
 * @param reason in one line, which names the file
 */
record Leftover(Path file, String reason) {}
