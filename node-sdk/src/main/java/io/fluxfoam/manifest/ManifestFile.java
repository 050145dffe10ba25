package io.fluxfoam.manifest;

import io.fluxfoam.memory.AtomicFile;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.LayoutException.Kind;
import io.fluxfoam.memory.MappedFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Publishes and reads manifests. A manifest's file appears whole or not at all and never changes
 * afterwards, however and whenever its writer or its readers die: the writer replaces it as an
 * {@link AtomicFile}, and a reader looks only into a checked private copy. What a killed process
 * leaves behind is a dead {@code .tmp} or {@code .copy} file whose name says whose it was.
 */
public final class ManifestFile {
    private ManifestFile() {}

    /**
     * Publishes a manifest under a name that only this incarnation uses. The file has mode 0600.
     *
     * @throws FileAlreadyExistsException if {@code target} is published already
     * @throws IOException if the file cannot be written, for example on a full device; nothing is
     *     published then
     */
    public static void publish(Path target, Manifest manifest) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(
                    target.toString(), null, "a published manifest never changes");
        }
        try {
            AtomicFile.replace(
                    target,
                    file -> {
                        ManifestTable.write(file, ManifestText.encode(manifest));
                        seal(file);
                    });
        } catch (IOException | InternalError e) {
            // An InternalError is a store into a mapped page that a full device could not provide.
            throw new IOException(
                    "manifest cannot be written: file=" + target + " " + e.getMessage(), e);
        }
    }

    /**
     * Publishes a manifest in JSON, which peers that are no JVMs can read too. It appears whole or
     * not at all like the other, and replaces what is there.
     */
    public static void publishJson(Path target, Manifest manifest) throws IOException {
        try {
            AtomicFile.replace(
                    target,
                    file -> {
                        Files.write(file, ManifestJson.encode(manifest));
                        seal(file, ManifestTrailer.JSON);
                    });
        } catch (IOException e) {
            throw new IOException(
                    "manifest cannot be written: file=" + target + " " + e.getMessage(), e);
        }
    }

    private static void seal(Path file) throws IOException {
        seal(file, ManifestTrailer.CHRONICLE_MAP);
    }

    private static void seal(Path file, int encoding) throws IOException {
        byte[] body = Files.readAllBytes(file);
        if (body.length > ManifestTrailer.MAX_BODY_BYTES) {
            throw new IOException(
                    "manifest too large: bodyBytes="
                            + body.length
                            + " max="
                            + ManifestTrailer.MAX_BODY_BYTES);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            writeFully(channel, ManifestTrailer.of(body, encoding));
        }
    }

    /**
     * Reads a manifest through a private copy in the JVM's directory for temporary files. For
     * tools; a node names its copy itself so that it can be swept.
     *
     * @return the manifest, or empty if it is not published yet or no longer there
     * @throws LayoutException if the file is corrupt, too old or too new
     */
    public static Optional<Manifest> read(Path file) throws IOException {
        Path copy = Files.createTempFile("foam-", ".manifest.copy");
        try {
            return read(file, copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /**
     * Reads a manifest through a private copy.
     *
     * @param copy where to put the copy; overwritten if it exists, deleted at the end; no one else
     *     may use it meanwhile
     * @return the manifest, or empty if it is not published yet or no longer there
     * @throws LayoutException if the file is corrupt, too old or too new
     */
    public static Optional<Manifest> read(Path file, Path copy) throws IOException {
        Optional<byte[]> found = readChecked(file);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = found.get();
        int bodyBytes = bytes.length - ManifestTrailer.BYTES;
        if (ManifestTrailer.encoding(bytes) == ManifestTrailer.JSON) {
            return Optional.of(decodeJson(file, bytes));
        }
        try {
            createEmpty(copy);
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(bytes, 0, bodyBytes));
            }
            return Optional.of(ManifestTable.read(copy, ManifestText::decode));
        } catch (RuntimeException e) {
            throw new LayoutException(Kind.CORRUPT, file, e.toString());
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /**
     * Reads a manifest of a node that may have put the same in JSON beside it. The manifest vouches
     * that the node is known, and by whom it can be read; what it says is taken from the JSON where
     * that is whole, since a Chronicle Map costs a private copy and a hundred times as much CPU,
     * which in a large foam everybody would pay for everybody.
     *
     * @param card the same in JSON, or nothing
     * @param copy as of {@link #read(Path, Path)}
     * @return the manifest, or empty if it is not published yet or no longer there
     * @throws LayoutException if the manifest is corrupt, too old or too new
     */
    public static Optional<Manifest> read(Path file, Path card, Path copy) throws IOException {
        if (readChecked(file).isEmpty()) {
            return Optional.empty();
        }
        Optional<Manifest> inJson = Optional.empty();
        try {
            inJson = readJson(card);
        } catch (LayoutException e) {
            // the manifest itself says it too
        }
        return inJson.isPresent() ? inJson : read(file, copy);
    }

    /**
     * Reads a manifest if it is in JSON, which costs no copy and no Chronicle Map.
     *
     * @return the manifest, or empty if there is none, or none in JSON
     * @throws LayoutException if the file is corrupt, too old or too new
     */
    public static Optional<Manifest> readJson(Path file) throws IOException {
        Optional<byte[]> found = readChecked(file);
        if (found.isEmpty() || ManifestTrailer.encoding(found.get()) != ManifestTrailer.JSON) {
            return Optional.empty();
        }
        return Optional.of(decodeJson(file, found.get()));
    }

    private static Manifest decodeJson(Path file, byte[] bytes) throws IOException {
        try {
            return ManifestJson.decode(bytes, bytes.length - ManifestTrailer.BYTES);
        } catch (IOException | RuntimeException e) {
            throw new LayoutException(Kind.CORRUPT, file, e.toString());
        }
    }

    /** A whole file whose trailer vouches for it; empty if it is not there. */
    private static Optional<byte[]> readChecked(Path file) throws IOException {
        byte[] bytes;
        try {
            MappedFile.checkOwned(file); // opening a named pipe would wait for a writer
            bytes = readFully(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        ManifestTrailer.check(file, bytes);
        return Optional.of(bytes);
    }

    private static byte[] readFully(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long fileBytes = channel.size();
            if (fileBytes > ManifestTrailer.MAX_BODY_BYTES + ManifestTrailer.BYTES) {
                throw new LayoutException(Kind.CORRUPT, file, "fileBytes=" + fileBytes);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) fileBytes);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new LayoutException(
                            Kind.CORRUPT,
                            file,
                            "fileBytes=" + fileBytes + " read=" + bytes.position());
                }
            }
            return bytes.array();
        }
    }

    private static void createEmpty(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
