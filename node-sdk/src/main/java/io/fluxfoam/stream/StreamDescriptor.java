package io.fluxfoam.stream;

import io.fluxfoam.tensor.Shape;

/**
 * Layout of a stream's control file, little-endian. Only this class knows an offset.
 *
 * <pre>
 *  header, 1024 bytes, written before the file gets its name, never changed
 *      0  i64  magic "FOAMSTRM"            8  i32  layout version     12  i32  dtype code
 *     16  i32  rank of the largest shape  20  i32  slots              24  i32  maxReaders   28  i32  checksum code
 *     32  i64  slotBytes                  40  i64  slotStride         48  i64  payloadBytes
 *     56  i32  indexLength (power of 2)   60  i32  reserved
 *     64  i64[8] largest shape           128  i64  writer's incarnation
 *    136  i64  created, epoch millis     144  i64  control file's bytes
 *    192  u8[64] node   256 u8[64] stream   320 u8[192] payload file's name   512 u8[64] device
 *  writer's words, a pair of cache lines each
 *   1024  i64  latest      stamp of the newest commit, 0 before the first
 *   1152  i32  doorbell    changed after every commit; a futex
 *   1280  f64  rate        commits a second over the last 2 s (f64 bits)
 *   1288  i64  aborted     claims given up
 *   1296  i64  orphaned    1 once the writer is dead by its lock and somebody ended the waits on its words (a cleaner's word)
 *  index ring, indexLength x 8 bytes: entry (sequence mod indexLength) holds the stamp of that commit
 *  slots, 128 bytes each
 *      0  i64  ready       stamp of what the slot holds, 0 = withdrawn
 *      8  i64  frame number       16  i64  captured, ns     24  i64  published, ns (both CLOCK_MONOTONIC; the second one
 *                         is 0 until it is noted right after the commit)
 *     32  i64  tag                40  i64  payloadBytes     48  i32  checksum     52  i32  rank
 *     64  i64[8] shape
 *  lanes, 128 bytes each, written by their reader alone (owner: by CAS)
 *      0  i64  owner       OwnerKey of the reader, 0 = free
 *      8  i64  leaseId     readerIncarnation:24 | count:40, never reused
 *     16  i64  held        stamp under lease
 *     24  i64  done        leaseId whose lease is over
 *     64  i32  sleeping    1 while the reader sleeps on the doorbell; on a line of its own, since the writer looks at it
 *                         after every commit, just when the reader writes the words above
 * </pre>
 *
 * The payload file holds the slots' bytes at {@code slot * slotStride}.
 */
final class StreamDescriptor {
    static final long MAGIC = 0x4D5254534D414F46L; // "FOAMSTRM"
    static final int VERSION = 1;

    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long DTYPE_AT = 12;
    static final long RANK_AT = 16;
    static final long SLOTS_AT = 20;
    static final long MAX_READERS_AT = 24;
    static final long CHECKSUM_AT = 28;
    static final long SLOT_BYTES_AT = 32;
    static final long SLOT_STRIDE_AT = 40;
    static final long PAYLOAD_BYTES_AT = 48;
    static final long INDEX_LENGTH_AT = 56;
    static final long SHAPE_AT = 64;
    static final long INCARNATION_AT = 128;
    static final long CREATED_AT = 136;
    static final long CONTROL_BYTES_AT = 144;
    static final long NODE_AT = 192;
    static final long STREAM_AT = 256;
    static final long PAYLOAD_NAME_AT = 320;
    static final long DEVICE_AT = 512;
    static final int NAME_BYTES = 64;
    static final int PAYLOAD_NAME_BYTES = 192;
    static final int HEADER_BYTES = 1024;

    static final long LATEST_AT = HEADER_BYTES;
    static final long DOORBELL_AT = LATEST_AT + 128;
    static final long RATE_AT = DOORBELL_AT + 128;
    static final long ABORTED_AT = RATE_AT + 8;
    static final long ORPHANED_AT = ABORTED_AT + 8;
    static final long INDEX_AT = RATE_AT + 128;

    static final int SLOT_RECORD_BYTES = 128;
    static final long FRAME_IN_SLOT = 8;
    static final long CAPTURED_IN_SLOT = 16;
    static final long PUBLISHED_IN_SLOT = 24;
    static final long TAG_IN_SLOT = 32;
    static final long BYTES_IN_SLOT = 40;
    static final long CHECKSUM_IN_SLOT = 48;
    static final long RANK_IN_SLOT = 52;
    static final long SHAPE_IN_SLOT = 64;

    static final int LANE_BYTES = 128;
    static final long LEASE_ID_IN_LANE = 8;
    static final long HELD_IN_LANE = 16;
    static final long DONE_IN_LANE = 24;
    static final long SLEEPING_IN_LANE = 64;

    private static final long PAGE_BYTES = 4096;
    private static final long LINE_BYTES = 64;

    private final int slots;
    private final int maxReaders;
    private final int indexLength;

    StreamDescriptor(int slots, int maxReaders) {
        this.slots = slots;
        this.maxReaders = maxReaders;
        this.indexLength = Integer.highestOneBit(2 * slots - 1) << 1;
    }

    int slots() {
        return slots;
    }

    int maxReaders() {
        return maxReaders;
    }

    int indexLength() {
        return indexLength;
    }

    long indexEntry(long sequence) {
        return INDEX_AT + 8 * (sequence & (indexLength - 1));
    }

    long slot(int slot) {
        return INDEX_AT + 8L * indexLength + (long) SLOT_RECORD_BYTES * slot;
    }

    long lane(int lane) {
        return slot(slots) + (long) LANE_BYTES * lane;
    }

    long controlBytes() {
        return lane(maxReaders);
    }

    /**
     * Distance of two slots' payloads: whole pages for those that fill one, else whole cache lines.
     */
    static long slotStride(long slotBytes) {
        long unit = slotBytes >= PAGE_BYTES ? PAGE_BYTES : LINE_BYTES;
        return (slotBytes + unit - 1) / unit * unit;
    }

    static int maxRank() {
        return Shape.MAX_RANK;
    }
}
