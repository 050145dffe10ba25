package io.fluxfoam.bridge.session;

import io.fluxfoam.memory.FileFacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The secret that both boxes have, or that there is none: then nobody beyond loopback is heard. */
public final class BridgeKey {
    private static final int MIN_BYTES = 32;
    private static final int MAX_BYTES = 4096;

    private final byte[] secret;

    private BridgeKey(byte[] secret) {
        this.secret = secret;
    }

    /** No key: for loopback alone. */
    public static BridgeKey none() {
        return new BridgeKey(new byte[0]);
    }

    /**
     * The key in this file: all of its bytes.
     *
     * @throws IOException if it is no file of this user alone, or too short
     */
    public static BridgeKey read(Path path) throws IOException {
        FileFacts facts = FileFacts.of(path);
        if (!facts.isRegularFile() || !facts.isOurs() || (facts.mode() & 0077) != 0) {
            throw new IOException(
                    "the key must be a file of this user alone: path="
                            + path
                            + " mode="
                            + Integer.toOctalString(facts.mode() & 0777)
                            + " uid="
                            + facts.uid()
                            + " wanted=600");
        }
        byte[] secret;
        try (var in =
                Files.newInputStream(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            secret = in.readNBytes(MAX_BYTES + 1);
        }
        if (secret.length < MIN_BYTES || secret.length > MAX_BYTES) {
            throw new IOException(
                    "a key has "
                            + MIN_BYTES
                            + " to "
                            + MAX_BYTES
                            + " random bytes: path="
                            + path
                            + " bytes="
                            + Files.size(path));
        }
        return new BridgeKey(secret);
    }

    /** A key of these bytes. */
    static BridgeKey of(byte[] secret) {
        return new BridgeKey(secret.clone());
    }

    /** Whether there is one. */
    public boolean isThere() {
        return secret.length > 0;
    }

    byte[] secret() {
        return secret;
    }
}
