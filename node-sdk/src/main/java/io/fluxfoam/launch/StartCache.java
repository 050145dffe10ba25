package io.fluxfoam.launch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * With what another JVM of this process's class path starts fastest. The cache that {@code
 * deploy/aot.sh} made holds for a class path that begins as the one it was made with, so the SDK
 * comes first, as {@code ./foam} has it. Where there is no cache, or the class path is of another
 * SDK, all stays as it is.
 *
 * @param options of the JVM; none without a cache
 * @param classPath of absolute paths, good in any working directory
 */
public record StartCache(List<String> options, String classPath) {
    private static final String JAR = "node-sdk-";

    /** For this process's class path. */
    public static StartCache ofThisProcess() {
        List<String> given =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList();
        Optional<Path> home = FoamHome.resolve("").map(Path::toAbsolutePath);
        try {
            return home.isPresent() ? of(home.get(), given) : without(given);
        } catch (IOException e) {
            throw new UncheckedIOException("which jars the cache is for: home=" + home, e);
        }
    }

    private static StartCache without(List<String> given) {
        return new StartCache(List.of(), String.join(File.pathSeparator, given));
    }

    private static StartCache of(Path home, List<String> given) throws IOException {
        Path target = home.resolve("node-sdk").resolve("target");
        Path cache = target.resolve("foam.aot");
        Path dependencies = target.resolve("classpath.txt");
        Optional<String> jar =
                given.stream().filter(entry -> entry.startsWith(target + "/" + JAR)).findFirst();
        if (jar.isEmpty() || !Files.isReadable(cache) || !Files.isReadable(dependencies)) {
            return without(given);
        }
        if (isOlder(cache, Path.of(jar.get())) || isOlder(cache, dependencies)) {
            return without(given); // Java 25 does not look whose classes they are
        }
        Set<String> path = new LinkedHashSet<>(List.of(jar.get()));
        for (String entry : Files.readString(dependencies).strip().split(File.pathSeparator)) {
            path.add(home.resolve(entry).toString()); // a bundle names its jars from its own folder
        }
        if (!given.containsAll(path)) {
            return without(given);
        }
        path.addAll(given);
        return new StartCache(
                List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off,cds=off"),
                String.join(File.pathSeparator, path));
    }

    private static boolean isOlder(Path file, Path other) throws IOException {
        return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(other)) < 0;
    }
}
