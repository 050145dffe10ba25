package io.fluxfoam.teacher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, as 64 small hex digits. */
final class Digest {
    private static final int PIECE_BYTES = 1 << 20;

    private Digest() {}

    static String of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    /** Of what remains; the buffer is then at its end. */
    static String of(ByteBuffer bytes) {
        MessageDigest sha256 = sha256();
        sha256.update(bytes);
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** Of a whole file, of any size. */
    static String of(Path file) throws IOException {
        MessageDigest sha256 = sha256();
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(piece.clear()) >= 0) {
                sha256.update(piece.flip());
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
