package io.fluxfoam.liveness;

import static io.fluxfoam.liveness.MarkDescriptor.*;

import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.Posix;
import java.io.IOException;

/** A peer's mark kept open for repeated looks; a look costs one system call. Belongs to one thread. */
public final class PeerMark implements AutoCloseable {
    private final int fd;
    private final MappedFile file;
    private boolean closed;

    private PeerMark(int fd, MappedFile file) {
        this.fd = fd;
        this.file = file;
    }

    /** Opens the mark of a node that has joined the foam. */
    public static PeerMark open(FoamDirectory foam, String node) throws IOException {
        MarkView.read(foam, node); // checks owner, size, magic and version once
        int fd = Posix.openReadOnly(foam.mark(node));
        try {
            return new PeerMark(fd, MappedFile.openReadOnly(foam.mark(node)));
        } catch (IOException | RuntimeException | Error e) {
            Posix.close(fd);
            throw e;
        }
    }

    /** What the mark says now. */
    public MarkView look() throws IOException {
        return MarkView.view(
                file.path(), file.segment(), Posix.isLocked(fd), MarkView.DEFAULT_STALL_TIMEOUT_MILLIS);
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
