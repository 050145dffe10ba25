package io.fluxfoam.cli;

import io.fluxfoam.launch.Commands;
import io.fluxfoam.memory.MappedFile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;

/**
 * Keeps what a process prints in a file that cannot grow without bound: when it is full it becomes
 * {@code FILE.1}, in place of the one before. Also remembers the last line. If the file cannot be
 * written, the process goes on and its output is dropped.
 */
final class NodeLog {
    static final int MAX_BYTES = 128 * 1024;
    private static final int MAX_LINE = 300;
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    private final Path file;
    private Thread copier;
    private Words words = new Words();
    private boolean unwritable;

    NodeLog(Path file) {
        this.file = file;
    }

    /** Copies until the process closes its output, on a thread of its own. */
    void follow(InputStream output) {
        Words newWords = new Words();
        words = newWords;
        copier =
                Thread.ofPlatform()
                        .daemon()
                        .name("log-" + file.getFileName())
                        .start(() -> copy(output, newWords));
    }

    /**
     * The last line of the process last followed, cut to a bearable length; empty if it printed
     * nothing. Waits a moment for what is still on its way.
     */
    String lastLine() {
        if (copier != null) {
            try {
                copier.join(LAST_WORDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return words.lastLine;
    }

    /** Waits until all output has been copied. */
    void awaitEnd() throws InterruptedException {
        copier.join();
    }

    private void copy(InputStream output, Words spoken) {
        byte[] chunk = new byte[4096];
        try (output) {
            for (int read = output.read(chunk); read >= 0; read = output.read(chunk)) {
                spoken.hear(new String(chunk, 0, read, StandardCharsets.UTF_8));
                append(chunk, read);
            }
        } catch (IOException e) {
            spoken.hear("(output lost: " + Commands.reason(e) + ")\n");
        }
    }

    private synchronized void append(byte[] chunk, int read) {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                MappedFile.checkOwned(file);
                if (Files.size(file) + read > MAX_BYTES) {
                    Files.move(
                            file,
                            file.resolveSibling(file.getFileName() + ".1"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
            try (SeekableByteChannel log = Files.newByteChannel(file, APPEND, OWNER_ONLY)) {
                for (ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, read); bytes.hasRemaining(); ) {
                    log.write(bytes);
                }
            }
        } catch (IOException e) {
            // If the whole foam is gone, its up says so.
            if (!unwritable && Files.exists(file.toAbsolutePath().getParent())) {
                unwritable = true;
                System.err.println("log not written: " + Commands.reason(e));
            }
        }
    }

    /** What one process says, line by line. Written by the copier alone. */
    private static final class Words {
        private final StringBuilder line = new StringBuilder();
        private volatile String lastLine = "";

        private void hear(String text) {
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
}
