package io.fluxfoam.tests.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All the places in which a foam could leave something: a home, a temporary directory and a working
 * directory of its own, and shared memory. Only JavaCPP's folder is the user's: what is unpacked to
 * it is meant to stay, and is large.
 */
final class Premises {
    static final Path HOME = Path.of(System.getProperty("foam.home"));

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path UNPACKED =
            Path.of(System.getProperty("user.home"), ".javacpp", "cache");

    private final Path directory;
    private final Path foam = SHARED_MEMORY.resolve("foam-test-" + UUID.randomUUID());
    private final Set<String> alreadyThere;
    private final Map<String, String> variables = new HashMap<>();

    Premises(Path directory) throws IOException {
        this.directory = directory;
        for (String folder : List.of("user", "tmp", "here")) {
            Files.createDirectory(directory.resolve(folder));
        }
        alreadyThere = places();
        variables.put("FOAM_NO_BUILD", "1");
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.put("HOME", directory.resolve("user").toString());
        variables.put("TMPDIR", directory.resolve("tmp").toString());
        variables.put(
                "JDK_JAVA_OPTIONS",
                "-Djava.io.tmpdir="
                        + directory.resolve("tmp")
                        + " -Duser.home="
                        + directory.resolve("user")
                        + " -Dorg.bytedeco.javacpp.cachedir="
                        + UNPACKED);
    }

    /** Not there yet; in shared memory. */
    Path foam() {
        return foam;
    }

    Path here() {
        return directory.resolve("here");
    }

    /** Whatever it says goes to a log of that name. */
    Process start(String log, String... line) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(here().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log(log).toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY", "FOAM_DIR"));
        builder.environment().putAll(variables);
        return builder.start();
    }

    Process foam(String log, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("foam").toString()));
        line.addAll(List.of(arguments));
        return start(log, line.toArray(String[]::new));
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    /** Without what Java says of our variable. */
    String said(String log) {
        try (Stream<String> lines = Files.lines(log(log))) {
            return lines.filter(line -> !line.startsWith("NOTE: Picked up"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What is there now and was not before, but for other foams. */
    Set<String> left() throws IOException {
        Set<String> left = places();
        left.removeAll(alreadyThere);
        left.removeIf(name ->
                name.startsWith(SHARED_MEMORY + "/foam") && !name.startsWith(foam.toString()));
        return left;
    }

    private Set<String> places() throws IOException {
        Set<String> places = new TreeSet<>();
        for (Path folder : List.of(SHARED_MEMORY, UNPACKED)) {
            String[] names = folder.toFile().list();
            for (String name : names == null ? new String[0] : names) {
                places.add(folder + "/" + name);
            }
        }
        places.removeIf(name -> name.matches(UNPACKED + "/(.*\\.jar|\\.lock)"));
        for (String folder : List.of("user", "tmp", "here")) {
            Path path = directory.resolve(folder);
            try (Stream<Path> files = Files.walk(path)) {
                files.filter(file -> !file.equals(path))
                        .forEach(file -> places.add(directory.relativize(file).toString()));
            }
        }
        return places;
    }
}
