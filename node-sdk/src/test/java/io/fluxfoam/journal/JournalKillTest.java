package io.fluxfoam.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.manifest.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A writer is killed again and again; nothing that was written is lost, torn or doubled. */
class JournalKillTest {
    private static final long SEED = Long.getLong("foam.seed", 20261123);
    private static final int KILLS = 5;

    @TempDir private Path directory;

    @Test
    @Timeout(300)
    void shouldLoseNothingThatWasAppended() throws Exception {
        Random random = new Random(SEED);
        Path journal = directory.resolve("journal");
        for (int incarnation = 1; incarnation <= KILLS; incarnation++) {
            Path log = directory.resolve("writer" + incarnation + ".log");
            try (ChildJvm writer = ChildJvm.start(log, Writer.class, journal, incarnation)) {
                while (Files.size(log) == 0) {
                    assertTrue(writer.isAlive());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
                LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(40)));
                writer.kill();
            }
        }
        List<JournalEntry> entries = JournalReader.readAll(journal);
        Map<Long, Integer> count = new HashMap<>();
        for (JournalEntry entry : entries) {
            int expected = count.merge(entry.incarnation(), 1, Integer::sum) - 1;
            assertEquals(Writer.facts(expected), entry.facts(), "seed=" + SEED + " " + entry);
        }
        for (long incarnation = 1; incarnation <= KILLS; incarnation++) {
            int acknowledged =
                    Writer.acknowledged(directory.resolve("writer" + incarnation + ".log"));
            assertTrue(
                    count.get(incarnation) >= acknowledged,
                    "seed="
                            + SEED
                            + " incarnation="
                            + incarnation
                            + " acknowledged="
                            + acknowledged
                            + " read="
                            + count);
        }
    }

    /** Appends numbered facts until it is killed and prints a dot for each that was written. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            ChildJvm.endWithParent();
            Retention retention = new Retention(100, 1 << 24);
            try (Journal journal =
                    Journal.open(
                            Path.of(args[0]),
                            "node",
                            Long.parseLong(args[1]),
                            retention,
                            System::currentTimeMillis)) {
                for (int i = 0; journal.append("tick", map(i)); i++) {
                    System.out.write('.');
                    System.out.flush();
                }
            }
        }

        static int acknowledged(Path log) throws IOException {
            String printed = Files.readString(log);
            assertEquals("", printed.replace(".", ""));
            return printed.length();
        }

        static String facts(int i) {
            return JsonLine.of(map(i));
        }

        private static Map<String, ?> map(int i) {
            return Map.of("text", i + "x".repeat(i % 500));
        }
    }
}
