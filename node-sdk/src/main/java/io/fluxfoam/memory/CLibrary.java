package io.fluxfoam.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** What native libraries of this process learn from the C library, and the JDK cannot tell it. */
public final class CLibrary {
    private CLibrary() {}

    /**
     * Sets a variable of the environment as native code sees it; {@link System#getenv} keeps what
     * it has. For a library that is still to be loaded: one that is there may have read it, and may
     * be reading it.
     */
    public static void setEnvironment(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle setenv =
                    function(
                                    "setenv",
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.ADDRESS,
                                            ValueLayout.ADDRESS,
                                            ValueLayout.JAVA_INT))
                            .orElseThrow();
            int result =
                    (int)
                            setenv.invokeExact(
                                    arena.allocateFrom(name), arena.allocateFrom(value), 1);
            if (result != 0) {
                throw new IllegalArgumentException(
                        "not set in the environment: " + name + "=" + value);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Lets the end of this process, also the one by {@link Runtime#halt}, go without what native
     * libraries have registered for it: their destructors would free what their own threads, which
     * nobody can stop, still work on, and such a thread then ends the process with a signal. The
     * JVM's own last acts come before that and are done. To be called last of all. Without effect
     * where the C library has no {@code on_exit(3)}, which is where those libraries are not either.
     */
    public static void skipDestructors() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> exit = linker.defaultLookup().find("_exit");
        Optional<MethodHandle> onExit =
                function(
                        "on_exit",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        if (exit.isEmpty() || onExit.isEmpty()) {
            return;
        }
        try {
            // What is registered last is called first, with the exit code: _exit(code, NULL).
            int ignored = (int) onExit.get().invokeExact(exit.get(), MemorySegment.NULL);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings(
            "restricted") // functions of the C library, with the signatures of their manual pages
    private static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find(name)
                .map(address -> linker.downcallHandle(address, signature));
    }
}
