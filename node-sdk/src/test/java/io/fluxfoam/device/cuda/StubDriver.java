package io.fluxfoam.device.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The stand-in for NVIDIA's driver library: built once in a run of the tests, from the sources in
 * src/test/native, by gcc.
 */
public final class StubDriver {
    private static final Path SDK = Path.of(System.getProperty("foam.home"), "node-sdk");
    private static final Path SOURCES = SDK.resolve("src/test/native");
    private static final List<String> FLAGS =
            List.of(
                    "-std=gnu11",
                    "-O1",
                    "-g",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-ffp-contract=off",
                    "-fPIC",
                    "-shared",
                    "-fvisibility=hidden",
                    "-Wl,-soname,libcuda.so.1");

    /** In the order of stub.h. */
    private static final List<String> KINDS =
            List.of("streams", "modules", "events", "own", "imported", "pinned", "registered");

    private static Optional<Path> library;

    private StubDriver() {}

    /** The library's file; empty where there is no gcc, which is said once in one line. */
    public static synchronized Optional<Path> library() throws IOException {
        if (library == null) {
            library = hasGcc() ? Optional.of(build()) : Optional.empty();
            if (library.isEmpty()) {
                System.out.println("cuda stub tests skipped: no gcc on this machine");
            }
        }
        return library;
    }

    /**
     * From now on a call of the driver fails in this process.
     *
     * @param call by its name in the library, with its version
     * @param code that it answers
     * @param first calls that work before
     * @param calls that fail then; 0 ends it
     */
    @SuppressWarnings("restricted") // the stub's own function
    public static void fail(String call, int code, long first, long calls) {
        FunctionDescriptor type =
                FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            function("cuda_stub_fail", type)
                    .invokeExact(arena.allocateFrom(call), code, first, calls);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * What the driver has handed out in this process and not got back: memory is counted by
     * allocations.
     */
    public static Map<String, Integer> live() {
        Map<String, Integer> live = new LinkedHashMap<>();
        try {
            MethodHandle count =
                    function(
                            "cuda_stub_live",
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            for (String kind : KINDS) {
                live.put(kind, (int) count.invokeExact(live.size()));
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        return live;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) throws IOException {
        SymbolLookup stub = SymbolLookup.libraryLookup(library().orElseThrow(), Arena.global());
        return Linker.nativeLinker().downcallHandle(stub.findOrThrow(name), type);
    }

    private static boolean hasGcc() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "gcc")));
    }

    private static Path build() throws IOException {
        Path directory = Files.createDirectories(SDK.resolve("target/native"));
        Path part = Files.createTempFile(directory, "libcuda", ".part");
        List<String> command = new ArrayList<>(List.of("gcc"));
        command.addAll(FLAGS);
        command.addAll(List.of("-I" + SOURCES, "-o", part.toString()));
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".c"))
                    .sorted()
                    .forEach(command::add);
        }
        command.addAll(List.of("-lpthread", "-lm"));
        Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!gcc.waitFor(2, TimeUnit.MINUTES) || gcc.exitValue() != 0) {
                throw new IOException("gcc failed: " + String.join(" ", command) + "\n" + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return Files.move(part, directory.resolve("libcuda.so.1"), StandardCopyOption.ATOMIC_MOVE);
    }
}
