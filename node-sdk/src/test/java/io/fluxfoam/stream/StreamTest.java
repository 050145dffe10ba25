package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** Streams on the host. */
class StreamTest extends StreamContract {
    private static final long PAGE_BYTES = 4096;

    @Override
    public Device device() {
        return Device.of("host");
    }

    @Override
    public void corrupt(Path payloadFile, long payloadBytes, long offset) throws IOException {
        try (RandomAccessFile payload = new RandomAccessFile(payloadFile.toFile(), "rw")) {
            payload.seek(offset);
            payload.write(1);
        }
    }

    @Test
    void shouldLeaveNothingBehindIfItCannotBeCreated() throws IOException {
        Files.createFile(foam().path().resolve(".writer.1.x.control"));
        List<String> before = foam().list().stream().sorted().toList();
        assertThrows(IOException.class, () -> writer(StreamSpec.of("x", DType.I64, 1)));
        assertEquals(before, foam().list().stream().sorted().toList());
        StreamSpec huge = StreamSpec.of("huge", DType.U8, 1L << 32).slots(1 << 15);
        IOException full = assertThrows(IOException.class, () -> writer(huge));
        assertTrue(full.getMessage().contains("path="), full.getMessage());
        assertEquals(before, foam().list().stream().sorted().toList());
    }

    @Test
    void shouldTakeAChecksumThatIsKnownForTheNextCommitAlone() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader reader = reader(ReadMode.IN_ORDER, OwnerKey.of("reader", 1));
        CRC32C crc = new CRC32C();
        crc.update(new byte[Long.BYTES]);
        for (int wrong : new int[] {0, 1}) {
            try (Claim claim = writer.claim()) {
                claim.payload().fill((byte) 0);
                claim.checksum((int) crc.getValue() + wrong).commit(1, 2);
            }
            try (Lease lease = reader.poll()) {
                assertEquals(wrong == 0, lease.isIntact());
            }
        }
        commit(writer, 3);
        try (Lease lease = reader.poll()) {
            assertTrue(lease.isIntact());
        }
    }

    /**
     * A wake that is lost costs the bound of the wait, so a few of them are more than the watchdog
     * allows.
     */
    @Test
    @Timeout(120)
    void shouldAwaitEachCommit() throws Exception {
        int commits = 2_000;
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader reader = reader(ReadMode.LATEST, OwnerKey.of("reader", 1));
        assertFalse(reader.await(1_000_000), "there is nothing yet");
        AtomicLong last = new AtomicLong();
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> reading =
                    other.submit(() -> {
                        while (last.get() < commits) {
                            assertTrue(reader.await(60_000_000_000L));
                            try (Lease lease = reader.poll()) {
                                last.set(value(lease));
                            }
                        }
                    });
            for (long sequence = 1; sequence <= commits; sequence++) {
                commit(writer, sequence);
                while (last.get() < sequence && !reading.isDone()) {
                    Thread.onSpinWait();
                }
            }
            reading.get();
        }
        assertEquals(0, reader.missed());
    }

    /**
     * The largest slots there are, 12 GiB of them: a ring six times as long as what 31 bits count.
     */
    @Test
    @Tag("slow")
    void shouldCarryTensorsOfFourGibibytes() throws IOException {
        StreamSpec spec = StreamSpec.of("x", DType.I64, 1L << 29).maxReaders(1).slots(3);
        long ringBytes = spec.slotBytes() * spec.slots();
        assumeTrue(
                Files.getFileStore(foam().path()).getUsableSpace() > ringBytes + (1L << 30),
                "needs " + (ringBytes >> 30) + " GiB of shared memory");
        StreamWriter writer = writer(spec);
        StreamReader reader = reader(ReadMode.LATEST, OwnerKey.of("reader", 1));
        for (long sequence = 1; sequence <= 4; sequence++) {
            try (Claim claim = writer.claim()) {
                for (long at = 0; at < spec.slotBytes(); at += PAGE_BYTES) {
                    claim.payload()
                            .set(ValueLayout.JAVA_LONG, at, sequence << 32 | at / PAGE_BYTES);
                }
                claim.payload()
                        .set(ValueLayout.JAVA_LONG, spec.slotBytes() - Long.BYTES, -sequence);
                claim.commit(sequence, sequence);
            }
            try (Lease lease = reader.poll()) {
                assertEquals(spec.slotBytes(), lease.payload().byteSize());
                for (long at = 0; at < spec.slotBytes(); at += PAGE_BYTES) {
                    long word = lease.payload().get(ValueLayout.JAVA_LONG, at);
                    if (word != (sequence << 32 | at / PAGE_BYTES)) {
                        throw new AssertionError(
                                "sequence=" + sequence + " at=" + at + " word=" + word);
                    }
                }
                assertEquals(
                        -sequence,
                        lease.payload().get(ValueLayout.JAVA_LONG, spec.slotBytes() - Long.BYTES));
                assertTrue(lease.isIntact());
            }
        }
        try (StreamPeek peek = StreamPeek.open(foam(), "writer.1.x.control")) {
            IOException tooLarge = assertThrows(IOException.class, () -> peek.newerThan(0));
            String path = foam().path().resolve("writer.1.x.control").toString();
            assertEquals(
                    "tensor is too large to be copied: path="
                            + path
                            + " payloadBytes=4294967296 most=2147483639",
                    tooLarge.getMessage());
        }
    }
}
