package io.fluxfoam.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

class BulkTest {
    private static final long MARGIN = 64;

    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                Bulk.MIN_BYTES - 1,
                Bulk.MIN_BYTES,
                Bulk.MIN_BYTES + 3,
                5 * Bulk.MIN_BYTES + 1
            })
    void shouldWriteTheseBytesAndNoOthers(long bytes) {
        MemorySegment all = arena.allocate(bytes + 2 * MARGIN);
        MemorySegment middle = all.asSlice(MARGIN, bytes);
        Bulk.fill(middle, (byte) -7);
        assertEquals(-1, middle.mismatch(filled(bytes, (byte) -7)));
        assertMargins(all);
        MemorySegment source = random(bytes);
        Bulk.copy(source, middle, bytes);
        assertEquals(-1, middle.mismatch(source));
        assertMargins(all);
    }

    private static void assertMargins(MemorySegment all) {
        MemorySegment zeros = MemorySegment.ofArray(new byte[(int) MARGIN]);
        assertEquals(-1, all.asSlice(0, MARGIN).mismatch(zeros));
        assertEquals(-1, all.asSlice(all.byteSize() - MARGIN).mismatch(zeros));
    }

    private MemorySegment filled(long bytes, byte value) {
        return arena.allocate(bytes).fill(value);
    }

    private MemorySegment random(long bytes) {
        MemorySegment segment = arena.allocate(bytes);
        Random random = new Random(bytes);
        for (long at = 0; at < bytes; at++) {
            segment.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        }
        return segment;
    }

    @Test
    void shouldCopyFromTheHeapAndWithinItself() {
        byte[] heap = new byte[(int) Bulk.MIN_BYTES];
        new Random(1).nextBytes(heap);
        MemorySegment all = arena.allocate(2 * Bulk.MIN_BYTES);
        Bulk.copy(MemorySegment.ofArray(heap), all, heap.length);
        Bulk.copy(all, all.asSlice(100), Bulk.MIN_BYTES);
        assertEquals(-1, all.asSlice(100, Bulk.MIN_BYTES).mismatch(MemorySegment.ofArray(heap)));
    }

    @Test
    void shouldRefuseWhatDoesNotFitOrMayNotBeWritten() {
        MemorySegment source = arena.allocate(Bulk.MIN_BYTES + 1);
        MemorySegment target = arena.allocate(Bulk.MIN_BYTES);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Bulk.copy(source, target, source.byteSize()));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Bulk.copy(target, source, source.byteSize()));
        assertThrows(
                IllegalArgumentException.class,
                () -> Bulk.copy(target, source.asReadOnly(), Bulk.MIN_BYTES));
        assertThrows(
                IllegalArgumentException.class, () -> Bulk.fill(target.asReadOnly(), (byte) 1));
    }
}
