package io.fluxfoam.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

class JournalTest {
    private static final long SEED = Long.getLong("foam.seed", 20261123);
    private static final long START_MILLIS = 1_795_000_000_000L;

    @TempDir private Path temporary;

    private final AtomicLong nowMillis = new AtomicLong(START_MILLIS);
    private Path directory;

    @BeforeEach
    void chooseDirectory() {
        directory = temporary.resolve("journal").resolve("evaluator");
    }

    @Test
    void shouldKeepFactsInTheirOrder() throws IOException {
        try (Journal journal = open(3, Retention.DEFAULT)) {
            assertTrue(journal.append("heldOut", Map.of("frames", 60)));
            nowMillis.addAndGet(5000);
            assertTrue(journal.append("audit", Map.of("ok", true)));
        }
        assertEquals(
                List.of(
                        new JournalEntry(
                                START_MILLIS, "evaluator", 3, "heldOut", "{\"frames\":60}"),
                        new JournalEntry(
                                START_MILLIS + 5000, "evaluator", 3, "audit", "{\"ok\":true}")),
                JournalReader.readAll(directory));
    }

    @Test
    void shouldGoOnWhereTheLastIncarnationEnded() throws IOException {
        for (long incarnation = 1; incarnation <= 3; incarnation++) {
            try (Journal journal = open(incarnation, Retention.DEFAULT)) {
                journal.append("start", Map.of());
            }
            nowMillis.incrementAndGet();
        }
        assertEquals(
                List.of(1L, 2L, 3L),
                JournalReader.readAll(directory).stream().map(JournalEntry::incarnation).toList());
    }

    @Test
    void shouldFollowALivingWriterAcrossFiles() throws IOException {
        try (JournalReader reader = new JournalReader(directory)) {
            assertNull(reader.poll());
            try (Journal journal = open(1, Retention.DEFAULT)) {
                for (int i = 0; i < 5; i++) {
                    journal.append("tick", Map.of("i", i));
                    assertEquals("{\"i\":" + i + "}", reader.poll().facts());
                    assertNull(reader.poll());
                    nowMillis.addAndGet(TimeUnit.HOURS.toMillis(1));
                }
            }
        }
    }

    @Test
    void shouldDeleteTheOldestFiles() throws IOException {
        try (Journal journal = open(1, new Retention(3, 1000))) {
            for (int i = 0; i < 10; i++) {
                journal.append("tick", Map.of("i", i));
                nowMillis.addAndGet(TimeUnit.HOURS.toMillis(1));
            }
        }
        assertEquals(3, new JournalDirectory(directory).files().size());
        assertEquals(
                List.of("{\"i\":7}", "{\"i\":8}", "{\"i\":9}"),
                JournalReader.readAll(directory).stream().map(JournalEntry::facts).toList());
    }

    @Test
    void shouldDropWhatIsTooMuchForOneHour() throws IOException {
        Retention retention = new Retention(2, 1000);
        Map<String, ?> facts = Map.of("text", "x".repeat(380));
        try (Journal journal = open(1, retention)) {
            assertTrue(journal.append("large", facts));
            assertTrue(journal.append("large", facts));
            assertFalse(journal.append("large", facts));
            assertEquals(1, journal.dropped());
            nowMillis.addAndGet(TimeUnit.HOURS.toMillis(1));
            assertTrue(journal.append("large", facts));
        }
    }

    @Test
    void shouldDeleteWhatOldIncarnationsLeft() throws IOException {
        for (long incarnation = 1; incarnation <= 5; incarnation++) {
            try (Journal journal = open(incarnation, new Retention(2, 1000))) {
                journal.append("start", Map.of());
            }
            nowMillis.incrementAndGet();
        }
        assertEquals(
                List.of(4L, 5L),
                JournalReader.readAll(directory).stream().map(JournalEntry::incarnation).toList());
        assertEquals(2, directory.toFile().list().length, "no empty queues stay");
    }

    @Test
    void shouldKeepItsOwnQueueAndNoneOfThoseThatNeverGotAnEntry() throws IOException {
        open(1, Retention.DEFAULT).close();
        nowMillis.incrementAndGet();
        try (Journal journal = open(2, new Retention(1, 1000))) {
            for (int i = 0; i < 3; i++) {
                assertTrue(journal.append("tick", Map.of("i", i)));
                nowMillis.addAndGet(TimeUnit.HOURS.toMillis(1));
            }
        }
        assertEquals(
                List.of("{\"i\":2}"),
                JournalReader.readAll(directory).stream().map(JournalEntry::facts).toList());
        assertEquals(1, directory.toFile().list().length);
    }

    @Test
    void shouldFollowANodeThatComesBack() throws IOException {
        try (JournalReader reader = new JournalReader(directory)) {
            for (long incarnation = 1; incarnation <= 3; incarnation++) {
                try (Journal journal = open(incarnation, Retention.DEFAULT)) {
                    journal.append("start", Map.of());
                    assertEquals(incarnation, reader.poll().incarnation());
                    assertNull(reader.poll());
                }
                nowMillis.incrementAndGet();
            }
        }
    }

    @Test
    void shouldBeReadableByTheOwnerOnly() throws IOException {
        try (Journal journal = open(1, Retention.DEFAULT)) {
            journal.append("start", Map.of());
        }
        Path queue = new JournalDirectory(directory).files().getFirst().getParent();
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(queue)));
        for (File file : queue.toFile().listFiles()) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath())));
        }
    }

    @Test
    void shouldSayWhereItCannotWrite() throws IOException {
        Files.createDirectories(directory.getParent());
        Files.createFile(directory);
        assertTrue(
                assertThrows(IOException.class, () -> open(1, Retention.DEFAULT))
                        .getMessage()
                        .contains("evaluator"));
    }

    @Test
    void shouldReadWhatDamageLeft() throws IOException {
        try (Journal journal = open(1, Retention.DEFAULT)) {
            for (int i = 0; i < 50; i++) {
                journal.append("tick", Map.of("i", i));
            }
        }
        List<JournalEntry> written = JournalReader.readAll(directory);
        Path file = new JournalDirectory(directory).files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            Files.write(file, damage(whole, random));
            List<JournalEntry> read = JournalReader.readAll(directory);
            assertTrue(written.containsAll(read), "seed=" + SEED + " case=" + i);
        }
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(3)) {
            case 0 -> bytes = Arrays.copyOf(whole, random.nextInt(whole.length));
            case 1 -> bytes[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            default -> {
                int from = random.nextInt(whole.length);
                Arrays.fill(
                        bytes,
                        from,
                        from + random.nextInt(whole.length - from),
                        (byte) random.nextInt());
            }
        }
        return bytes;
    }

    @Test
    void shouldRefuseAKindThatWouldNotBeReadBack() throws IOException {
        try (Journal journal = open(1, Retention.DEFAULT)) {
            assertThrows(IllegalArgumentException.class, () -> journal.append("a\tb", Map.of()));
        }
    }

    @Test
    void shouldWriteValidJson() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("text", "a\"b\\c\n\t\u0001 é 漢");
        facts.put("nan", Double.NaN);
        facts.put("float", 0.5f);
        facts.put("list", List.of(1, 2L));
        facts.put("map", Map.of("k", true));
        facts.put("none", null);
        assertEquals(
                "{\"text\":\"a\\\"b\\\\c\\n\\t\\u0001 é 漢\",\"nan\":null,\"float\":0.5,\"list\":[1,2],"
                        + "\"map\":{\"k\":true},\"none\":null}",
                JsonLine.of(facts));
        assertEquals(
                "{\"wallMillis\":1,\"node\":\"n\",\"incarnation\":2,\"kind\":\"k\",\"facts\":{}}",
                new JournalEntry(1, "n", 2, "k", "{}").json());
    }

    private Journal open(long incarnation, Retention retention) throws IOException {
        return Journal.open(directory, "evaluator", incarnation, retention, nowMillis::get);
    }
}
