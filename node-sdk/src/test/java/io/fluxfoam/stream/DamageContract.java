package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Bytes that are not what they were: told, and never followed anywhere. */
interface DamageContract extends StreamRig {
    @Test
    default void shouldNoticeABitThatFlipped() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 512));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        try (Lease lease = poll(reader)) {
            assertEquals(1, value(lease));
            assertTrue(lease.isIntact());
        }
        commit(writer, 2);
        StreamReader host = onHost(OwnerKey.of("host", 1));
        try (Lease lease = poll(host)) {
            corrupt(
                    foam().path().resolve("writer.1.x.payload"),
                    writer.header().payloadBytes(),
                    writer.header().slotStride() + 100);
            assertFalse(lease.isIntact());
        }
    }

    @Test
    default void shouldCallASlotWithAnImpossibleHeaderDamaged() throws IOException {
        StreamSpec spec = StreamSpec.of("x", DType.I64, 4, 2).checksum(Checksum.NONE);
        StreamWriter writer = writer(spec);
        StreamReader reader = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        long slot = writer.header().descriptor().slot(0);
        try (Lease lease = poll(reader);
                MappedFile file =
                        MappedFile.openReadWrite(foam().path().resolve("writer.1.x.control"))) {
            assertTrue(lease.isIntact());
            SegmentWords words = new SegmentWords(file.segment());
            long[] places = {
                StreamDescriptor.BYTES_IN_SLOT,
                StreamDescriptor.SHAPE_IN_SLOT,
                StreamDescriptor.SHAPE_IN_SLOT + 8
            };
            for (long place : places) {
                long good = words.get(slot + place);
                for (long bad : new long[] {-1, good + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                    words.set(slot + place, bad);
                    assertFalse(lease.isIntact());
                }
                words.set(slot + place, good);
                assertTrue(lease.isIntact());
            }
            words.setInt(slot + StreamDescriptor.RANK_IN_SLOT, 3);
            assertFalse(lease.isIntact());
        }
    }

    @Test
    default void shouldFindNothingBehindStampsThatPointOutsideTheRing() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader newest = reader(ReadMode.LATEST, READER);
        StreamReader inOrder = reader(ReadMode.IN_ORDER, OwnerKey.of("second", 1));
        commit(writer, 1);
        try (MappedFile file =
                MappedFile.openReadWrite(foam().path().resolve("writer.1.x.control"))) {
            SegmentWords words = new SegmentWords(file.segment());
            for (long stamp :
                    new long[] {-1, Long.MAX_VALUE, Stamp.of(5, 0xffff), Stamp.of(2, 40)}) {
                words.set(StreamDescriptor.LATEST_AT, stamp);
                words.set(writer.header().descriptor().indexEntry(1), stamp);
                assertNull(poll(newest));
                assertNull(poll(inOrder));
            }
        }
    }

    @Test
    default void shouldOpenNoControlFileOutsideTheFoam() throws IOException {
        StreamReader.Join join =
                StreamReader.Join.newest(ReadMode.LATEST, READER).on(device(), WaitMode.POLL);
        for (String name : List.of("../x.control", "/etc/passwd", "sub/x.control")) {
            assertThrows(IOException.class, () -> StreamReader.open(foam(), name, join), name);
        }
    }

    @Test
    default void shouldSayWhatIsWrongWithAControlFile() throws IOException {
        writer(StreamSpec.of("x", DType.I64, 8));
        Path control = foam().path().resolve("writer.1.x.control");
        byte[] good = Files.readAllBytes(control);
        expect(LayoutException.Kind.TOO_NEW, control, good, 8, 9);
        expect(LayoutException.Kind.CORRUPT, control, good, 0, 1);
        expect(LayoutException.Kind.CORRUPT, control, good, 20, 99);
        expect(LayoutException.Kind.CORRUPT, control, good, 12, 55);
        expect(LayoutException.Kind.CORRUPT, control, good, 320, '/');
        Files.write(control, java.util.Arrays.copyOf(good, 700));
        LayoutException error =
                assertThrows(LayoutException.class, () -> reader(ReadMode.LATEST, READER));
        assertEquals(LayoutException.Kind.CORRUPT, error.kind());
    }

    private void expect(LayoutException.Kind kind, Path control, byte[] good, int offset, int value)
            throws IOException {
        byte[] bad = good.clone();
        bad[offset] = (byte) value;
        Files.write(control, bad);
        LayoutException error =
                assertThrows(LayoutException.class, () -> reader(ReadMode.LATEST, READER));
        assertEquals(kind, error.kind(), error.getMessage());
    }
}
