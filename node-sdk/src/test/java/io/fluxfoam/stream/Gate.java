package io.fluxfoam.stream;

import io.fluxfoam.device.Fence;
import io.fluxfoam.device.WorkQueue;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;

import java.io.IOException;
import java.nio.file.Path;

/** Holds back the work behind it in a GPU's queue until the test opens it. */
final class Gate implements AutoCloseable {
    private static final long BYTES = 4096;

    private final MappedFile file;
    private final Fence fence;

    Gate(WorkQueue queue, Path path) throws IOException {
        this.file = MappedFile.create(path, BYTES);
        this.fence = queue.fence(file.segment(), new SegmentWords(file.segment()));
        fence.awaitAtLeast(0, 1);
    }

    void open() {
        new SegmentWords(file.segment()).setRelease(0, 1);
    }

    @Override
    public void close() {
        open();
        fence.close();
        file.close();
    }
}
