package io.fluxfoam.tests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.fluxfoam.tests.house.Rules.Rule;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What docs/ARCHITECTURE.md says of who may use whom. */
class ArchitectureTest {
    private static final JavaClasses PROJECT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.fluxfoam");

    @TempDir private static Path planted;

    @TestFactory
    Stream<DynamicTest> shouldKeepTheRules() {
        return Rules.all().stream()
                .map(rule ->
                        DynamicTest.dynamicTest(
                                rule.name(),
                                () -> rule.rule().allowEmptyShould(true).check(PROJECT)));
    }

    @Test
    void shouldSeeAllHouses() {
        Set<String> rooms =
                PROJECT.stream().map(one -> one.getPackageName()).collect(Collectors.toSet());
        for (String room :
                List.of(
                        "memory",
                        "distill",
                        "coordinator.status",
                        "cli",
                        "sensor.media",
                        "teacher.llm",
                        "teacher.voice",
                        "speech",
                        "student.net",
                        "evaluator",
                        "bridge.transport",
                        "chaos.plan",
                        "bench.transport",
                        "learn")) {
            assertTrue(rooms.contains("io.fluxfoam." + room), () -> room + " is not in " + rooms);
        }
    }

    /** A rule that nothing can break says nothing: each of them finds each way to break it. */
    @TestFactory
    Stream<DynamicTest> shouldFindWhatBreaksARule() {
        return Rules.all().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.name(), () -> assertBreaks(rule)));
    }

    /** All planted at once, as to look up Java's own classes takes most of the time. */
    private static void assertBreaks(Rule rule) throws IOException {
        Path folder = Files.createTempDirectory(planted, "rule");
        Map<String, String> ways = new LinkedHashMap<>();
        for (String user : rule.users()) {
            for (String used : rule.used()) {
                String name = user + ".Planted" + ways.size();
                plant(folder, name, used);
                ways.put(name, user + " uses " + used);
            }
        }
        JavaClasses all = new ClassFileImporter().importPath(folder);
        ways.forEach((name, way) -> {
            JavaClasses one = all.that(HasName.Predicates.name(name));
            assertEquals(1, one.size(), name);
            assertTrue(
                    rule.rule().allowEmptyShould(true).evaluate(one).hasViolation(),
                    () -> way + " and nothing is said");
        });
    }

    /** A class with a field of another's type, which need not be there. */
    private static void plant(Path folder, String name, String used) throws IOException {
        byte[] bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of(name),
                                made -> made.withField("thing", ClassDesc.of(used), 0));
        Files.write(folder.resolve(name + ".class"), bytes);
    }
}
