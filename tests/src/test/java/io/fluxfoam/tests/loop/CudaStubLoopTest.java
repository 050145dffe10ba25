package io.fluxfoam.tests.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.cuda.StubCuda;
import io.fluxfoam.device.cuda.StubDriver;

import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The loop on the stub driver, found as a user's driver is. Memory of a GPU is a memfd there, known
 * by its inode.
 */
@ExtendWith(StubCuda.class)
class CudaStubLoopTest extends GpuLoopContract {
    private static final String VRAM = "cuda-stub-vram";

    private static final int INODE_AT = 96;

    private final Set<Long> taken = new HashSet<>();

    @Override
    Map<String, String> environment() {
        try {
            return Map.of(
                    "LD_LIBRARY_PATH", StubDriver.library().orElseThrow().getParent().toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The stub's handle ends with the memfd's inode. */
    @Override
    void note(LiveLoop loop, String node) throws IOException {
        if (node.equals("coordinator")) {
            return;
        }
        String prefix = node + "." + loop.mark(node).incarnation() + ".";
        for (String file : loop.foam().list()) {
            if (file.startsWith(prefix) && file.endsWith(".payload")) {
                byte[] descriptor = Files.readAllBytes(loop.foam().path().resolve(file));
                taken.add(
                        ByteBuffer.wrap(descriptor)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong(INODE_AT));
            }
        }
        assertTrue(hasMemoryOfTheDead(), node + " has exported nothing");
    }

    @Override
    boolean isMemoryBack() throws IOException {
        return !hasMemoryOfTheDead();
    }

    @Override
    boolean hasMemoryOfTheDead() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process ->
                            Character.isDigit(process.getFileName().toString().charAt(0)))
                    .anyMatch(this::hasTaken);
        }
    }

    private boolean hasTaken(Path process) {
        try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
            return maps.filter(line -> line.contains(VRAM))
                    .map(line -> line.split(" +")[4])
                    .anyMatch(inode -> taken.contains(Long.parseLong(inode)));
        } catch (IOException | UncheckedIOException e) {
            return false; // gone while we looked
        }
    }
}
