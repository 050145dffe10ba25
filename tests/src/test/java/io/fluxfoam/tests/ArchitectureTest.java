package io.fluxfoam.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What docs/ARCHITECTURE.md says of who may use whom. */
class ArchitectureTest {
    private static final JavaClasses PROJECT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.fluxfoam");

    /** The SDK's packages, each using only those before it. */
    private static final List<String> SDK =
            List.of(
                    "memory",
                    "tensor",
                    "counters",
                    "liveness",
                    "device",
                    "stream",
                    "manifest",
                    "journal",
                    "heatmap",
                    "node",
                    "metrics",
                    "cli");

    private static final List<String> NODES =
            List.of(
                    "sensor",
                    "teacher.vision",
                    "teacher.whisper",
                    "teacher.llm",
                    "student",
                    "evaluator",
                    "coordinator");

    /** Each dependency and the only packages that know its types. */
    private static final Map<String, List<String>> DEPENDENCIES =
            Map.of(
                    "net.openhft.chronicle.map", List.of("manifest"),
                    "net.openhft.chronicle.queue", List.of("journal"),
                    "io.micrometer", List.of("metrics", "coordinator"),
                    "org.agrona", List.of("counters", "node", "student"),
                    "jcuda", List.of("device"),
                    "ai.onnxruntime", List.of("teacher"),
                    "org.bytedeco.pytorch", List.of("student.net"),
                    "org.bytedeco.javacv", List.of("sensor.media"),
                    "com.fasterxml.jackson", List.of("cli", "teacher.llm"));

    @TestFactory
    Stream<DynamicTest> shouldUseOnlyPackagesBelow() {
        return SDK.stream()
                .map(name ->
                        DynamicTest.dynamicTest(
                                name,
                                () ->
                                        noClasses()
                                                .that()
                                                .resideInAPackage("io.fluxfoam." + name + "..")
                                                .should()
                                                .dependOnClassesThat()
                                                .resideInAnyPackage(above(name))
                                                .allowEmptyShould(true)
                                                .check(PROJECT)));
    }

    private static String[] above(String name) {
        Stream<String> sdk = SDK.subList(SDK.indexOf(name) + 1, SDK.size()).stream();
        return Stream.concat(sdk, NODES.stream())
                .map(p -> "io.fluxfoam." + p + "..")
                .toArray(String[]::new);
    }

    @TestFactory
    Stream<DynamicTest> shouldKeepADependencyInItsPackage() {
        return DEPENDENCIES.entrySet().stream()
                .map(entry ->
                        DynamicTest.dynamicTest(
                                entry.getKey(),
                                () ->
                                        noClasses()
                                                .that()
                                                .resideOutsideOfPackages(
                                                        entry.getValue().stream()
                                                                .map(p -> "io.fluxfoam." + p + "..")
                                                                .toArray(String[]::new))
                                                .should()
                                                .dependOnClassesThat()
                                                .resideInAPackage(entry.getKey() + "..")
                                                .check(PROJECT)));
    }

    @TestFactory
    Stream<DynamicTest> shouldNotKnowAnotherNode() {
        return NODES.stream()
                .map(name ->
                        DynamicTest.dynamicTest(
                                name,
                                () ->
                                        noClasses()
                                                .that()
                                                .resideInAPackage("io.fluxfoam." + name + "..")
                                                .should()
                                                .dependOnClassesThat()
                                                .resideInAnyPackage(
                                                        NODES.stream()
                                                                .filter(other ->
                                                                        !other.equals(name))
                                                                .map(p -> "io.fluxfoam." + p + "..")
                                                                .toArray(String[]::new))
                                                .check(PROJECT)));
    }

    @Test
    void shouldCallNativeCodeOnlyFromMemoryAndDevice() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.fluxfoam.memory..", "io.fluxfoam.device..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(PROJECT);
    }
}
