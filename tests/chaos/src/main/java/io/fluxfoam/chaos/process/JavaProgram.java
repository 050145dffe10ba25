package io.fluxfoam.chaos.process;

import io.fluxfoam.device.cuda.CudaProbe;
import io.fluxfoam.launch.StartCache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How chaos starts programs of its own: this JVM, the options that every node has, this class path,
 * a small heap and the fast compiler alone.
 *
 * @param home where the foam's sources and builds are
 * @param classPath file of options with the class path: a mark has no room for a long command line
 * @param startUp options that make it start faster
 */
public record JavaProgram(Path home, Path classPath, List<String> startUp) {
    private static final JavaProgram THIS = make();

    /** Like this process. */
    public static JavaProgram ofThisProcess() {
        return THIS;
    }

    private static JavaProgram make() {
        StartCache start = StartCache.ofThisProcess();
        try {
            return new JavaProgram(
                    Path.of(System.getProperty("foam.home", "")).toAbsolutePath(),
                    file(start.classPath()),
                    start.options());
        } catch (IOException e) {
            throw new UncheckedIOException("no file for the class path", e);
        }
    }

    /** Lasts as long as this process, like what it starts. */
    private static Path file(String classPath) throws IOException {
        Path file = Files.createTempFile("foam-chaos-", ".options");
        file.toFile().deleteOnExit();
        return Files.writeString(file, "-cp\n\"" + classPath + "\"\n");
    }

    /** The command line of a main class. */
    public List<String> command(Class<?> main, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + home.resolve("deploy").resolve("jvm.options"));
        line.addAll(startUp);
        line.addAll(CudaProbe.driverOptions());
        line.add("-Dfoam.home=" + home);
        line.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"));
        line.addAll(List.of("@" + classPath, main.getName()));
        line.addAll(arguments);
        return line;
    }
}
