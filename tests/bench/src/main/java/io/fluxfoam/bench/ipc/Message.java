package io.fluxfoam.bench.ipc;

import io.fluxfoam.memory.Bulk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What is in a payload: when it was sent, its sequence and whether it is the last in its first
 * line; bytes that follow from the sequence; and the sequence again in its last eight bytes.
 */
final class Message {
    static final int MIN_BYTES = 128;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long SENT_AT = 0;
    private static final long SEQUENCE_AT = 8;
    private static final long LAST_AT = 16;
    private static final long BODY_AT = 24;
    private static final long TAIL_BYTES = 8;
    private static final long PAGE_BYTES = 4096;
    private static final long BYTE_OF_EACH = 0x0101010101010101L;

    private Message() {}

    /** Writes every byte but the time of sending. */
    static void fill(MemorySegment payload, long sequence, boolean isLast) {
        long tailAt = payload.byteSize() - TAIL_BYTES;
        Bulk.fill(payload.asSlice(BODY_AT, tailAt - BODY_AT), (byte) sequence);
        payload.set(LONG, SEQUENCE_AT, sequence);
        payload.set(LONG, LAST_AT, isLast ? 1 : 0);
        payload.set(LONG, tailAt, sequence);
    }

    static void stamp(MemorySegment payload, long sentNs) {
        payload.set(LONG, SENT_AT, sentNs);
    }

    static long sentNs(MemorySegment payload) {
        return payload.get(LONG, SENT_AT);
    }

    static long sequence(MemorySegment payload) {
        return payload.get(LONG, SEQUENCE_AT);
    }

    static boolean isLast(MemorySegment payload) {
        return payload.get(LONG, LAST_AT) != 0;
    }

    /** Reads the first and the last line; whether they belong together. */
    static boolean touch(MemorySegment payload) {
        return payload.get(LONG, payload.byteSize() - TAIL_BYTES) == payload.get(LONG, SEQUENCE_AT);
    }

    /**
     * Reads every byte; the sum of all as 64-bit words. The size is a multiple of 8. Reads eight
     * pages side by side, so that as many of the core's prefetchers run ahead.
     */
    static long sum(MemorySegment payload) {
        long sum = 0;
        long blocksEnd = payload.byteSize() / (8 * PAGE_BYTES) * 8 * PAGE_BYTES;
        for (long block = 0; block < blocksEnd; block += 8 * PAGE_BYTES) {
            for (long at = block; at < block + PAGE_BYTES; at += 8) {
                sum +=
                        (payload.get(LONG, at) + payload.get(LONG, at + PAGE_BYTES))
                                + (payload.get(LONG, at + 2 * PAGE_BYTES)
                                        + payload.get(LONG, at + 3 * PAGE_BYTES))
                                + (payload.get(LONG, at + 4 * PAGE_BYTES)
                                        + payload.get(LONG, at + 5 * PAGE_BYTES))
                                + (payload.get(LONG, at + 6 * PAGE_BYTES)
                                        + payload.get(LONG, at + 7 * PAGE_BYTES));
            }
        }
        for (long at = blocksEnd; at < payload.byteSize(); at += 8) {
            sum += payload.get(LONG, at);
        }
        return sum;
    }

    /** What {@link #sum} of a whole message must be, by its first line alone. */
    static long expectedSum(MemorySegment payload) {
        long bodyWords = (payload.byteSize() - TAIL_BYTES - BODY_AT) / 8;
        long word = (sequence(payload) & 0xff) * BYTE_OF_EACH;
        return sentNs(payload)
                + 2 * sequence(payload)
                + payload.get(LONG, LAST_AT)
                + bodyWords * word;
    }
}
