package io.fluxfoam.tests.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A writer laps readers in other processes, on random numbers of slots and readers and random
 * sizes, and none of them ever sees a torn tensor. {@code -Dtorture.reads=} says how many reads the
 * long form verifies, {@code -Dseed=} repeats a run.
 */
@Timeout(7_200)
class TornReadsTest {
    private static final long SEED = Long.getLong("seed", 20261123L);
    private static final int PROCESSES = 2;
    private static final int MAX_THREADS = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private FoamDirectory foam;
    private final Random random = new Random(SEED);
    private final List<Worker> readers = new ArrayList<>();
    private long commits;
    private long reads;
    private long torn;
    private long missed;
    private int rings;

    @BeforeEach
    void startReaders() throws IOException {
        Path fast = Path.of("/dev/shm");
        foam =
                FoamDirectory.create(
                        Files.createTempDirectory(
                                Files.isWritable(fast) ? fast : directory, "torn"));
        for (int i = 0; i < PROCESSES; i++) {
            readers.add(
                    Worker.start(
                            "reader-" + i,
                            directory,
                            ReaderProcess.class,
                            foam.path(),
                            "reader-" + i));
        }
    }

    @AfterEach
    void stopReaders() throws IOException {
        readers.forEach(Worker::close);
        for (String file : foam.list()) {
            Files.delete(foam.path().resolve(file));
        }
        Files.delete(foam.path());
    }

    @Test
    void shouldNeverTear() throws Exception {
        read(100_000, 8);
        assertEquals(0, torn);
    }

    @Test
    @Tag("slow")
    void shouldNeverTearInTheLongRun() throws Exception {
        read(Long.getLong("torture.reads", 100_000_000L), 200);
        assertEquals(0, torn);
    }

    /**
     * Readers that give their leases back too early must be caught, or the other tests prove
     * nothing.
     */
    @Test
    void shouldTearWithoutLeases() throws Exception {
        for (int attempt = 0; attempt < 50 && torn == 0; attempt++) {
            ring(100_000, false);
        }
        report();
        assertTrue(torn > 0);
    }

    private void read(long wanted, int wantedRings) throws Exception {
        while (reads < wanted) {
            ring(wanted / wantedRings, true);
        }
        report();
        assertTrue(reads >= wanted);
        assertTrue(missed > 0, "no reader was ever lapped");
    }

    private void report() {
        System.out.println(
                "seed="
                        + SEED
                        + " rings="
                        + rings
                        + " commits="
                        + commits
                        + " verifiedReads="
                        + reads
                        + " tornReads="
                        + torn
                        + " missed="
                        + missed);
    }

    private void ring(long wanted, boolean leased) throws Exception {
        int threads = 1 + random.nextInt(MAX_THREADS);
        int maxReaders = PROCESSES * threads;
        int words = 1 << random.nextInt(leased ? 12 : 6);
        StreamSpec spec =
                StreamSpec.of("x", DType.I64, words)
                        .maxReaders(maxReaders)
                        .slots(maxReaders + 2 + random.nextInt(12))
                        .checksum(random.nextInt(4) == 0 ? Checksum.CRC32C : Checksum.NONE);
        long incarnation = ++rings;
        try (StreamWriter writer =
                StreamWriter.create(foam, "writer", incarnation, spec, Device.of("host"))) {
            String control = FoamDirectory.fileName("writer", incarnation, "x.control");
            Lapping lapping = new Lapping(writer, words, new Random(random.nextLong()));
            Thread thread = Thread.ofPlatform().start(lapping);
            for (Worker reader : readers) {
                reader.tell(
                        "read",
                        control,
                        threads,
                        Math.max(threads, wanted / PROCESSES),
                        random.nextLong(),
                        leased);
            }
            for (Worker reader : readers) {
                count(reader.answer());
            }
            lapping.isOver = true;
            thread.join();
            commits += writer.sequence();
            writer.remove();
        }
    }

    private void count(String answer) {
        String[] words = answer.split("[ =]");
        reads += Long.parseLong(words[1]);
        torn += Long.parseLong(words[3]);
        missed += Long.parseLong(words[5]);
    }

    /** Commits as fast as it can, smaller and larger tensors. */
    private static final class Lapping implements Runnable {
        private final StreamWriter writer;
        private final int maxWords;
        private final Random random;
        private volatile boolean isOver;

        private Lapping(StreamWriter writer, int maxWords, Random random) {
            this.writer = writer;
            this.maxWords = maxWords;
            this.random = random;
        }

        @Override
        public void run() {
            while (!isOver) {
                long sequence = writer.sequence() + 1;
                int words = 1 + random.nextInt(maxWords);
                try (Claim claim = writer.claim()) {
                    Tensors.fill(claim.payload(), 8L * words, sequence);
                    claim.shape(words).commit(sequence, sequence);
                }
            }
        }
    }
}
