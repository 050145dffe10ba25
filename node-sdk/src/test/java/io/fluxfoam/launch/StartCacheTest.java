package io.fluxfoam.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** With the cache that the build has made of the SDK's jar. */
class StartCacheTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));

    private final StartCache start = StartCache.ofThisProcess();

    private static Set<Path> entries(String classPath) {
        Set<Path> entries = new HashSet<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath());
        }
        return entries;
    }

    /** Whether a JVM with these options takes classes of ours from a cache. */
    private boolean isUsed(List<String> options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + HOME.resolve("deploy").resolve("jvm.options"));
        line.addAll(options);
        line.addAll(List.of("-Xlog:class+load", "-cp", start.classPath()));
        line.addAll(List.of(AotTrainingRun.class.getName(), "--help"));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said.contains(Commands.class.getName() + " source: shared objects file");
    }

    @Test
    void shouldLetAJvmTakeItsClassesFromTheCache() throws Exception {
        String given = System.getProperty("java.class.path");
        assertEquals(entries(given), entries(start.classPath()));
        assumeTrue(Files.exists(HOME.resolve("node-sdk/target/foam.aot")), "no cache was made");
        String jar = HOME.resolve("node-sdk/target/node-sdk-").toAbsolutePath().toString();
        assertTrue(start.classPath().startsWith(jar), start::classPath);
        assertTrue(isUsed(start.options()));
        assertFalse(isUsed(List.of()));
    }
}
