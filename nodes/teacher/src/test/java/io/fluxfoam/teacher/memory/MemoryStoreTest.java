package io.fluxfoam.teacher.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class MemoryStoreTest {
    private static final long LIMIT = 1 << 20;
    private static final Namespace EPOCH = Namespace.of("e1", "this machine");
    private static final long RECORD = StoreFile.RECORD_BYTES + 256;

    @TempDir private Path directory;

    private final Facts facts = new Facts(64);
    private final Fingerprint fingerprint = new Fingerprint();
    private final List<String> troubles = new ArrayList<>();
    private MemoryStore store;

    private MemoryStore open(Namespace namespace, long limit) throws IOException {
        if (store != null) {
            store.close();
        }
        store =
                new MemoryStore(
                        directory,
                        namespace,
                        limit,
                        facts.bytes(),
                        trouble -> troubles.add(trouble.getMessage()));
        return store;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void put(long number) {
        store.put(take(number), true, facts.features(number), 16, number + 16);
    }

    private Fingerprint take(long number) {
        return fingerprint.take(facts.input(number), Facts.shape());
    }

    private void assertKnown(long number) {
        Stored stored = store.find(take(number));
        assertNotNull(stored, "number=" + number);
        assertTrue(stored.spoken());
        assertEquals(-1, stored.payload().mismatch(facts.features(number)));
        assertTrue(store.isIntact(stored, stored.payload()));
    }

    private void assertUnknown(long number) {
        assertNull(store.find(take(number)), "number=" + number);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static long bytes(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private void overwrite(Path file, long at, byte... content) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(content);
        }
    }

    @Test
    void shouldKnowWhatWasPutAlsoInTheNextLife() throws IOException {
        open(EPOCH, LIMIT);
        for (int n = 0; n < 100; n++) {
            put(n);
        }
        store.put(take(100), false, MemorySegment.NULL, 16, 200);
        assertKnown(0);
        open(EPOCH, LIMIT);
        assertEquals(101, store.results());
        assertEquals(184, store.clock());
        for (int n = 0; n < 100; n++) {
            assertKnown(n);
        }
        Stored silent = store.find(take(100));
        assertFalse(silent.spoken());
        assertEquals(0, silent.payload().byteSize());
        assertUnknown(101);
        put(101);
        open(EPOCH, LIMIT);
        assertKnown(99);
        assertKnown(101);
        assertEquals(List.of(), troubles);
    }

    @Test
    void shouldTakeTheLaterOfTwoResults() throws IOException {
        open(EPOCH, LIMIT);
        put(1);
        store.put(take(1), true, facts.features(7), 16, 16);
        assertEquals(1, store.results());
        open(EPOCH, LIMIT);
        assertEquals(-1, store.find(take(1)).payload().mismatch(facts.features(7)));
    }

    @Test
    void shouldStayBelowItsLimitAndKeepWhatIsUsed() throws IOException {
        open(EPOCH, LIMIT);
        for (int n = 0; n < 20_000; n++) {
            put(n);
            assertTrue(store.bytes() <= LIMIT);
            if (n % 10 == 0) {
                assertKnown(0);
            }
        }
        assertTrue(bytes(files()) <= LIMIT);
        long kept = LIMIT / RECORD;
        assertTrue(store.results() > kept * 3 / 4, store.results() + " of " + kept);
        assertKnown(0);
        assertKnown(19_999);
        assertUnknown(1_000);
        open(EPOCH, LIMIT / 4);
        assertTrue(bytes(files()) <= LIMIT / 4);
        assertKnown(19_999);
        assertEquals(List.of(), troubles);
    }

    @Test
    void shouldKnowNothingOfAnotherEpochOrAnotherMachine() throws IOException {
        for (Namespace other :
                List.of(Namespace.of("e2", "this machine"), Namespace.of("e1", "another"))) {
            open(EPOCH, LIMIT);
            put(1);
            open(other, LIMIT);
            assertUnknown(1);
            assertEquals(List.of(), files());
        }
        assertEquals(List.of(), troubles);
    }

    @Test
    void shouldEndWhereAPutWasNotFinished() throws IOException {
        open(EPOCH, LIMIT);
        put(1);
        put(2);
        put(3);
        store.close();
        Path file = files().getFirst();
        long third = StoreFile.HEADER_BYTES + 2 * RECORD;
        for (long word = 0; word < StoreFile.RECORD_BYTES; word += Long.BYTES) {
            if (word >= 32 && word < 56) {
                continue; // validity and what is not used yet
            }
            byte[] before = Files.readAllBytes(file);
            overwrite(file, third + word, (byte) ~before[(int) (third + word)]);
            open(EPOCH, LIMIT);
            assertKnown(2);
            assertUnknown(3);
            put(4);
            open(EPOCH, LIMIT);
            assertKnown(4);
            store.close();
            Files.write(file, before);
        }
        open(EPOCH, LIMIT);
        assertKnown(3);
        assertEquals(List.of(), troubles);
    }

    @Test
    void shouldSeeThatBytesAreNotThoseThatWereStored() throws IOException {
        open(EPOCH, LIMIT);
        put(1);
        store.close();
        overwrite(
                files().getFirst(), StoreFile.HEADER_BYTES + StoreFile.RECORD_BYTES + 17, (byte) 9);
        open(EPOCH, LIMIT);
        Stored stored = store.find(take(1));
        assertFalse(store.isIntact(stored, stored.payload()));
        store.forget(take(1), stored);
        assertUnknown(1);
    }

    /** Whatever is damaged: nothing crashes, and what is taken for whole is what was stored. */
    @Test
    void shouldGiveNothingWrongOfDamagedFiles() throws IOException {
        open(EPOCH, LIMIT);
        for (int n = 0; n < 40; n++) {
            put(n);
        }
        store.close();
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(12);
        int intact = 0;
        for (int round = 0; round < 1_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(
                    file,
                    random.nextInt(10) > 0
                            ? damaged
                            : Arrays.copyOf(damaged, random.nextInt(2 * damaged.length)));
            open(EPOCH, LIMIT);
            for (int n = 0; n < 40; n++) {
                Stored stored = store.find(take(n));
                if (stored != null && store.isIntact(stored, stored.payload())) {
                    assertEquals(
                            -1, stored.payload().mismatch(facts.features(n)), "round=" + round);
                    intact++;
                }
            }
            store.purge();
        }
        assertTrue(intact > 10_000, "intact=" + intact);
    }

    @Test
    void shouldReplaceWhatIsNoFileOfAStoreWithOneLine() throws IOException {
        Path file = directory.resolve("memory.7");
        Path precious = Files.writeString(directory.resolve("precious"), "kept");
        byte[] whole = new byte[4096];
        System.arraycopy("FOAMKMEM".getBytes(StandardCharsets.UTF_8), 0, whole, 0, 8);
        byte[] newer = whole.clone();
        newer[8] = 2;
        byte[] shorter = whole.clone();
        shorter[8] = 1;
        shorter[17] = 1;
        List<byte[]> contents =
                List.of(
                        "x".repeat(5_000).getBytes(StandardCharsets.UTF_8),
                        newer,
                        shorter,
                        new byte[10],
                        new byte[0]);
        for (byte[] content : contents) {
            Files.write(file, content);
            open(EPOCH, LIMIT);
            assertEquals(1, troubles.size(), troubles.toString());
            assertTrue(troubles.getFirst().startsWith("memory begins anew: "), troubles.toString());
            assertTrue(troubles.getFirst().contains(file.toString()), troubles.toString());
            assertFalse(Files.exists(file));
            put(1);
            assertKnown(1);
            store.purge();
            troubles.clear();
        }
        Files.createSymbolicLink(file, precious);
        Files.createDirectories(directory.resolve("memory.3").resolve("inside"));
        Files.writeString(directory.resolve(".memory.4"), "unfinished");
        open(EPOCH, LIMIT);
        assertEquals(3, troubles.size(), troubles.toString());
        assertEquals("kept", Files.readString(precious));
        assertFalse(Files.exists(directory.resolve(".memory.4")));
        put(1);
        assertKnown(1);
        assertTrue(Files.exists(directory.resolve("memory.8")));
    }

    @Test
    void shouldGiveALargeResultAFileThatHoldsIt() throws IOException {
        Facts large = new Facts(1 << 20);
        store =
                new MemoryStore(
                        directory, EPOCH, 10 << 20, large.bytes(), e -> troubles.add(e.toString()));
        for (int n = 0; n < 5; n++) {
            store.put(take(n), true, large.features(n), 16, 16);
            assertTrue(store.bytes() <= 10 << 20);
            assertEquals(-1, store.find(take(n)).payload().mismatch(large.features(n)));
        }
        assertEquals(2, store.results());
        store.put(take(9), true, new Facts(2 << 20).features(9), 16, 16);
        assertUnknown(9);
        IOException refusal =
                assertThrows(
                        IOException.class,
                        () -> new MemoryStore(directory, EPOCH, 5 << 20, large.bytes(), e -> {}));
        assertEquals(
                "memory limit too small: limitBytes=5242880 at least=8396800 for results of"
                        + " bytes=4194304",
                refusal.getMessage());
        assertEquals(List.of(), troubles);
    }
}
