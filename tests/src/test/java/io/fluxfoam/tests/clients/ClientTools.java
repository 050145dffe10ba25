package io.fluxfoam.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a test class drive nodes in C and Python, and says at the end of the run how many tests did.
 * Skips the class with one line where there is no gcc or no python3.
 */
final class ClientTools implements BeforeAllCallback, AfterTestExecutionCallback {
    static final Path HOME = Path.of(System.getProperty("foam.home"));
    static final Path C = HOME.resolve("clients/c");
    static final Path PYTHON = HOME.resolve("clients/python");

    private static final List<String> STRICT =
            List.of("-Wall", "-Wextra", "-pedantic", "-Werror", "-D_GNU_SOURCE");

    private static final class Tally implements AutoCloseable {
        private final AtomicInteger tests = new AtomicInteger();

        @Override
        public void close() {
            System.out.println("client tests run: " + tests.get());
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        for (String tool : List.of("gcc", "python3")) {
            Assumptions.assumeTrue(
                    isThere(tool), () -> tool + " is not there: the clients are not tested");
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getRoot()
                .getStore(Namespace.create(ClientTools.class))
                .getOrComputeIfAbsent(Tally.class, key -> new Tally(), Tally.class)
                .tests
                .incrementAndGet();
    }

    static boolean isThere(String tool) {
        return succeeds(List.of(tool, "--version"));
    }

    /** Whether a command is there and ends well. */
    static boolean succeeds(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The torture program, built once for each set of options. */
    static synchronized Path torture(String... options) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(HOME.resolve("tests/target/clients"));
        String suffix = String.join("", options).replaceAll("[^A-Za-z0-9]", "");
        Path program = folder.resolve("torture" + suffix + "-" + ProcessHandle.current().pid());
        if (!Files.exists(program)) {
            Path building = folder.resolve(program.getFileName() + ".tmp");
            List<String> line = new ArrayList<>(List.of("gcc", "-std=c11", "-O2"));
            line.addAll(List.of(options));
            compile(line, List.of(C.resolve("foam.c"), C.resolve("test/torture.c")), building);
            Files.move(building, program, StandardCopyOption.ATOMIC_MOVE);
            program.toFile().deleteOnExit();
        }
        return program;
    }

    /** Compiles with every warning an error. */
    static void compile(List<String> compiler, List<Path> sources, Path program)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(compiler);
        line.addAll(STRICT);
        line.add("-I" + C);
        sources.forEach(source -> line.add(source.toString()));
        line.addAll(List.of("-o", program.toString()));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", line) + "\n" + output);
    }

    /** The torture program in C. */
    static List<String> inC(String... options) throws IOException, InterruptedException {
        return List.of(torture(options).toString());
    }

    /** The torture program in Python. */
    static List<String> inPython() {
        return List.of("python3", PYTHON.resolve("tests/torture.py").toString());
    }

    /** What a process needs to find the package. */
    static Map<String, String> environment(Path foam, String name) {
        return Map.of(
                "FOAM_DIR",
                foam.toString(),
                "FOAM_NAME",
                name,
                "PYTHONPATH",
                PYTHON.toString(),
                "PYTHONDONTWRITEBYTECODE",
                "1");
    }
}
