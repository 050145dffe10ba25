package io.fluxfoam.tests.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A full device is one clear line: no SIGBUS, nothing left behind, and room again afterwards. */
@Timeout(120)
class FullDeviceTest {
    @TempDir Path directory;

    /**
     * Runs the rest of its line with a tmpfs of 2 MiB that nobody else sees and that vanishes with
     * the process.
     */
    private List<String> inASmallDevice(Path mountPoint) {
        String script = "mount -t tmpfs -o size=2m,mode=700 foam-test \"$0\" && exec \"$@\"";
        return List.of("unshare", "--mount", "sh", "-c", script, mountPoint.toString());
    }

    private boolean mayMount(Path mountPoint) throws InterruptedException {
        List<String> line = new ArrayList<>(inASmallDevice(mountPoint));
        line.add("true");
        try {
            return new ProcessBuilder(line).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldBeAClearLineAndLeaveNothingBehind() throws Exception {
        Path mountPoint = Files.createDirectory(directory.resolve("small"));
        assumeTrue(
                mayMount(mountPoint),
                "this user may not mount a tmpfs of its own: a full device is not tested");
        try (Worker worker =
                Worker.start(
                        inASmallDevice(mountPoint),
                        "full",
                        directory,
                        FullDeviceProcess.class,
                        mountPoint)) {
            List<String> lines = new ArrayList<>();
            do {
                lines.add(worker.answer());
            } while (!lines.getLast().equals("done"));
            assertEquals(0, worker.await(), worker::output);
            assertTrue(
                    lines.getFirst().startsWith("stream: no space left: path="), lines::toString);
            assertTrue(
                    lines.stream().anyMatch(line -> line.matches("streams=[1-9][0-9]*")),
                    lines::toString);
            assertTrue(
                    lines.stream().anyMatch(line -> line.matches("made=[1-9][0-9]*")),
                    lines::toString);
        }
    }
}
