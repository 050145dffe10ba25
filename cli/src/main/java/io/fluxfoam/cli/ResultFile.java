package io.fluxfoam.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that a long command writes when it is done. That it can be written is found out when the
 * command begins.
 *
 * @param path where
 */
public record ResultFile(Path path) {
    /**
     * Refuses a path that cannot be written. Changes nothing that is there, and leaves nothing.
     *
     * @throws IllegalArgumentException with the path and the reason
     */
    public void requireWritable() {
        try {
            boolean isNew = Files.notExists(path);
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            if (isNew) {
                // What it links to, if it is a link.
                Files.delete(path.toRealPath());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(unwritable(e), e);
        }
    }

    /** Writes it, in place of what was there. */
    public void write(String text) throws IOException {
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new IOException(unwritable(e), e);
        }
    }

    private String unwritable(IOException e) {
        String reason = e.getMessage();
        if (e
                instanceof
                FileSystemException
                        failure) { // whose message is the path, and then perhaps a reason
            reason =
                    failure.getReason() == null
                            ? e.getClass().getSimpleName()
                            : failure.getReason();
        }
        return "cannot be written: path=" + path + " (" + reason + ")";
    }
}
