package io.fluxfoam.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Keeps what a process prints in a file that cannot grow without bound: when it is full it becomes
 * {@code FILE.1}, in place of the one before. Also remembers the last line. If the file cannot be
 * written, the process goes on and its output is dropped.
 */
final class NodeLog {
    static final int MAX_BYTES = 128 * 1024;
    private static final int MAX_LINE = 300;

    private final Path file;
    private final StringBuilder line = new StringBuilder();
    private String lastLine = "";

    NodeLog(Path file) {
        this.file = file;
    }

    /** Copies until the process closes its output, on a thread of its own. */
    void follow(InputStream output) {
        Thread.ofPlatform().daemon().name("log-" + file.getFileName()).start(() -> copy(output));
    }

    /** The last line that had anything in it, cut to a bearable length. */
    synchronized String lastLine() {
        return lastLine;
    }

    void copy(InputStream output) {
        byte[] chunk = new byte[4096];
        try (output) {
            for (int read = output.read(chunk); read >= 0; read = output.read(chunk)) {
                remember(new String(chunk, 0, read, StandardCharsets.UTF_8));
                append(chunk, read);
            }
        } catch (IOException e) {
            remember("(output lost: " + Commands.reason(e) + ")\n");
        }
    }

    private void append(byte[] chunk, int read) {
        try {
            if (Files.exists(file) && Files.size(file) + read > MAX_BYTES) {
                Files.move(
                        file,
                        file.resolveSibling(file.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Files.exists(file)) {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            }
            try (OutputStream log = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
                log.write(chunk, 0, read);
            }
        } catch (IOException e) {
            remember("(log not written: " + Commands.reason(e) + ")\n");
        }
    }

    private synchronized void remember(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                if (!line.toString().isBlank()) {
                    lastLine = line.toString().strip();
                }
                line.setLength(0);
            } else if (line.length() < MAX_LINE) {
                line.append(c);
            }
        }
    }
}
