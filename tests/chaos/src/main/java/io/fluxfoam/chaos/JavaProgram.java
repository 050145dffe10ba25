package io.fluxfoam.chaos;

import io.fluxfoam.device.cuda.CudaProbe;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How chaos starts programs of its own: this JVM, the options that every node has, this class path, a small heap and the
 * fast compiler alone.
 *
 * @param home where the foam's sources and builds are
 * @param startUp options of this process that make its like start faster; none if it was not started by {@code ./foam}
 */
record JavaProgram(Path home, String classPath, List<String> startUp) {
    /** Like this process. */
    static JavaProgram ofThisProcess() {
        return new JavaProgram(
                Path.of(System.getProperty("foam.home", "")).toAbsolutePath(),
                System.getProperty("java.class.path"),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(option -> option.startsWith("-XX:AOTCache=") || option.startsWith("-Xlog:aot"))
                        .toList());
    }

    /** The command line of a main class. */
    List<String> command(Class<?> main, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + home.resolve("deploy").resolve("jvm.options"));
        line.addAll(startUp);
        line.addAll(CudaProbe.driverOptions());
        line.add("-Dfoam.home=" + home);
        line.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"));
        line.addAll(List.of("-cp", classPath, main.getName()));
        line.addAll(arguments);
        return line;
    }
}
