package io.fluxfoam.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The numeric user id of this process. */
public final class UserId {
    private static final int CURRENT = read();

    private UserId() {}

    /** Effective user id. */
    public static int current() {
        return CURRENT;
    }

    private static int read() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the user id from /proc/self", e);
        }
    }
}
