package io.fluxfoam.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The C source compiles without a warning, as C and as C++, with every compiler that is there; it
 * runs under the sanitizers; and Python keeps what it promises of views.
 */
@ExtendWith(ClientTools.class)
@Timeout(600)
class ClientBuildTest {
    private static final List<Path> SOURCES =
            List.of(ClientTools.C.resolve("foam.c"), ClientTools.C.resolve("test/torture.c"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClientFoam foam;

    @BeforeEach
    void createFoam() throws Exception {
        foam = new ClientFoam(directory);
    }

    @AfterEach
    void removeFoam() throws Exception {
        foam.close();
    }

    @Test
    void shouldCompileWithoutAWarning() throws Exception {
        List<List<String>> compilers = new ArrayList<>();
        for (String compiler : List.of("gcc", "clang")) {
            compilers.add(List.of(compiler, "-std=c11", "-O0"));
            compilers.add(List.of(compiler, "-std=c17", "-O2"));
        }
        for (String compiler : List.of("g++", "clang++")) {
            compilers.add(List.of(compiler, "-x", "c++", "-std=c++11", "-O0"));
            compilers.add(List.of(compiler, "-x", "c++", "-std=c++20", "-O2"));
        }
        int compiled = 0;
        for (List<String> compiler : compilers) {
            if (ClientTools.isThere(compiler.getFirst())) {
                ClientTools.compile(compiler, SOURCES, directory.resolve("program"));
                compiled++;
            } else {
                System.out.println(compiler.getFirst() + " is not there: C not compiled with it");
            }
        }
        assertTrue(compiled >= 2, "only " + compiled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "clang"})
    void shouldRunUnderTheSanitizers(String compiler) throws Exception {
        Path sanitized = directory.resolve("sanitized");
        List<String> line =
                List.of(
                        compiler,
                        "-std=c11",
                        "-O2",
                        "-g",
                        "-fsanitize=address,undefined",
                        "-fno-sanitize-recover=all");
        Path nothing =
                Files.writeString(directory.resolve("nothing.c"), "int main(void) { return 0; }");
        List<String> trial = new ArrayList<>(line);
        trial.addAll(List.of(nothing.toString(), "-o", sanitized.toString()));
        assumeTrue(
                ClientTools.succeeds(trial), () -> compiler + " or its sanitizers are not there");
        ClientTools.compile(line, SOURCES, sanitized);
        List<String> program = List.of(sanitized.toString());
        ClientProcess writer = foam.start("w", program, "write", "x", 300, 10, 6, 0, 20, true);
        List<ClientProcess> readers =
                List.of(
                        foam.start("r1", program, "read", "w/x", "latest", 0, 5_000),
                        foam.start("r2", program, "read", "w/x", "from-oldest", 0, 5_000),
                        foam.start("r3", program, "read", "w/x", "latest", 2, 1_000));
        for (ClientProcess reader : readers) {
            String figures = reader.figures();
            assertEquals(0, ClientProcess.figure(figures, "torn"), figures);
        }
        writer.stop();
        writer.figures();
        foam.assertSwept();
    }

    @Test
    void shouldKeepWhatIsPromisedOfViews() throws Exception {
        assertViews(Map.of(), "implementation=C");
    }

    @Test
    void shouldKeepItWithoutTheLibraryToo() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "ctypes alone is for x86-64");
        assertViews(Map.of("FLUXFOAM_PURE", "1", "BIG_MB", "1"), "implementation=ctypes");
    }

    @Test
    void shouldBeSeenByTorchInPlace() throws Exception {
        String python =
                Stream.of("python3", "/usr/bin/python3") // Debian's torch is for Debian's Python
                        .filter(one -> ClientTools.succeeds(List.of(one, "-c", "import torch")))
                        .findFirst()
                        .orElse("");
        assumeTrue(!python.isEmpty(), "torch is not there: lease.torch() is not tested");
        ClientProcess views =
                foam.start(
                        "views",
                        List.of(
                                python,
                                ClientTools.PYTHON.resolve("tests/torch_views.py").toString()));
        String figures = views.figures();
        assertTrue(figures.startsWith("all holds, torch="), figures);
        System.out.println(figures);
    }

    private void assertViews(Map<String, String> environment, String implementation)
            throws Exception {
        ClientProcess views =
                foam.start(
                        "views",
                        environment,
                        List.of(
                                "python3",
                                ClientTools.PYTHON.resolve("tests/views.py").toString()));
        String figures = views.figures();
        assertTrue(figures.endsWith(implementation), figures);
    }
}
