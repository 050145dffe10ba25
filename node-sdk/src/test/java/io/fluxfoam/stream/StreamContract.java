package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.MortalWords;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream does on every device. The CPU fills and reads the slots here, by way of copies where the device asks for it. */
abstract class StreamContract {
    private static final long WATCHDOG_NS = 30_000_000_000L;

    private static final long READER = OwnerKey.of("reader", 1);
    private static final int ROUNDS = 1_000;

    private static volatile MemorySegment kept;

    @TempDir(factory = SharedMemory.class)
    Path directory;

    private FoamDirectory foam;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
    }

    /** The device that streams live on and readers work on. */
    abstract Device device();

    /** Changes a byte of a stream's payload behind everybody's back. */
    abstract void corrupt(Path payloadFile, long payloadBytes, long offset) throws IOException;

    final FoamDirectory foam() {
        return foam;
    }

    final <T extends AutoCloseable> T closeLater(T resource) {
        opened.add(resource);
        return resource;
    }

    final StreamWriter writer(StreamSpec spec) throws IOException {
        StreamWriter writer = StreamWriter.create(foam, "writer", 1, spec, device());
        opened.add(writer);
        return writer;
    }

    final StreamReader reader(ReadMode mode, long owner) throws IOException {
        return reader(mode, owner, 0);
    }

    final StreamReader reader(ReadMode mode, long owner, int atLeastBehind) throws IOException {
        StreamReader.Join join =
                StreamReader.Join.newest(mode, owner).on(device(), WaitMode.POLL).atLeastBehind(atLeastBehind);
        StreamReader reader = StreamReader.open(foam, "writer.1.x.control", join);
        opened.add(reader);
        return reader;
    }

    /** Commits and waits for the arrival. */
    static void commit(StreamWriter writer, long value) {
        try (Claim claim = writer.claim()) {
            claim.payload().set(ValueLayout.JAVA_LONG, 0, value);
            claim.commit(value, value + 1);
        }
        writer.queue().await(WATCHDOG_NS);
    }

    /** Leases once the lease before has ended. */
    static Lease poll(StreamReader reader) {
        reader.queue().await(WATCHDOG_NS);
        return reader.poll();
    }

    final StreamReader onHost(long owner) throws IOException {
        return StreamReader.open(foam, "writer.1.x.control", StreamReader.Join.newest(ReadMode.LATEST, owner));
    }

    static long value(Lease lease) {
        return lease.payload().get(ValueLayout.JAVA_LONG, 0);
    }

    @Test
    void shouldGiveOutWhatWasCommitted() throws IOException {
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
    void shouldHandOverEmptyTensorsAndSingleNumbers() throws IOException {
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
        StreamWriter numbers = StreamWriter.create(foam, "writer", 1, StreamSpec.of("n", DType.I64), device());
        opened.add(numbers);
        StreamReader.Join join = StreamReader.Join.newest(ReadMode.LATEST, READER).on(device(), WaitMode.POLL);
        StreamReader second = closeLater(StreamReader.open(foam, "writer.1.n.control", join));
        commit(numbers, 42);
        try (Lease lease = poll(second)) {
            assertEquals(0, lease.rank());
            assertEquals(8, lease.payload().byteSize());
            assertEquals(42, value(lease));
        }
    }

    /** Tensors of half the largest size; the segments go where no compiler can see that they are not kept. */
    @Test
    void shouldAllocateNothing() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 4));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] half = {2};
        long bytes = 0;
        for (int round = 0; round < 4; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                try (Claim claim = writer.claim()) {
                    claim.shape(half);
                    kept = claim.payload();
                    kept.set(ValueLayout.JAVA_LONG, 8, i);
                    claim.commit(i, 0);
                }
                writer.queue().await(WATCHDOG_NS);
                try (Lease lease = poll(reader)) {
                    kept = lease.payload();
                    assertEquals(i, kept.get(ValueLayout.JAVA_LONG, 8));
                    assertTrue(lease.isIntact());
                    lease.memory();
                }
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(bytes < ROUNDS, "bytes=" + bytes + " rounds=" + ROUNDS);
    }

    @Test
    void shouldGiveTheNewestAndCountWhatWasMissed() throws IOException {
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
    void shouldReadInOrderAndSayHowManyWereRecycled() throws IOException {
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
        assertEquals(List.of(85L, 86L, 87L, 88L, 89L, 90L, 91L, 92L, 93L, 94L, 95L, 96L, 97L, 98L, 99L, 100L), got);
        assertEquals(84, reader.missed());
    }

    @Test
    void shouldGiveALateReaderTheNewestCommitAtOnce() throws IOException {
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
    void shouldStayAtLeastSoManySlotsBehind() throws IOException {
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
    void shouldFindTheCommitAtItsDistanceAtAnyTime() throws IOException {
        int most = 4;
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(3).slots(3 + 2 + most));
        StreamReader behind = reader(ReadMode.LATEST, READER, most);
        StreamReader[] others = {
            reader(ReadMode.LATEST, OwnerKey.of("one", 1)), reader(ReadMode.LATEST, OwnerKey.of("two", 1))
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
    void shouldSayHowFarBehindAReaderMayStay() throws IOException {
        writer(StreamSpec.of("x", DType.I64, 1).maxReaders(2).slots(7));
        reader(ReadMode.LATEST, READER, 3);
        IOException refusal =
                assertThrows(IOException.class, () -> reader(ReadMode.LATEST, OwnerKey.of("next", 1), 4));
        assertTrue(refusal.getMessage().endsWith("distance=4 most=slots-maxReaders-2=3"), refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> reader(ReadMode.LATEST, READER, -1));
    }

    @Test
    void shouldNeverTouchALeasedSlotWhileItLapsTheReader() throws IOException {
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
    void shouldForgetAnAbortedClaim() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        try (Claim claim = writer.claim()) {
            claim.payload().set(ValueLayout.JAVA_LONG, 0, 666);
        }
        try (Lease lease = poll(reader)) {
            assertEquals(1, value(lease));
        }
        assertEquals(1, StreamView.read(foam.path().resolve("writer.1.x.control")).aborted());
    }

    /** Whatever the store at which a commit fails, it is over: nothing torn is seen, and the next one works. */
    @Test
    void shouldGoOnAfterACommitThatFails() throws IOException {
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
                                foam, "writer", 1, spec, device(), words -> new MortalWords(words, mayStore)));
        StreamReader reader = reader(ReadMode.IN_ORDER, READER);
        int failures = 0;
        for (long value = 1; failures == value - 1; value++) {
            try (Claim claim = writer.claim()) {
                claim.payload().fill((byte) value);
                storesLeft[0] = failures;
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
    void shouldReclaimTheLaneOfADeadReader() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1));
        StreamReader dead = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        Lease abandoned = dead.poll();
        assertNotNull(abandoned);
        IOException refusal = assertThrows(IOException.class, () -> reader(ReadMode.LATEST, OwnerKey.of("next", 1)));
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
    void shouldLetANewReaderTakeTheLaneOfADeadOne() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1));
        commit(writer, 1);
        reader(ReadMode.LATEST, READER).poll();
        StreamReader.Join join = new StreamReader.Join(ReadMode.LATEST, OwnerKey.of("next", 1), o -> true, false)
                        .on(device(), WaitMode.POLL);
        StreamReader next = StreamReader.open(foam, "writer.1.x.control", join);
        opened.add(next);
        try (Lease lease = poll(next)) {
            assertEquals(1, value(lease));
        }
    }

    @Test
    void shouldNoticeABitThatFlipped() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 512));
        StreamReader reader = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        try (Lease lease = poll(reader)) {
            assertEquals(1, value(lease));
            assertTrue(lease.isIntact());
        }
        commit(writer, 2);
        StreamReader host = closeLater(onHost(OwnerKey.of("host", 1)));
        try (Lease lease = poll(host)) {
            corrupt(
                    foam.path().resolve("writer.1.x.payload"),
                    writer.header().payloadBytes(),
                    writer.header().slotStride() + 100);
            assertFalse(lease.isIntact());
        }
    }

    @Test
    void shouldRefuseShapesThatDoNotFit() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.F32, 4, 6));
        try (Claim claim = writer.claim()) {
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> claim.shape(4, 7));
            assertTrue(error.getMessage().contains("shape=[4, 7] maxShape=[4, 6]"), error.getMessage());
            assertThrows(IllegalArgumentException.class, () -> claim.shape(4));
        }
        assertThrows(IllegalArgumentException.class, () -> StreamSpec.of("x", DType.F32, Long.MAX_VALUE, 8));
        assertThrows(IllegalArgumentException.class, () -> StreamSpec.of("../x", DType.F32, 8));
        assertThrows(IllegalArgumentException.class, () -> StreamSpec.of("x", DType.F32, 8).slots(3));
    }

    /** Whoever died in its sleep must not cost the writer a system call at every commit. */
    @Test
    void shouldNotRingForAReaderThatDiedInItsSleep() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1));
        reader(ReadMode.LATEST, READER).prepareSleep();
        Path control = foam.path().resolve("writer.1.x.control");
        try (MappedFile file = MappedFile.openReadWrite(control)) {
            WriterProtocol protocol = new WriterProtocol(new SegmentWords(file.segment()), writer.header().descriptor());
            assertTrue(protocol.ring());
            writer.reclaim(owner -> true);
            assertFalse(protocol.ring());
        }
    }

    @Test
    void shouldCallASlotWithAnImpossibleHeaderDamaged() throws IOException {
        StreamSpec spec = StreamSpec.of("x", DType.I64, 4, 2).checksum(Checksum.NONE);
        StreamWriter writer = writer(spec);
        StreamReader reader = reader(ReadMode.LATEST, READER);
        commit(writer, 1);
        long slot = writer.header().descriptor().slot(0);
        try (Lease lease = poll(reader);
                MappedFile file = MappedFile.openReadWrite(foam.path().resolve("writer.1.x.control"))) {
            assertTrue(lease.isIntact());
            SegmentWords words = new SegmentWords(file.segment());
            long[] places = {
                StreamDescriptor.BYTES_IN_SLOT, StreamDescriptor.SHAPE_IN_SLOT, StreamDescriptor.SHAPE_IN_SLOT + 8
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
    void shouldFindNothingBehindStampsThatPointOutsideTheRing() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1));
        StreamReader newest = reader(ReadMode.LATEST, READER);
        StreamReader inOrder = reader(ReadMode.IN_ORDER, OwnerKey.of("second", 1));
        commit(writer, 1);
        try (MappedFile file = MappedFile.openReadWrite(foam.path().resolve("writer.1.x.control"))) {
            SegmentWords words = new SegmentWords(file.segment());
            for (long stamp : new long[] {-1, Long.MAX_VALUE, Stamp.of(5, 0xffff), Stamp.of(2, 40)}) {
                words.set(StreamDescriptor.LATEST_AT, stamp);
                words.set(writer.header().descriptor().indexEntry(1), stamp);
                assertNull(poll(newest));
                assertNull(poll(inOrder));
            }
        }
    }

    @Test
    void shouldOpenNoControlFileOutsideTheFoam() throws IOException {
        StreamReader.Join join = StreamReader.Join.newest(ReadMode.LATEST, READER).on(device(), WaitMode.POLL);
        for (String name : List.of("../x.control", "/etc/passwd", "sub/x.control")) {
            assertThrows(IOException.class, () -> StreamReader.open(foam, name, join), name);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAControlFile() throws IOException {
        writer(StreamSpec.of("x", DType.I64, 8));
        Path control = foam.path().resolve("writer.1.x.control");
        byte[] good = Files.readAllBytes(control);
        expect(LayoutException.Kind.TOO_NEW, control, good, 8, 9);
        expect(LayoutException.Kind.CORRUPT, control, good, 0, 1);
        expect(LayoutException.Kind.CORRUPT, control, good, 20, 99);
        expect(LayoutException.Kind.CORRUPT, control, good, 12, 55);
        expect(LayoutException.Kind.CORRUPT, control, good, 320, '/');
        Files.write(control, java.util.Arrays.copyOf(good, 700));
        LayoutException error = assertThrows(LayoutException.class, () -> reader(ReadMode.LATEST, READER));
        assertEquals(LayoutException.Kind.CORRUPT, error.kind());
    }

    private void expect(LayoutException.Kind kind, Path control, byte[] good, int offset, int value)
            throws IOException {
        byte[] bad = good.clone();
        bad[offset] = (byte) value;
        Files.write(control, bad);
        LayoutException error = assertThrows(LayoutException.class, () -> reader(ReadMode.LATEST, READER));
        assertEquals(kind, error.kind(), error.getMessage());
    }
}
