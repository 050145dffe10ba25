package io.fluxfoam.tape;

import io.fluxfoam.manifest.Manifest;

import java.lang.foreign.MemorySegment;

/** One thing that happened, as a tape has it, in the order in which it happened. */
public sealed interface TapeEntry {
    /** When it happened, nanoseconds since 1970 by the clock of the machine that recorded it. */
    long wallNs();

    /**
     * A recorder has begun, or begun a new file.
     *
     * @param foamCreatedMillis when the foam was created that it recorded
     * @param session number of the recorder's life, from 1
     */
    record Session(long wallNs, long foamCreatedMillis, long session) implements TapeEntry {}

    /** An incarnation has joined, or had when this file began. */
    record Joined(long wallNs, Manifest manifest) implements TapeEntry {}

    /**
     * An incarnation has ended, and all that it left has been recorded.
     *
     * @param cleanly whether it said goodbye
     */
    record Ended(long wallNs, String node, long incarnation, boolean cleanly)
            implements TapeEntry {}

    /**
     * A line of a node's journal.
     *
     * @param json the line as {@link io.fluxfoam.journal.JournalEntry#json} gives it
     */
    record Noted(long wallNs, String json) implements TapeEntry {}

    /**
     * A tensor.
     *
     * @param sequence its number in its stream when it was recorded
     * @param captureNs by the CLOCK_MONOTONIC of the machine that recorded it
     * @param payload its bytes, until the reader goes on
     */
    record Tensor(
            long wallNs,
            String node,
            long incarnation,
            String stream,
            long sequence,
            long frameNumber,
            long captureNs,
            long tag,
            long[] shape,
            MemorySegment payload)
            implements TapeEntry {
        /** {@code NODE/STREAM}. */
        public String target() {
            return node + "/" + stream;
        }
    }
}
