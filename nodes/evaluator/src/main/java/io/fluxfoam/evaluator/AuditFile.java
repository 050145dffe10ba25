package io.fluxfoam.evaluator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The audit as one line of text that outlives the evaluator: {@code audit 1} and then incarnation, sequence and step of the
 * last step taken, frames audited, missed and on HOLDOUT.
 */
final class AuditFile {
    private static final String PREFIX = "audit 1 ";
    private static final int FIELDS = 6;

    private final Path file;

    /** The audit in a node's state directory. */
    AuditFile(Path state) {
        file = state.resolve("audit");
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
        return new HoldoutAudit(
                new HoldoutAudit.Position(numbers[0], numbers[1], numbers[2]),
                new HoldoutAudit.Tally(numbers[3], numbers[4], numbers[5]));
    }

    /** Saves the audit. */
    void save(HoldoutAudit audit) throws IOException {
        HoldoutAudit.Position last = audit.last();
        HoldoutAudit.Tally tally = audit.tally();
        String line =
                PREFIX + last.incarnation() + " " + last.sequence() + " " + last.step() + " " + tally.audited() + " "
                        + tally.missed() + " " + tally.onHoldout() + "\n";
        StateFile.write(file, line.getBytes(StandardCharsets.ISO_8859_1));
    }
}
