import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks that every Java source is as google-java-format writes it (style AOSP), or makes it so.
 * The root pom runs it on the build's JDK 25. Spotless would do the same, but in Maven's own JVM:
 * it may be a 17, and this formatter needs 21.
 *
 * <pre>java Format.java check|apply ROOT</pre>
 */
final class Format {
    private static final Set<String> PASSED_OVER = Set.of("target", ".git", ".bench");

    private Format() {}

    public static void main(String[] args) throws Exception {
        boolean isCheck = args[0].equals("check");
        List<String> options = new ArrayList<>(List.of("--aosp", "--skip-reflowing-long-strings"));
        options.addAll(
                isCheck ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
        options.addAll(sources(Path.of(args[1])));
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        int exitCode = new Main(out, err, System.in).format(options.toArray(String[]::new));
        if (exitCode != 0 && isCheck) {
            err.println("format: the files above are not formatted: mvn -N verify -Dformat=apply");
        }
        System.exit(exitCode);
    }

    private static List<String> sources(Path root) throws IOException {
        List<String> sources = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes of) {
                        boolean isPassedOver =
                                PASSED_OVER.contains(String.valueOf(folder.getFileName()));
                        return isPassedOver
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes of) {
                        if (file.toString().endsWith(".java")) {
                            sources.add(file.toString());
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return sources;
    }
}
