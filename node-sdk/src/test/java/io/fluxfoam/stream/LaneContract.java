package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What a lane protects, and what becomes of it when its reader dies. */
interface LaneContract extends StreamRig {
    @Test
    default void shouldNeverTouchALeasedSlotWhileItLapsTheReader() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(2));
        StreamReader slow = reader(ReadMode.LATEST, READER);
        StreamReader fast = reader(ReadMode.IN_ORDER, OwnerKey.of("fast", 1));
        commit(writer, 1);
        try (Lease lease = poll(slow)) {
            for (long i = 2; i < 500; i++) {
                commit(writer, i);
                try (Lease other = poll(fast)) {
                    assertNotNull(other);
                }
                assertEquals(1, value(lease));
                assertTrue(lease.isIntact());
            }
        }
        try (Lease lease = poll(slow)) {
            assertEquals(499, value(lease));
        }
    }

    @Test
    default void shouldReclaimTheLaneOfADeadReader() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1));
        StreamReader dead = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        Lease abandoned = dead.poll();
        assertNotNull(abandoned);
        IOException refusal =
                assertThrows(
                        IOException.class, () -> reader(ReadMode.LATEST, OwnerKey.of("next", 1)));
        assertTrue(refusal.getMessage().contains("readers=2 maxReaders=1"), refusal.getMessage());
        assertEquals(0, writer.reclaim(LaneOwners.IMMORTAL));
        assertEquals(1, writer.reclaim(owner -> owner == READER));
        StreamReader next = reader(ReadMode.LATEST, OwnerKey.of("next", 1));
        Set<Long> slotsSeen = new HashSet<>();
        for (long i = 2; i < 50; i++) {
            commit(writer, i);
            try (Lease lease = poll(next)) {
                slotsSeen.add(lease.memory().address());
            }
        }
        assertEquals(writer.header().spec().slots(), slotsSeen.size());
    }

    @Test
    default void shouldLetANewReaderTakeTheLaneOfADeadOne() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1));
        commit(writer, 1);
        reader(ReadMode.LATEST, READER).poll();
        StreamReader.Join join =
                new StreamReader.Join(ReadMode.LATEST, OwnerKey.of("next", 1), o -> true, false)
                        .on(device(), WaitMode.POLL);
        StreamReader next = closeLater(StreamReader.open(foam(), "writer.1.x.control", join));
        try (Lease lease = poll(next)) {
            assertEquals(1, value(lease));
        }
    }

    /** Whoever died in its sleep must not cost the writer a system call at every commit. */
    @Test
    default void shouldNotRingForAReaderThatDiedInItsSleep() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1));
        reader(ReadMode.LATEST, READER).prepareSleep();
        Path control = foam().path().resolve("writer.1.x.control");
        try (MappedFile file = MappedFile.openReadWrite(control)) {
            WriterProtocol protocol =
                    new WriterProtocol(
                            new SegmentWords(file.segment()), writer.header().descriptor());
            assertTrue(protocol.ring());
            writer.reclaim(owner -> true);
            assertFalse(protocol.ring());
        }
    }
}
