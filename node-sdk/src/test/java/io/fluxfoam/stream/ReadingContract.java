package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which commits a reader gets, and what it is told of the others. */
interface ReadingContract extends StreamRig {
    @Test
    default void shouldGiveTheNewestAndCountWhatWasMissed() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        for (long i = 1; i <= 40; i++) {
            commit(writer, i);
        }
        try (Lease lease = poll(reader)) {
            assertEquals(40, value(lease));
        }
        assertEquals(39, reader.missed());
    }

    @Test
    default void shouldReadInOrderAndSayHowManyWereRecycled() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).slots(16));
        StreamReader reader = reader(ReadMode.IN_ORDER, READER);
        for (long i = 1; i <= 100; i++) {
            commit(writer, i);
        }
        List<Long> got = new ArrayList<>();
        for (Lease lease = poll(reader); lease != null; lease = poll(reader)) {
            got.add(value(lease));
            lease.close();
        }
        assertFalse(reader.hasNews());
        assertEquals(
                List.of(
                        85L, 86L, 87L, 88L, 89L, 90L, 91L, 92L, 93L, 94L, 95L, 96L, 97L, 98L, 99L,
                        100L),
                got);
        assertEquals(84, reader.missed());
    }

    @Test
    default void shouldGiveALateReaderTheNewestCommitAtOnce() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        commit(writer, 1);
        commit(writer, 2);
        for (ReadMode mode : List.of(ReadMode.LATEST, ReadMode.IN_ORDER)) {
            StreamReader reader = reader(mode, OwnerKey.of("late-" + mode.ordinal(), 1));
            try (Lease lease = poll(reader)) {
                assertEquals(2, value(lease));
            }
            assertEquals(0, reader.missed());
        }
    }

    @Test
    default void shouldStayAtLeastSoManySlotsBehind() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader newest = reader(ReadMode.LATEST, READER, 3);
        StreamReader inOrder = reader(ReadMode.IN_ORDER, OwnerKey.of("order", 1), 3);
        for (long i = 1; i <= 3; i++) {
            commit(writer, i);
            assertFalse(newest.hasNews());
            assertNull(poll(newest));
            assertNull(poll(inOrder));
        }
        assertEquals(3, newest.behind());
        for (long i = 4; i <= 7; i++) {
            commit(writer, i);
        }
        assertTrue(newest.hasNews());
        assertEquals(7, newest.behind());
        try (Lease lease = poll(newest)) {
            assertEquals(4, value(lease));
            assertTrue(lease.isIntact());
        }
        assertEquals(3, newest.behind());
        assertEquals(3, newest.missed());
        assertNull(poll(newest));
        for (long i = 1; i <= 4; i++) {
            try (Lease lease = poll(inOrder)) {
                assertEquals(i, value(lease));
            }
        }
        assertNull(poll(inOrder));
        assertEquals(0, inOrder.missed());
        StreamReader late = reader(ReadMode.IN_ORDER, OwnerKey.of("late", 1), 2);
        try (Lease lease = poll(late)) {
            assertEquals(5, value(lease));
        }
        assertEquals(0, late.missed());
    }

    /** What the ring has room for is always there, though every other reader holds an old slot. */
    @Test
    default void shouldFindTheCommitAtItsDistanceAtAnyTime() throws IOException {
        int most = 4;
        StreamWriter writer =
                writer(StreamSpec.of("x", DType.I64, 1).maxReaders(3).slots(3 + 2 + most));
        StreamReader behind = reader(ReadMode.LATEST, READER, most);
        StreamReader[] others = {
            reader(ReadMode.LATEST, OwnerKey.of("one", 1)),
            reader(ReadMode.LATEST, OwnerKey.of("two", 1))
        };
        Lease[] held = new Lease[2];
        Lease last = null;
        for (long i = 1; i <= 200; i++) {
            commit(writer, i);
            if (i % 7 == 3 || i % 11 == 3) {
                int other = i % 7 == 3 ? 0 : 1;
                if (held[other] != null) {
                    held[other].close();
                }
                held[other] = poll(others[other]);
            }
            if (i > most) {
                if (last != null) {
                    last.close();
                }
                last = poll(behind);
                assertNotNull(last, "commit " + i);
                assertEquals(i - most, value(last));
                assertTrue(last.isIntact());
            }
        }
        assertEquals(0, behind.missed());
    }

    @Test
    default void shouldSayHowFarBehindAReaderMayStay() throws IOException {
        writer(StreamSpec.of("x", DType.I64, 1).maxReaders(2).slots(7));
        reader(ReadMode.LATEST, READER, 3);
        IOException refusal =
                assertThrows(
                        IOException.class,
                        () -> reader(ReadMode.LATEST, OwnerKey.of("next", 1), 4));
        assertTrue(
                refusal.getMessage().endsWith("distance=4 most=slots-maxReaders-2=3"),
                refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> reader(ReadMode.LATEST, READER, -1));
    }
}
