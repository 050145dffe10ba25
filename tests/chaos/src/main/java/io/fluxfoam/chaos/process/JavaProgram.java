package io.fluxfoam.chaos.process;

import io.fluxfoam.device.cuda.CudaProbe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
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
 * @param startUp options of this process that make its like start faster; none if it was not
 *     started by {@code ./foam}
 */
public record JavaProgram(Path home, Path classPath, List<String> startUp) {
    private static final JavaProgram THIS =
            new JavaProgram(
                    Path.of(System.getProperty("foam.home", "")).toAbsolutePath(),
                    classPathFile(),
                    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                            .filter(option ->
                                    option.startsWith("-XX:AOTCache=")
                                            || option.startsWith("-Xlog:aot"))
                            .toList());

    /** Like this process. */
    public static JavaProgram ofThisProcess() {
        return THIS;
    }

    /** Lasts as long as this process, like what it starts. */
    private static Path classPathFile() {
        try {
            Path file = Files.createTempFile("foam-chaos-", ".options");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file, "-cp\n\"" + System.getProperty("java.class.path") + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException("no file for the class path", e);
        }
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
