package io.fluxfoam.coordinator;

import io.fluxfoam.memory.FileFacts;
import io.fluxfoam.memory.MappedFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * What a caller has to bring with each request, if anything. It comes from a file, never from a
 * command line or an environment, which other users may see.
 */
final class AccessToken {
    /** Asks for nothing. */
    static final AccessToken NONE = new AccessToken(new byte[0]);

    private static final String SCHEME = "Bearer ";
    private static final String VALID = "[A-Za-z0-9._~+/=-]{16,256}";
    private static final int MAX_FILE_BYTES = 1_024;

    private final byte[] token;

    private AccessToken(byte[] token) {
        this.token = token;
    }

    /** Reads it from a file that nobody but this user may open. */
    static AccessToken read(Path file) throws IOException {
        MappedFile.checkOwned(file);
        int mode = FileFacts.of(file).mode();
        if ((mode & 0077) != 0) {
            throw new IOException(
                    "the token is open to others: path="
                            + file
                            + " mode="
                            + Integer.toOctalString(mode & 0777)
                            + " wanted=600");
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(
                    "no token: path="
                            + file
                            + " bytes="
                            + Files.size(file)
                            + " most="
                            + MAX_FILE_BYTES);
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        if (!text.matches(VALID)) {
            throw new IOException(
                    "no token: path=" + file + " wanted=" + VALID + " characters=" + text.length());
        }
        return new AccessToken(text.getBytes(StandardCharsets.US_ASCII));
    }

    boolean isRequired() {
        return token.length > 0;
    }

    /**
     * Whether a caller who says this may come in. Takes as long for a near miss as for any other.
     *
     * @param authorization value of the header of that name; null if there is none
     */
    boolean admits(@Nullable String authorization) {
        if (!isRequired()) {
            return true;
        }
        return authorization != null
                && authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        token,
                        authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8));
    }
}
