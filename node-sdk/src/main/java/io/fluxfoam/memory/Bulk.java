package io.fluxfoam.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Writes much memory at once, by the C library where that is faster. Its {@code memset} and {@code
 * memcpy} take whole cache lines without reading them first; on lines that another core has just
 * read, which is what a ring's slots are, that is worth a factor of two and more
 * (docs/PERFORMANCE.md).
 */
public final class Bulk {
    /**
     * Smaller slots stay in the cores' own caches, where stores of our own are as fast or faster.
     */
    static final long MIN_BYTES = 512 << 10;

    private static final MethodHandle MEMSET =
            function("memset", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    private static final MethodHandle MEMCPY =
            function("memcpy", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

    private Bulk() {}

    @SuppressWarnings(
            "restricted") // the C library's own functions, with the signatures of the manual pages
    private static MethodHandle function(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
    }

    /** Sets every byte. */
    public static void fill(MemorySegment to, byte value) {
        if (to.byteSize() < MIN_BYTES || !to.isNative() || to.isReadOnly()) {
            to.fill(value);
            return;
        }
        try {
            MEMSET.invokeExact(to, (int) value, to.byteSize());
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Copies the first bytes of {@code from} to the beginning of {@code to}.
     *
     * @throws IndexOutOfBoundsException if one of them has not so many
     */
    public static void copy(MemorySegment from, MemorySegment to, long bytes) {
        boolean isLarge = bytes >= MIN_BYTES && from.isNative() && to.isNative();
        if (!isLarge || to.isReadOnly() || from.asOverlappingSlice(to).isPresent()) {
            MemorySegment.copy(from, 0, to, 0, bytes);
            return;
        }
        MemorySegment room = to.asSlice(0, bytes);
        MemorySegment source = from.asSlice(0, bytes);
        try {
            MEMCPY.invokeExact(room, source, bytes);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
