package io.fluxfoam.tests.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.tape.TapeFixture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Recorders are killed while they write, and write on a full device; their tapes are whole. */
@Timeout(120)
class TapeTortureTest {
    private static final int KILLS = 3;

    @TempDir Path directory;
    private final List<String> notices = new ArrayList<>();

    private Worker writer(List<String> prefix, Path tape, int incarnation) throws IOException {
        return Worker.start(
                prefix,
                "tape" + incarnation,
                directory,
                TapeProcess.class,
                directory.resolve("foam"),
                tape,
                incarnation);
    }

    /** How many tensors of this incarnation are on the tape, which has them without a gap. */
    private static int tensors(List<String> lines, int incarnation) {
        String begin = "ear/x " + incarnation + " ";
        int count = 0;
        for (String line : lines) {
            if (line.startsWith(begin)) {
                count++;
                assertTrue(line.startsWith(begin + count + " "), line);
            }
        }
        return count;
    }

    @Test
    void shouldLoseNothingThatADeadRecorderWroteWhole() throws Exception {
        Path tape = directory.resolve("tape");
        int[] counts = new int[KILLS + 1];
        for (int life = 1; life <= KILLS; life++) {
            try (Worker worker = writer(List.of(), tape, life)) {
                while (!worker.answer().equals("begun")) {
                    // a line of what the one before has left
                }
                Path file = tape.resolve("tape-00000" + life + ".mcap");
                long enough = 100_000L * life;
                while (Files.size(file) < enough) {
                    Thread.onSpinWait();
                }
                worker.signal("KILL");
                worker.await();
            }
            counts[life] = tensors(TapeFixture.read(tape, notices::add), life);
            assertTrue(counts[life] > 100, () -> "tensors=" + notices);
        }
        notices.clear();
        TapeFixture.open(tape, notices::add).close();
        assertEquals(1, notices.size(), notices::toString);
        assertTrue(notices.getFirst().endsWith("; finished now"), notices::toString);
        notices.clear();
        List<String> lines = TapeFixture.read(tape, notices::add);
        assertEquals(List.of(), notices);
        for (int life = 1; life <= KILLS; life++) {
            assertEquals(counts[life], tensors(lines, life));
        }
    }

    @Test
    void shouldEndWithALineOnAFullDevice() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Path kept = Files.createDirectory(directory.resolve("kept"));
        String script =
                "mount -t tmpfs -o size=1m,mode=700 foam-test \"$0\" && cd \"$0\" && (\"$@\"; cp -r \"$0/tape\" \""
                        + kept
                        + "\")";
        List<String> prefix = List.of("unshare", "--mount", "sh", "-c", script, small.toString());
        List<String> probe = new ArrayList<>(prefix);
        probe.add("true");
        Process mount = new ProcessBuilder(probe).redirectErrorStream(true).start();
        assumeTrue(
                mount.waitFor(10, TimeUnit.SECONDS) && Files.exists(small),
                "this user may not mount a tmpfs of its own");
        try (Worker worker = writer(prefix, small.resolve("tape"), 1)) {
            String first = worker.answer();
            assumeTrue(first.equals("begun"), "this user may not mount a tmpfs of its own");
            String last = worker.answer();
            assertTrue(last.contains(": the tape cannot be written: path=" + small), last);
            int written = Integer.parseInt(last.substring("written ".length(), last.indexOf(':')));
            worker.await();
            List<String> lines = TapeFixture.read(kept.resolve("tape"), notices::add);
            assertEquals(written, tensors(lines, 1), last);
            assertTrue(written > 1_000, last);
            assertTrue(notices.size() <= 1, notices::toString);
        }
    }
}
