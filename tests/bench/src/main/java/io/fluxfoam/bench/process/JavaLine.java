package io.fluxfoam.bench.process;

import io.fluxfoam.device.cuda.CudaProbe;
import io.fluxfoam.launch.StartCache;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Java processes. */
public final class JavaLine {
    private JavaLine() {}

    /**
     * A class of our own class path, with the options that every process of the foam has and these.
     */
    public static List<String> of(Class<?> main, List<String> options, List<String> arguments) {
        StartCache start = StartCache.ofThisProcess();
        List<String> line = new ArrayList<>();
        line.add(java());
        line.add("@" + optionsFile());
        line.addAll(start.options());
        line.addAll(CudaProbe.driverOptions());
        line.addAll(options);
        line.addAll(List.of("-cp", start.classPath(), main.getName()));
        line.addAll(arguments);
        return line;
    }

    /**
     * A node of the loop as {@code ./foam node ROLE} starts it, without a look whether something is
     * to be built.
     */
    public static List<String> node(String role, Path foam, String name) {
        return List.of(
                "env",
                "FOAM_NO_BUILD=1",
                home().resolve("foam").toString(),
                "node",
                role,
                "--foam",
                foam.toString(),
                "--name",
                name);
    }

    /** The java command that runs this process. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The file of the options that every process of the foam is started with. */
    public static Path optionsFile() {
        return home().resolve(Path.of("deploy", "jvm.options"));
    }

    /**
     * Directory of the checkout: {@code -Dfoam.home}, which the launcher and the build set, else
     * the current one.
     */
    public static Path home() {
        return Path.of(System.getProperty("foam.home", "")).toAbsolutePath();
    }
}
