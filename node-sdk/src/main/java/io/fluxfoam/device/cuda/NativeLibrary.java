package io.fluxfoam.device.cuda;

import io.fluxfoam.memory.FileFacts;
import io.fluxfoam.memory.UserId;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A native library that is carried in a jar and has to be a file before it can be loaded. Any
 * number of processes may install it at once, and any of them may be killed while it does: whoever
 * finds the file under its own name finds all of it. The directory is named by the library's length
 * and CRC, so that another version is another file, and it must belong to this user alone, because
 * what is in it is executed.
 *
 * <pre>
 *   CACHE/libJCudaDriver-12.6.0-linux-x86_64.so-1201712-9a8b7c6d/libJCudaDriver-12.6.0-linux-x86_64.so
 * </pre>
 */
final class NativeLibrary {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private final String name;
    private final byte[] bytes;
    private final long crc;

    private NativeLibrary(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.crc = crcOf(bytes);
    }

    /** Reads a library from the class path; {@code resource} is its absolute name there. */
    static NativeLibrary ofResource(String resource) throws IOException {
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("library is not on the class path: resource=" + resource);
            }
            return new NativeLibrary(
                    resource.substring(resource.lastIndexOf('/') + 1), in.readAllBytes());
        }
    }

    /**
     * Where libraries are installed: {@code -Dfoam.native.cache}, else the user's cache, else a
     * temporary directory.
     */
    static Path defaultCache() {
        String configured = System.getProperty("foam.native.cache");
        if (configured != null) {
            return Path.of(configured);
        }
        Path home = Path.of(System.getProperty("user.home", "/nonexistent"));
        return Files.isWritable(home) && home.isAbsolute()
                ? home.resolve(".cache").resolve("flux-foam").resolve("native")
                : Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "flux-foam-native-" + UserId.current());
    }

    /**
     * Makes the library a file and returns the directory that it is in. Costs one read if it is
     * there already.
     */
    Path install(Path cache) throws IOException {
        createOwned(cache);
        Path directory = cache.resolve(name + "-" + bytes.length + "-" + Long.toHexString(crc));
        createOwned(directory);
        Path library = directory.resolve(name);
        if (!isWhole(library)) {
            write(directory, library);
        }
        return directory;
    }

    private static void createOwned(Path directory) throws IOException {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        FileFacts facts = FileFacts.of(directory);
        if (!facts.isOurs() || (facts.mode() & 0022) != 0) {
            throw new IOException(
                    "directory of native libraries is not ours alone: path="
                            + directory
                            + " uid="
                            + facts.uid()
                            + " ours="
                            + UserId.current()
                            + " mode="
                            + Integer.toOctalString(facts.mode() & 07777));
        }
    }

    private boolean isWhole(Path library) throws IOException {
        return Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS)
                && Files.size(library) == bytes.length
                && crcOf(Files.readAllBytes(library)) == crc;
    }

    private void write(Path directory, Path library) throws IOException {
        Path part = Files.createTempFile(directory, name, ".part");
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                ByteBuffer content = ByteBuffer.wrap(bytes);
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                // a crash of the machine must not leave a file of zeros under the final name
                channel.force(true);
            }
            Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static long crcOf(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return crc.getValue();
    }
}
