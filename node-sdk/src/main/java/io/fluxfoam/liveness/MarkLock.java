package io.fluxfoam.liveness;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.Posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lock on a name's mark: whoever holds it has the name. The kernel frees it at any death, and
 * hands it to one of those that wait for it. Holding it is not living yet: that begins with {@link
 * Mark#begin}.
 */
public final class MarkLock implements AutoCloseable {
    private final FoamDirectory foam;
    private final String node;
    private final int fd;
    private boolean isClosed;

    private MarkLock(FoamDirectory foam, String node, int fd) {
        this.foam = foam;
        this.node = node;
        this.fd = fd;
    }

    /**
     * Takes the name.
     *
     * @throws NameTakenException if a living process has it
     */
    public static MarkLock take(FoamDirectory foam, String node) throws IOException {
        return take(
                foam,
                node,
                fd -> {
                    if (!Posix.tryLock(fd)) {
                        throw taken(foam, node);
                    }
                });
    }

    /** Waits until nobody has the name, and takes it. Only the end of the process cuts it short. */
    public static MarkLock await(FoamDirectory foam, String node) throws IOException {
        return take(foam, node, Posix::lock);
    }

    private interface Taking {
        void take(int fd) throws IOException;
    }

    private static MarkLock take(FoamDirectory foam, String node, Taking taking)
            throws IOException {
        Path path = foam.mark(node);
        refuseSameHash(foam, node);
        int fd = Posix.open(path, true);
        try {
            taking.take(fd);
            if (!Posix.isSameFile(fd, path)) {
                throw new IOException(
                        "the mark was removed while it was being taken: path=" + path);
            }
            return new MarkLock(foam, node, fd);
        } catch (IOException | RuntimeException | Error e) {
            Posix.close(fd);
            throw e;
        }
    }

    private static NameTakenException taken(FoamDirectory foam, String node) throws IOException {
        try {
            return new NameTakenException(node, MarkView.read(foam, node));
        } catch (LayoutException e) {
            return new NameTakenException(node, e);
        }
    }

    private static void refuseSameHash(FoamDirectory foam, String node) throws IOException {
        for (String other : foam.nodes()) {
            if (!other.equals(node) && OwnerKey.hash(other) == OwnerKey.hash(node)) {
                throw new IOException(
                        "name collides with that of another node: name="
                                + node
                                + " other="
                                + other);
            }
        }
    }

    FoamDirectory foam() {
        return foam;
    }

    String node() {
        return node;
    }

    /** The mark's file, as long as a mark is. */
    MappedFile map() throws IOException {
        Path path = foam.mark(node);
        if (Files.size(path) < MarkDescriptor.BYTES) {
            MappedFile.allocate(path, MarkDescriptor.BYTES);
        }
        MappedFile file = MappedFile.openReadWrite(path);
        if (!Posix.isSameFile(fd, path)) {
            file.close();
            throw new IOException("the mark was removed while it was being taken: path=" + path);
        }
        return file;
    }

    /** Whether the foam still has this very file under the node's name. */
    boolean isInPlace() throws IOException {
        return Posix.isSameFile(fd, foam.mark(node));
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            Posix.close(fd);
        }
    }
}
