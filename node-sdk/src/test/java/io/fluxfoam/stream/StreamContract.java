package io.fluxfoam.stream;

import io.fluxfoam.liveness.FoamDirectory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stream does on every device. The CPU fills and reads the slots here, by way of copies
 * where the device asks for it.
 */
abstract class StreamContract
        implements CommitContract, ReadingContract, LaneContract, DamageContract {
    @TempDir(factory = SharedMemory.class)
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private FoamDirectory foam;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
    }

    @Override
    public final FoamDirectory foam() {
        return foam;
    }

    @Override
    public final <T extends AutoCloseable> T closeLater(T resource) {
        opened.add(resource);
        return resource;
    }
}
