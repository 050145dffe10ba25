package io.fluxfoam.evaluator;

import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The audit as one line of text that outlives the evaluator: {@code audit 2}, when the foam was
 * created, and then incarnation, sequence and step of the last step taken, frames audited, missed
 * and on HOLDOUT.
 *
 * <p>It may outlive its foam too. In another one the student begins again with incarnation 1, so
 * only the last step's number still means something: the student may go on from its checkpoint
 * there.
 */
final class AuditFile {
    private static final String PREFIX = "audit 2 ";
    private static final int FIELDS = 7;

    private final Path file;
    private final long foamCreatedMillis;

    /**
     * The audit in a node's state directory.
     *
     * @param foamCreatedMillis when the foam was created: tells one foam from the next
     */
    AuditFile(Path state, long foamCreatedMillis) {
        file = state.resolve("audit");
        this.foamCreatedMillis = foamCreatedMillis;
    }

    /**
     * The saved audit, or a new one if there is none.
     *
     * @throws IOException if the file is damaged
     */
    HoldoutAudit load() throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1); // every byte is a character
        } catch (NoSuchFileException e) {
            return new HoldoutAudit();
        }
        if (!text.matches(PREFIX + "(\\d{1,18} ){" + (FIELDS - 1) + "}\\d{1,18}\n")) {
            throw new IOException("damaged audit: file=" + file + " chars=" + text.length());
        }
        String[] fields = text.substring(PREFIX.length()).strip().split(" ");
        long[] numbers = new long[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            numbers[i] = Long.parseLong(fields[i]);
        }
        boolean sameFoam = numbers[0] == foamCreatedMillis;
        return new HoldoutAudit(
                sameFoam
                        ? new HoldoutAudit.Position(numbers[1], numbers[2], numbers[3])
                        : HoldoutAudit.Position.before(numbers[3]),
                new HoldoutAudit.Tally(numbers[4], numbers[5], numbers[6]));
    }

    void save(HoldoutAudit audit) throws IOException {
        HoldoutAudit.Position last = audit.last();
        HoldoutAudit.Tally tally = audit.tally();
        String line =
                PREFIX
                        + foamCreatedMillis
                        + " "
                        + last.incarnation()
                        + " "
                        + last.sequence()
                        + " "
                        + last.step()
                        + " "
                        + tally.audited()
                        + " "
                        + tally.missed()
                        + " "
                        + tally.onHoldout()
                        + "\n";
        AtomicFile.replace(file, line.getBytes(StandardCharsets.ISO_8859_1));
    }
}
