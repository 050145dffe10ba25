package io.fluxfoam.tests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** House rules that sources show and classes do not: each word once, no name twice. */
class WordsTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));
    private static final Pattern LITERAL = Pattern.compile("\"((?:\\\\.|[^\"\\\\\\n])*)\"");
    private static final Pattern COMMENT = Pattern.compile("//[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern FRAME_SIZE = Pattern.compile("\\b(40_?960|96 ?x ?320)\\b");

    /** Words of the loop that mean something else in these files. */
    private static final Map<String, Set<String>> OTHERWISE =
            Map.of(
                    "OnnxRuntime.java", Set.of("teacher"), // a folder of the build
                    "RetrievalCounters.java", Set.of("candidates"), // a key of the journal
                    "SetCounters.java", Set.of("candidates", "picture", "sound"), // the same
                    "LoopCounters.java", Set.of("candidates"), // a counter
                    "TeacherCard.java", Set.of("sensor"), // a key of the manifest
                    "CaptionTable.java", Set.of("caption"), // a column
                    "FolderCheck.java", Set.of("holdout"), // a field of the JSON
                    "Folder.java", Set.of("picture", "sound")); // what an item has

    private record Source(Path path, String text) {
        String name() {
            return path.getFileName().toString();
        }

        boolean isMain() {
            return path.toString().contains("/src/main/");
        }
    }

    private static List<Source> sources() throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Path path : javaFiles()) {
            sources.add(new Source(HOME.relativize(path), Files.readString(path)));
        }
        return sources;
    }

    private static List<Path> javaFiles() throws IOException {
        try (Stream<Path> all = Files.walk(HOME)) {
            return all.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .filter(path -> !HOME.relativize(path).toString().startsWith("."))
                    .toList();
        }
    }

    private static Set<String> wordsOfTheLoop() throws IllegalAccessException {
        Set<String> words = new TreeSet<>();
        for (Class<?> holder : List.of(Roles.class, LoopStreams.class, LoopNodes.class)) {
            for (Field field : holder.getFields()) {
                if (field.getType() == String.class) {
                    words.add((String) field.get(null));
                }
            }
        }
        return words;
    }

    @Test
    void shouldSayRolesStreamsAndNodesOnlyInDistill() throws Exception {
        Set<String> words = wordsOfTheLoop();
        Map<String, Integer> declared = new HashMap<>();
        List<String> again = new ArrayList<>();
        for (Source source : sources()) {
            if (!source.isMain()) {
                continue;
            }
            String code = COMMENT.matcher(source.text()).replaceAll("");
            for (Matcher literal = LITERAL.matcher(code); literal.find(); ) {
                if (!words.contains(literal.group(1))) {
                    continue;
                }
                boolean isDeclaration =
                        source.path().getParent().endsWith("distill")
                                && source.name().matches("(Roles|Loop(Streams|Nodes))\\.java");
                if (isDeclaration) {
                    declared.merge(literal.group(1), 1, Integer::sum);
                } else if (!OTHERWISE
                        .getOrDefault(source.name(), Set.of())
                        .contains(literal.group(1))) {
                    again.add(source.path() + ": " + literal.group());
                }
            }
        }
        assertEquals(List.of(), again);
        assertEquals(words, declared.keySet());
        assertEquals(
                Map.of(),
                declared.entrySet().stream()
                        .filter(word -> word.getValue() > 1)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Test
    void shouldSayTheSizeOfAFrameOnce() throws IOException {
        List<String> found = new ArrayList<>();
        for (Source source : sources()) {
            Matcher size = FRAME_SIZE.matcher(source.text());
            while (source.isMain() && size.find()) {
                found.add(source.name() + ": " + size.group());
            }
        }
        assertEquals(List.of("FrameShape.java: 40_960"), found);
    }

    @Test
    void shouldHaveNoSimpleNameTwice() throws IOException {
        Map<String, List<Path>> byName =
                sources().stream()
                        .filter(source -> !source.name().equals("package-info.java"))
                        .collect(
                                Collectors.groupingBy(
                                        Source::name,
                                        Collectors.mapping(Source::path, Collectors.toList())));
        byName.values().removeIf(paths -> paths.size() == 1);
        assertEquals(Map.of(), byName);
    }

    @Test
    void shouldSayOfEachPackageWhatItIs() throws IOException {
        List<Path> folders =
                javaFiles().stream()
                        .filter(path -> path.toString().contains("/src/main/"))
                        .map(Path::getParent)
                        .distinct()
                        // classes of benches in the packages of what they measure, for what only
                        // those may see
                        .filter(folder ->
                                !folder.endsWith("bench/src/main/java/io/fluxfoam/stream")
                                        && !folder.endsWith(
                                                "learn/src/main/java/io/fluxfoam/student")
                                        && !folder.endsWith(
                                                "learn/src/main/java/io/fluxfoam/student/net"))
                        .filter(folder -> Files.notExists(folder.resolve("package-info.java")))
                        .toList();
        assertEquals(List.of(), folders);
    }
}
