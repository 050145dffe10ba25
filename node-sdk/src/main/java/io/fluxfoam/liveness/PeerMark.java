package io.fluxfoam.liveness;

import static io.fluxfoam.liveness.MarkDescriptor.*;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.Posix;
import io.fluxfoam.memory.SegmentWords;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A node's mark kept open for repeated looks; a look costs one system call. Belongs to one thread.
 */
public final class PeerMark implements AutoCloseable {
    private final int fd;
    private final MappedFile file;
    private final SegmentWords words;
    private @Nullable MarkView newest;
    private boolean closed;

    private PeerMark(int fd, MappedFile file) {
        this.fd = fd;
        this.file = file;
        this.words = new SegmentWords(file.segment());
    }

    /** Opens the mark of a node that has joined the foam, without looking into it. */
    public static PeerMark open(FoamDirectory foam, String node) throws IOException {
        return open(foam.mark(node));
    }

    static PeerMark open(Path path) throws IOException {
        MappedFile.checkOwned(path);
        int fd = Posix.openReadOnly(path);
        try {
            MappedFile file = MappedFile.openReadOnly(path);
            try {
                if (file.bytes() < BYTES) {
                    throw new LayoutException(
                            LayoutException.Kind.BEING_CREATED, path, "bytes=" + file.bytes());
                }
                if (!Posix.isSameFile(fd, path)) { // lock and words would be of two files
                    throw new NoSuchFileException(
                            path.toString(), null, "replaced while it was opened");
                }
                return new PeerMark(fd, file);
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            Posix.close(fd);
            throw e;
        }
    }

    /**
     * What the mark says now.
     *
     * @throws LayoutException if its bytes are not those of this node's mark, or not yet
     */
    public MarkView look() throws IOException {
        return look(MarkView.DEFAULT_STALL_TIMEOUT_MILLIS);
    }

    /** What the mark says now, with another stall timeout than the default. */
    public MarkView look(long stallTimeoutMillis) throws IOException {
        MarkView view =
                MarkView.view(
                        file.path(), file.segment(), this::isHeld, stallTimeoutMillis, newest);
        newest = view;
        return view;
    }

    /** Whether a process holds the node's lock, whatever the mark's bytes say. */
    public boolean isHeld() throws IOException {
        return Posix.isLocked(fd);
    }

    /**
     * Whether this incarnation has ended: a newer one has begun, or nobody holds the lock. Only for
     * an incarnation that is known to have begun, for example because it owns a lane.
     */
    public boolean hasEnded(long incarnation) throws IOException {
        // Read before the lock is probed: a start in between may not count as this one's end.
        long newest = words.getAcquire(INCARNATION_AT);
        return newest > incarnation && newest <= OwnerKey.MAX_INCARNATION || !isHeld();
    }

    /**
     * Whether the foam still has this very file under the node's name; false after it has been
     * replaced.
     */
    public boolean isCurrent() throws IOException {
        return Posix.isSameFile(fd, file.path())
                || !Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Posix.close(fd);
            file.close();
        }
    }
}
