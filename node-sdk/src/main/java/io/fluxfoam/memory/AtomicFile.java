package io.fluxfoam.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * How a small file that others rely on is written: whole, under another name in the same folder,
 * mode 0600, to the disk; then it takes its name, and the folder goes to the disk. Whoever looks,
 * also after a kill or a power cut at any instant, finds the old file or the new one. What a dead
 * writer left under the other name is overwritten by the next one.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What stands in the file. */
    @FunctionalInterface
    public interface Content {
        /** Fills the file of this name, which is there and empty. */
        void writeTo(Path file) throws IOException;
    }

    /** The other name of a file: {@code .<target>.tmp} beside it. */
    public static Path temporary(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".tmp");
    }

    /**
     * Puts a file in the place of the one that may be there.
     *
     * @throws IOException if that cannot be, for example on a full device; what was there before is
     *     still there, and nothing else is
     */
    public static void replace(Path target, Content content) throws IOException {
        prepare(target, content);
        commit(target);
    }

    /** The same of these bytes. */
    public static void replace(Path target, byte[] bytes) throws IOException {
        replace(target, file -> Files.write(file, bytes));
    }

    /**
     * The first half of {@link #replace(Path, Content)}: all but that it takes its name.
     *
     * @throws IOException if it cannot be written; nothing is left then
     */
    public static void prepare(Path target, Content content) throws IOException {
        Path temporary = temporary(target);
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            content.writeTo(temporary);
            force(temporary);
        } catch (IOException | RuntimeException | Error e) {
            try {
                Files.deleteIfExists(temporary); // on a full device its bytes are another's need
            } catch (IOException f) {
                e.addSuppressed(f);
            }
            throw e;
        }
    }

    /** The second half: what was prepared takes its name. */
    public static void commit(Path target) throws IOException {
        Files.move(
                temporary(target),
                target,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        force(Objects.requireNonNull(target.toAbsolutePath().getParent()));
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
