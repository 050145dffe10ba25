package io.fluxfoam.teacher.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.manifest.ChildJvm;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a process that does nothing but put results, again and again, and looks at every one that
 * it leaves. Most of a put is the copy of its 16 KiB, and every fifteenth begins a new file.
 */
class MemoryKillTest {
    private static final long SEED = 21;
    private static final long LIMIT = 16 << 20;
    private static final int PAYLOAD_BYTES = 16 << 10;
    private static final int SETTLED = 40;
    private static final Namespace EPOCH = Namespace.of("e1", "this machine");

    @TempDir private Path directory;

    /** Cheap to make, so that the process is nearly always inside a put. */
    private static final class Cheap {
        private final Fingerprint fingerprint = new Fingerprint();
        private final MemorySegment input = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
        private final MemorySegment features = Arena.ofAuto().allocate(PAYLOAD_BYTES, 64);

        Fingerprint fingerprint(long number) {
            input.set(ValueLayout.JAVA_LONG, 0, number);
            return fingerprint.take(input, Long.BYTES);
        }

        MemorySegment features(long number) {
            features.fill((byte) number);
            features.set(ValueLayout.JAVA_LONG, 0, number);
            return features;
        }
    }

    private final Cheap cheap = new Cheap();

    @Test
    @Timeout(120)
    void shouldOnlyEverLeaveWholeResults() throws Exception {
        kill(6);
    }

    @Test
    @Tag("slow")
    @Timeout(1_800)
    void shouldOnlyEverLeaveWholeResultsInAThousandKills() throws Exception {
        kill(Integer.getInteger("foam.kills", 1_000));
    }

    private void kill(int kills) throws Exception {
        Path memory = Files.createDirectory(directory.resolve("memory"));
        Random random = new Random(SEED);
        long newest = 0;
        long checked = 0;
        for (int life = 0; life < kills; life++) {
            Path sign = directory.resolve("works." + life);
            Path log = directory.resolve(life + ".log");
            try (ChildJvm child = ChildJvm.start(log, Putter.class, memory, newest + 1, sign)) {
                while (!Files.exists(sign)) {
                    assertTrue(child.isAlive(), child::toString);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
                LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(30)));
                child.kill();
                assertEquals("", child.output(), "seed=" + SEED);
            }
            Files.delete(sign);
            Files.delete(log);
            long before = newest;
            List<String> troubles = new ArrayList<>();
            try (MemoryStore store = store(memory, troubles)) {
                newest = store.clock();
                checked += check(store, newest);
            }
            assertEquals(List.of(), troubles, "seed=" + SEED);
            assertTrue(newest >= before + SETTLED, "seed=" + SEED + " newest=" + newest);
        }
        System.out.println("kills=" + kills + " results=" + newest + " checked=" + checked);
    }

    /** All of the newest, as many as there is room for, and nothing that is not right. */
    private long check(MemoryStore store, long newest) {
        long found = 0;
        for (long number = newest; number > Math.max(0, newest - 2_000); number--) {
            Stored stored = store.find(cheap.fingerprint(number));
            if (stored == null) {
                continue;
            }
            assertEquals(newest - found, number, "a hole");
            assertEquals(-1, stored.payload().mismatch(cheap.features(number)));
            assertTrue(store.isIntact(stored, stored.payload()));
            assertEquals(number, stored.validUntil() - stored.validFor());
            found++;
        }
        assertEquals(store.results(), found);
        return found;
    }

    private static MemoryStore store(Path directory, List<String> troubles) throws IOException {
        return new MemoryStore(
                directory,
                EPOCH,
                LIMIT,
                PAYLOAD_BYTES,
                trouble -> troubles.add(trouble.getMessage()));
    }

    /** Puts results until it is killed. */
    static final class Putter {
        private Putter() {}

        /** Arguments: directory, number of the first result, file that says that it works. */
        public static void main(String[] args) throws IOException {
            ChildJvm.endWithParent();
            List<String> troubles = new ArrayList<>();
            Cheap cheap = new Cheap();
            MemoryStore store = store(Path.of(args[0]), troubles);
            long from = Long.parseLong(args[1]);
            for (long number = from; ; number++) {
                store.put(cheap.fingerprint(number), true, cheap.features(number), 16, number + 16);
                if (number == from + SETTLED) {
                    Files.createFile(Path.of(args[2]));
                }
                if (!troubles.isEmpty()) {
                    System.out.println(troubles);
                }
            }
        }
    }
}
