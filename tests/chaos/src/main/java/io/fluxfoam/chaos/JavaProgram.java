package io.fluxfoam.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How chaos starts programs of its own: this JVM, the options that every node has, this class path, a small heap and the
 * fast compiler alone.
 *
 * @param aotCache of the classes that a light node loads, null for none
 */
record JavaProgram(Path home, String classPath, Path aotCache) {
    /** Like this process. */
    static JavaProgram ofThisProcess() {
        return new JavaProgram(
                Path.of(System.getProperty("foam.home", ".")).toAbsolutePath(),
                System.getProperty("java.class.path"),
                null);
    }

    /** The command line of a main class. */
    List<String> command(Class<?> main, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + home.resolve("deploy").resolve("jvm.options"));
        line.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        if (aotCache != null) {
            line.add("-XX:AOTCache=" + aotCache);
        }
        line.addAll(List.of("-cp", classPath, main.getName()));
        line.addAll(arguments);
        return line;
    }
}
