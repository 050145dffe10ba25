package io.fluxfoam.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** The words of a mapped segment. Safe for any number of threads and processes. */
public final class SegmentWords implements Words {
    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final MemorySegment segment;

    /** Words of this segment, whose base must be 8-byte aligned. */
    public SegmentWords(MemorySegment segment) {
        this.segment = segment;
    }

    @Override
    public long get(long offset) {
        return (long) LONG.get(segment, offset);
    }

    @Override
    public long getAcquire(long offset) {
        return (long) LONG.getAcquire(segment, offset);
    }

    @Override
    public void set(long offset, long value) {
        LONG.set(segment, offset, value);
    }

    @Override
    public void setRelease(long offset, long value) {
        LONG.setRelease(segment, offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, long expected, long value) {
        return (boolean) LONG.compareAndSet(segment, offset, expected, value);
    }

    @Override
    public int getInt(long offset) {
        return (int) INT.get(segment, offset);
    }

    @Override
    public int getIntAcquire(long offset) {
        return (int) INT.getAcquire(segment, offset);
    }

    @Override
    public void setInt(long offset, int value) {
        INT.set(segment, offset, value);
    }

    @Override
    public void setIntRelease(long offset, int value) {
        INT.setRelease(segment, offset, value);
    }

    @Override
    public void fullFence() {
        VarHandle.fullFence();
    }
}
