package io.fluxfoam.chaos.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** The key that the bridges at both ends of a wire have. */
public final class SharedKey {
    private static final int BYTES = 32;

    private SharedKey() {}

    /** Makes one, in a file {@code key} of this directory that only its owner may read. */
    public static Path in(Path directory) throws IOException {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        Path file = directory.resolve("key");
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, secret);
    }
}
