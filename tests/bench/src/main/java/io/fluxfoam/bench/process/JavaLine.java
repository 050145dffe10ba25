package io.fluxfoam.bench.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Java processes. */
public final class JavaLine {
    private JavaLine() {}

    /** A class of our own class path, with the options that every process of the foam has and these. */
    public static List<String> of(Class<?> main, List<String> options, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(java());
        line.add("@" + optionsFile());
        line.addAll(options);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(arguments);
        return line;
    }

    /** The java command that runs this process. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The file of the options that every process of the foam is started with. */
    public static Path optionsFile() {
        return home().resolve(Path.of("deploy", "jvm.options"));
    }

    /** Directory of the checkout: {@code -Dfoam.home}, which the launcher and the build set, else the current one. */
    public static Path home() {
        return Path.of(System.getProperty("foam.home", "")).toAbsolutePath();
    }
}
