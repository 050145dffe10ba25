package io.fluxfoam.bridge.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

/** Keys that tests agree on. */
public final class TestKeys {
    private TestKeys() {}

    /** The key of this number. */
    public static BridgeKey key(long seed) {
        byte[] secret = new byte[32];
        new Random(seed).nextBytes(secret);
        return BridgeKey.of(secret);
    }

    /** A file of the key of this number. */
    public static Path file(Path path, long seed) throws IOException {
        Files.write(path, key(seed).secret());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return path;
    }

    /** Keys of a session of this key. */
    public static SessionKeys session(long seed) {
        return new SessionKeys(key(seed), new byte[32], new byte[32]);
    }
}
