package io.fluxfoam.tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
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
    private static final Path USERS_HOME = Path.of(System.getProperty("user.home"));
    private static final Path UNPACKED = USERS_HOME.resolve(".javacpp").resolve("cache");

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
        variables.put("HOME", user().toString());
        variables.put("TMPDIR", temporary().toString());
        variables.put("JDK_JAVA_OPTIONS", options(UNPACKED) + " -Duser.home=" + user());
    }

    /** What every process started from now on sees; null takes a variable away. */
    void set(String variable, String value) {
        variables.put(variable, value);
    }

    /** No variable and no option says where the home is: it is this user's. */
    void leaveHome() {
        variables.put("HOME", null);
        variables.put("JDK_JAVA_OPTIONS", options(UNPACKED));
    }

    /** Its folders, and links to what is unpacked, belong to another user. */
    void giveTo(String user) throws IOException, InterruptedException {
        Path unpacked = directory.resolve("unpacked");
        command("chmod", "a+x", directory.toString());
        command("cp", "-as", UNPACKED.toString(), unpacked.toString());
        Files.deleteIfExists(unpacked.resolve(".lock"));
        for (Path path : List.of(unpacked, here(), user(), temporary(), foam)) {
            command("chown", "-Rh", user + ":" + user, path.toString());
        }
        variables.put("JDK_JAVA_OPTIONS", options(unpacked) + " -Duser.home=" + user());
    }

    private void command(String... line) throws IOException, InterruptedException {
        assertEquals(0, start(line[0], line).waitFor(), () -> said(line[0]));
    }

    private String options(Path unpacked) {
        return "-Djava.io.tmpdir=" + temporary() + " -Dorg.bytedeco.javacpp.cachedir=" + unpacked;
    }

    private Path user() {
        return directory.resolve("user");
    }

    private Path temporary() {
        return directory.resolve("tmp");
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
        variables.forEach((name, value) -> {
            builder.environment().remove(name);
            if (value != null) {
                builder.environment().put(name, value);
            }
        });
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

    /** Without what Java says of its variables. */
    String said(String log) {
        try (Stream<String> lines = Files.lines(log(log))) {
            return lines.filter(line -> !line.matches("(NOTE: )?Picked up .*_OPTIONS: .*"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What is there now and was not before. */
    Set<String> left() throws IOException {
        Set<String> left = places();
        left.removeAll(alreadyThere);
        return left;
    }

    private Set<String> places() throws IOException {
        Set<String> places = new TreeSet<>();
        for (Path folder : List.of(UNPACKED, USERS_HOME, USERS_HOME.resolve(".cache"))) {
            for (File file : files(folder)) {
                places.add(file.getPath());
            }
        }
        // A folder is another foam's, or what another test made; a library leaves files.
        for (File file : files(SHARED_MEMORY)) {
            if (!file.isDirectory() || file.toPath().equals(foam)) {
                places.add(file.getPath());
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

    private static File[] files(Path folder) {
        File[] files = folder.toFile().listFiles();
        return files == null ? new File[0] : files;
    }
}
