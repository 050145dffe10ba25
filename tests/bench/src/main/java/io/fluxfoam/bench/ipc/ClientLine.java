package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.transport.TransportKind;
import io.fluxfoam.bench.transport.Wait;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Command lines of readers in other languages, which take the same commands as {@link IpcChild}.
 */
final class ClientLine {
    private static final Path CLIENTS = JavaLine.home().resolve("clients");

    private ClientLine() {}

    /** Whether a transport's reader is one. */
    static boolean isOf(TransportKind transport) {
        return transport == TransportKind.FOAM_C || transport == TransportKind.FOAM_PYTHON;
    }

    static List<String> of(TransportKind transport, Wait wait, Path directory)
            throws IOException, InterruptedException {
        List<String> arguments = List.of(directory.toString(), wait.name());
        if (transport == TransportKind.FOAM_C) {
            return List.of(compiled(directory), arguments.get(0), arguments.get(1));
        }
        return List.of(
                "env",
                "PYTHONPATH=" + CLIENTS.resolve("python"),
                "python3",
                CLIENTS.resolve("python/tests/bench.py").toString(),
                arguments.get(0),
                arguments.get(1));
    }

    private static String compiled(Path directory) throws IOException, InterruptedException {
        String program = directory.resolve("reader").toString();
        Process gcc =
                new ProcessBuilder(
                                "gcc",
                                "-std=c11",
                                "-D_GNU_SOURCE",
                                "-O2",
                                CLIENTS.resolve("c/foam.c").toString(),
                                CLIENTS.resolve("c/test/bench.c").toString(),
                                "-o",
                                program)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new IOException("the reader in C cannot be compiled: " + output);
        }
        return program;
    }
}
