package io.fluxfoam.student.checkpoint;

import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a deterministic student was when it saved: how many attempts at a step it had made, which
 * is a place on the tape that it learns from. Text, a line for each of the last saves: {@code STEP
 * ATTEMPTS}. Written before the checkpoint of that step, so whichever checkpoint is found has its
 * line.
 */
public final class AttemptFile {
    private static final int MOST_LINES = 64;

    private final Path path;

    public AttemptFile(Path directory) {
        path = directory.resolve("student.attempts");
    }

    /** Says how many attempts there were before a checkpoint of this step. */
    public void save(long step, long attempts) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        lines.removeIf(line -> line.startsWith(step + " "));
        lines.add(step + " " + attempts);
        List<String> last = lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
        String text = String.join("\n", last) + "\n";
        AtomicFile.replace(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * How many there were before the checkpoint of this step; 0 for step 0.
     *
     * @throws IOException if it does not say: another student has saved that checkpoint
     */
    public long attempts(long step) throws IOException {
        if (step == 0) {
            return 0;
        }
        for (String line : lines()) {
            if (line.matches(step + " \\d{1,18}")) {
                return Long.parseLong(line.substring(line.indexOf(' ') + 1));
            }
        }
        throw new IOException(
                "the checkpoint is of no deterministic student: step="
                        + step
                        + " is not in path="
                        + path
                        + "; to begin anew, empty "
                        + path.getParent());
    }

    private List<String> lines() throws IOException {
        return Files.exists(path) ? Files.readAllLines(path, StandardCharsets.UTF_8) : List.of();
    }
}
