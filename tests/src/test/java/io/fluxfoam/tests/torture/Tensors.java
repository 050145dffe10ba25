package io.fluxfoam.tests.torture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Tensors of 64-bit words of which each tells which commit it belongs to and where it stands. */
public final class Tensors {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private Tensors() {}

    public static void fill(MemorySegment payload, long bytes, long sequence) {
        long word = sequence * MIX;
        for (long at = 0; at < bytes; at += 8) {
            payload.set(ValueLayout.JAVA_LONG, at, word + at);
        }
    }

    public static boolean isWhole(MemorySegment payload, long sequence) {
        long word = sequence * MIX;
        for (long at = 0; at < payload.byteSize(); at += 8) {
            if (payload.get(ValueLayout.JAVA_LONG, at) != word + at) {
                return false;
            }
        }
        return true;
    }
}
