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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
            }
        }
        assertTrue(compiled >= 2, "only " + compiled);
    }

    @Test
    void shouldRunUnderTheSanitizers() throws Exception {
        List<String> program =
                ClientTools.inC("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all");
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
