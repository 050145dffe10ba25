package io.fluxfoam.tests.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The scripts of deploy/boxes in a folder in which {@code ./foam} says only what it was given. */
final class BoxScript {
    static final Path HOME = Path.of(System.getProperty("foam.home"));

    private final Path folder;

    /** What a script has come to: the loop that it starts, and the bridge that this starts. */
    record Started(List<String> up, List<String> bridge) {}

    /** Copies them to this folder, which is empty. */
    BoxScript(Path folder) throws IOException {
        this.folder = folder;
        Path boxes = Files.createDirectories(folder.resolve("deploy").resolve("boxes"));
        try (Stream<Path> scripts = Files.list(HOME.resolve("deploy").resolve("boxes"))) {
            for (Path script : scripts.toList()) {
                Files.copy(script, boxes.resolve(script.getFileName()));
            }
        }
        Path launcher =
                Files.writeString(folder.resolve("foam"), "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    Started run(String script, List<String> arguments) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(folder.resolve("deploy/boxes").resolve(script).toString()));
        line.addAll(arguments);
        List<String> up = said(line);
        String node = up.get(up.indexOf("--node") + 1);
        String command = node.substring(node.indexOf('=') + 1);
        return new Started(up, said(List.of("/bin/sh", "-c", command)));
    }

    private static List<String> said(List<String> line) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] said = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("exit code " + process.exitValue() + " of " + line);
        }
        return List.of(new String(said, StandardCharsets.UTF_8).split("\0"));
    }
}
