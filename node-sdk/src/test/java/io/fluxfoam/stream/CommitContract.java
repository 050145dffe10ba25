package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.fluxfoam.memory.MortalWords;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.function.LongPredicate;

/** What a commit is: what the writer put in, and all of it or nothing. */
interface CommitContract extends StreamRig {
    int ROUNDS = 1_000;

    /** Where no compiler can see that what is put here is not kept. */
    MemorySegment[] KEPT = new MemorySegment[1];

    @Test
    default void shouldGiveOutWhatWasCommitted() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.F32, 4, 6));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        assertNull(reader.poll());
        long beforeNs;
        try (Claim claim = writer.claim()) {
            claim.shape(2, 5).tag(77);
            claim.payload().setAtIndex(ValueLayout.JAVA_FLOAT, 9, 3.5f);
            beforeNs = System.nanoTime();
            assertEquals(1, claim.commit(123, 456));
        }
        writer.queue().await(WATCHDOG_NS);
        try (Lease lease = poll(reader)) {
            assertNotNull(lease);
            assertEquals(123, lease.frameNumber());
            assertEquals(456, lease.captureNs());
            assertTrue(lease.publishNs() - beforeNs >= 0, () -> "publishNs=" + lease.publishNs());
            assertEquals(77, lease.tag());
            assertEquals(2, lease.rank());
            assertEquals(2, lease.dim(0));
            assertEquals(5, lease.dim(1));
            assertEquals(40, lease.payload().byteSize());
            assertEquals(3.5f, lease.payload().getAtIndex(ValueLayout.JAVA_FLOAT, 9));
            assertTrue(lease.isIntact());
            assertTrue(lease.payload().isReadOnly());
        }
        assertNull(reader.poll());
    }

    @Test
    default void shouldHandOverEmptyTensorsAndSingleNumbers() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.F32, 4, 6));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        for (int round = 0; round < 3; round++) {
            try (Claim claim = writer.claim()) {
                claim.shape(0, 6).commit(1, 2);
            }
            writer.queue().await(WATCHDOG_NS);
            try (Lease lease = poll(reader)) {
                assertEquals(0, lease.dim(0));
                assertEquals(0, lease.payload().byteSize());
                assertTrue(lease.isIntact());
            }
            commit(writer, 3); // and after a tensor that is not empty
            poll(reader).close();
        }
        StreamWriter numbers =
                closeLater(
                        StreamWriter.create(
                                foam(), "writer", 1, StreamSpec.of("n", DType.I64), device()));
        StreamReader.Join join =
                StreamReader.Join.newest(ReadMode.LATEST, READER).on(device(), WaitMode.POLL);
        StreamReader second = closeLater(StreamReader.open(foam(), "writer.1.n.control", join));
        commit(numbers, 42);
        try (Lease lease = poll(second)) {
            assertEquals(0, lease.rank());
            assertEquals(8, lease.payload().byteSize());
            assertEquals(42, value(lease));
        }
    }

    /** Tensors smaller than the largest shape, of which the CPU is shown a part of the slot. */
    @Test
    default void shouldAllocateNothing() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 4));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] half = {2};
        // What a commit allocates is in every round; what the compiler does meanwhile is in some.
        long bytes = Long.MAX_VALUE;
        for (int round = 0; round < 4; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                try (Claim claim = writer.claim()) {
                    claim.shape(half);
                    KEPT[0] = claim.payload();
                    KEPT[0].set(ValueLayout.JAVA_LONG, 8, i);
                    claim.commit(i, 0);
                }
                writer.queue().await(WATCHDOG_NS);
                try (Lease lease = poll(reader)) {
                    KEPT[0] = lease.payload();
                    assertEquals(i, KEPT[0].get(ValueLayout.JAVA_LONG, 8));
                    assertTrue(lease.isIntact());
                    lease.memory();
                }
            }
            bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(bytes < ROUNDS, "bytes=" + bytes + " rounds=" + ROUNDS);
    }

    @Test
    default void shouldForgetAnAbortedClaim() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        try (Claim claim = writer.claim()) {
            claim.payload().set(ValueLayout.JAVA_LONG, 0, 666);
        }
        try (Lease lease = poll(reader)) {
            assertEquals(1, value(lease));
        }
        assertEquals(1, StreamView.read(foam().path().resolve("writer.1.x.control")).aborted());
    }

    /**
     * Whatever the store at which a claim or its commit fails, it is over: nothing torn is seen,
     * and the next one works.
     */
    @Test
    default void shouldGoOnAfterACommitThatFails() throws IOException {
        int[] storesLeft = {Integer.MAX_VALUE};
        LongPredicate mayStore =
                offset -> {
                    if (--storesLeft[0] < 0) {
                        throw new IllegalStateException("refused: offset=" + offset);
                    }
                    return true;
                };
        StreamSpec spec = StreamSpec.of("x", DType.I64, 512).maxReaders(1).slots(3);
        StreamWriter writer =
                closeLater(
                        StreamWriter.create(
                                foam(),
                                "writer",
                                1,
                                spec,
                                device(),
                                words -> new MortalWords(words, mayStore)));
        StreamReader reader = reader(ReadMode.IN_ORDER, READER);
        int failures = 0;
        for (long value = 1; failures == value - 1; value++) {
            storesLeft[0] = failures;
            try (Claim claim = writer.claim()) {
                claim.payload().fill((byte) value);
                claim.commit(value, 0);
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().startsWith("refused: "), e.getMessage());
                failures++;
            }
            storesLeft[0] = Integer.MAX_VALUE;
            try (Claim claim = writer.claim()) {
                claim.payload().fill((byte) -value);
                claim.commit(-value, 0);
            }
            writer.queue().await(WATCHDOG_NS);
            assertEquals(0, writer.inFlight());
            long newest = 0;
            for (Lease lease = poll(reader); lease != null; lease = poll(reader)) {
                newest = lease.frameNumber();
                assertTrue(Math.abs(newest) == value, "value=" + value + " newest=" + newest);
                assertTrue(lease.isIntact());
                assertEquals((byte) newest, lease.payload().get(ValueLayout.JAVA_BYTE, 4095));
                lease.close();
            }
            assertEquals(-value, newest);
        }
        assertTrue(failures > 10, "failures=" + failures);
    }

    @Test
    default void shouldRefuseShapesThatDoNotFit() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.F32, 4, 6));
        try (Claim claim = writer.claim()) {
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> claim.shape(4, 7));
            assertTrue(
                    error.getMessage().contains("shape=[4, 7] maxShape=[4, 6]"),
                    error.getMessage());
            assertThrows(IllegalArgumentException.class, () -> claim.shape(4));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> StreamSpec.of("x", DType.F32, Long.MAX_VALUE, 8));
        assertThrows(IllegalArgumentException.class, () -> StreamSpec.of("../x", DType.F32, 8));
        assertThrows(
                IllegalArgumentException.class, () -> StreamSpec.of("x", DType.F32, 8).slots(3));
    }
}
