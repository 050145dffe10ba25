import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

import javax.tools.ToolProvider;

/**
 * Runs at build time, from its source. Chronicle Map implements an interface of its own by Java
 * code that it generates and compiles whenever a process opens its first map: a second of CPU, and
 * javac with deep access to its insides. It looks for the class on the class path first, so we let
 * the library generate it once and ship it.
 *
 * <p>Arguments: the folder for the source, the folder for the class. Does nothing if the class is
 * newer than the library.
 */
final class GenerateValueClass {
    private static final String VALUE_INTERFACE =
            "net.openhft.chronicle.hash.VanillaGlobalMutableState";

    private GenerateValueClass() {}

    public static void main(String[] args) throws Exception {
        String name = VALUE_INTERFACE + "$$Native";
        Path source = Path.of(args[0], name.replace('.', '/') + ".java");
        Path classFile = Path.of(args[1], name.replace('.', '/') + ".class");
        Class<?> valueInterface = Class.forName(VALUE_INTERFACE);
        if (Files.exists(classFile)
                && modified(classFile).compareTo(modified(libraryOf(valueInterface))) > 0) {
            return;
        }
        Files.createDirectories(source.getParent());
        Files.createDirectories(classFile.getParent());
        Files.writeString(
                source, generate(valueInterface, name.substring(name.lastIndexOf('.') + 1)));
        int exitCode =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-nowarn",
                                "-XDignore.symbol.file",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                "-d",
                                args[1],
                                source.toString());
        if (exitCode != 0) {
            throw new IllegalStateException("javac exit code=" + exitCode + " source=" + source);
        }
    }

    /**
     * The source that {@code Values.nativeClassFor} would compile. The library keeps it
     * package-private.
     */
    private static String generate(Class<?> valueInterface, String className)
            throws ReflectiveOperationException {
        Class<?> model = Class.forName("net.openhft.chronicle.values.ValueModel");
        Method generator =
                Class.forName("net.openhft.chronicle.values.Generators")
                        .getDeclaredMethod("generateNativeClass", model, String.class);
        generator.setAccessible(true);
        return (String)
                generator.invoke(
                        null,
                        model.getMethod("acquire", Class.class).invoke(null, valueInterface),
                        className);
    }

    private static Path libraryOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static FileTime modified(Path file) throws Exception {
        return Files.getLastModifiedTime(file);
    }
}
