package io.fluxfoam.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fluxfoam.manifest.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

@Timeout(120)
class CLibraryTest {
    private static final int SIGABRT_EXIT = 134;

    @TempDir Path directory;

    @Test
    @SuppressWarnings("restricted")
    void shouldSetWhatNativeCodeSeesOfTheEnvironment() throws Throwable {
        String name = "FOAM_TEST_" + System.nanoTime();
        CLibrary.setEnvironment(name, "one");
        CLibrary.setEnvironment(name, "two");
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value =
                    (MemorySegment)
                            linker.downcallHandle(
                                            linker.defaultLookup().findOrThrow("getenv"),
                                            FunctionDescriptor.of(
                                                    ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                                    .invokeExact(arena.allocateFrom(name));
            assertEquals("two", value.reinterpret(8).getString(0));
        }
        assertNull(System.getenv(name));
    }

    @Test
    void shouldEndWithoutWhatLibrariesRegistered() throws Exception {
        try (ChildJvm child = ChildJvm.start(directory.resolve("skipping"), Aborting.class, true)) {
            assertEquals(7, child.awaitExit(), child::output);
        }
        try (ChildJvm child = ChildJvm.start(directory.resolve("not"), Aborting.class, false)) {
            assertEquals(SIGABRT_EXIT, child.awaitExit(), child::output);
        }
    }

    /** A process with a destructor that ends it by a signal. */
    static final class Aborting {
        private Aborting() {}

        @SuppressWarnings("restricted")
        public static void main(String[] args) throws Throwable {
            Linker linker = Linker.nativeLinker();
            // As atexit(3), which is not in the shared library itself.
            int ignored =
                    (int)
                            linker.downcallHandle(
                                            linker.defaultLookup().findOrThrow("on_exit"),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.ADDRESS,
                                                    ValueLayout.ADDRESS))
                                    .invokeExact(
                                            linker.defaultLookup().findOrThrow("abort"),
                                            MemorySegment.NULL);
            if (Boolean.parseBoolean(args[0])) {
                CLibrary.skipDestructors();
            }
            Runtime.getRuntime().halt(7);
        }
    }
}
