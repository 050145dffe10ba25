import java.io.File;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Runs at build time, from its source. Java keeps no class in its AOT cache whose file is of a
 * format before Java 6, and verifies it the slow way at every start; of such are all of picocli's,
 * a fifth of what a node's start costs. So they are written anew, the same code with the stack maps
 * that later formats have, into the SDK's own jar, which comes first in every class path.
 *
 * <p>Arguments: the beginning of the library's file name on the class path, the folder for the
 * classes. Does nothing if they are newer than the library.
 */
final class UpgradeClassFiles {
    private static final int FORMAT = ClassFile.JAVA_8_VERSION;

    private UpgradeClassFiles() {}

    public static void main(String[] args) throws IOException {
        Path library = libraryOf(args[0]);
        Path folder = Path.of(args[1]);
        ClassFile files =
                ClassFile.of(
                        StackMapsOption.GENERATE_STACK_MAPS,
                        ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(
                                        ClassLoader.getSystemClassLoader())));
        try (JarFile jar = new JarFile(library.toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                Path target = folder.resolve(entry.getName());
                if (entry.getName().endsWith(".class")
                        && !entry.getName().startsWith("META-INF/")
                        && !isNewer(target, library)) {
                    ClassModel old = files.parse(jar.getInputStream(entry).readAllBytes());
                    Files.createDirectories(target.getParent());
                    Files.write(target, upgraded(files, old));
                }
            }
        }
    }

    private static byte[] upgraded(ClassFile files, ClassModel old) {
        return files.transformClass(
                old,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(
                                ClassTransform.endHandler(
                                        builder -> builder.withVersion(FORMAT, 0))));
    }

    private static Path libraryOf(String name) {
        List<Path> found =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .filter(entry -> entry.getFileName().toString().startsWith(name))
                        .toList();
        if (found.size() != 1) {
            throw new IllegalStateException("library=" + name + " on the class path=" + found);
        }
        return found.getFirst();
    }

    private static boolean isNewer(Path file, Path library) throws IOException {
        return Files.exists(file)
                && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(library))
                        > 0;
    }
}
