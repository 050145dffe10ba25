package io.fluxfoam.tests.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What docs/ARCHITECTURE.md says of who may use whom. */
final class Rules {
    private static final String ROOT = "io.fluxfoam.";
    private static final String SDK = "sdk";
    private static final String LINKER = "java.lang.foreign.Linker";

    /** Rooms of one house, each using only those before it. */
    private static final Map<String, List<String>> FLOORS =
            Map.of(
                    SDK,
                    List.of(
                            "memory",
                            "tensor",
                            "counters",
                            "liveness",
                            "device",
                            "stream",
                            "manifest",
                            "journal",
                            "tape",
                            "node",
                            "metrics",
                            "launch",
                            "distill"),
                    "student",
                    List.of(
                            "student.net",
                            "student.replay",
                            "student.train",
                            "student.growth",
                            "student.checkpoint"),
                    "teacher",
                    List.of("teacher.memory"),
                    "bridge",
                    List.of("bridge.session", "bridge.transport"),
                    "chaos",
                    List.of(
                            "chaos.plan",
                            "chaos.wire",
                            "chaos.process",
                            "chaos.check",
                            "chaos.guest",
                            "chaos.fault",
                            "chaos.report"));

    /** What stands on the SDK; none of them knows another, but for what {@link #others} says. */
    private static final List<String> HOUSES =
            List.of(
                    "sensor",
                    "teacher.vision",
                    "teacher.whisper",
                    "teacher.llm",
                    "teacher.voice",
                    "student",
                    "evaluator",
                    "bridge",
                    "coordinator",
                    "cli",
                    "chaos",
                    "bench",
                    "learn");

    /** Each dependency and the only packages that know its types. */
    private static final Map<String, List<String>> DEPENDENCIES =
            Map.ofEntries(
                    Map.entry("net.openhft.chronicle.map", List.of("manifest")),
                    Map.entry("net.openhft.chronicle.queue", List.of("journal", "bench.transport")),
                    Map.entry("net.openhft.hashing", List.of("teacher.memory")),
                    Map.entry("io.micrometer", List.of("metrics", "coordinator")),
                    Map.entry(
                            "org.agrona",
                            List.of(
                                    "counters",
                                    "node",
                                    "student",
                                    "bridge.transport",
                                    "bench.transport")),
                    Map.entry("io.aeron", List.of("bridge.transport", "bench.transport")),
                    Map.entry("jcuda", List.of("device")),
                    Map.entry("ai.onnxruntime", List.of("teacher")),
                    Map.entry("org.bytedeco.pytorch", List.of("student.net")),
                    Map.entry("org.bytedeco.ffmpeg", List.of("sensor.media")),
                    Map.entry(
                            "com.fasterxml.jackson",
                            List.of(
                                    "manifest",
                                    "coordinator.status",
                                    "sensor.text",
                                    "teacher.llm",
                                    "bench",
                                    "learn")),
                    Map.entry("com.github.weisj.jsvg", List.of("sensor.emoji")),
                    Map.entry("com.sun.speech", List.of("speech")),
                    Map.entry("org.apache.commons.math3", List.of("speech")),
                    Map.entry("io.grpc", List.of("bench.transport")));

    /**
     * One of them.
     *
     * @param name what it says
     * @param rule the same for the machine
     * @param users packages to which it applies
     * @param used classes that they must not use
     */
    record Rule(String name, ArchRule rule, List<String> users, List<String> used) {}

    private Rules() {}

    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>();
        FLOORS.forEach((house, floors) -> {
            for (String floor : floors) {
                rules.add(
                        not(
                                floor + " uses only what is below it",
                                List.of(floor),
                                above(house, floors, floor),
                                house.equals(SDK) ? List.of() : List.of(house)));
            }
        });
        for (String house : HOUSES) {
            rules.add(
                    not(house + " knows no other house", List.of(house), others(house), List.of()));
        }
        rules.add(
                not(
                        "what looks at a foam knows of the coordinator only its status",
                        List.of("cli", "chaos", "bench"),
                        List.of(),
                        List.of("coordinator")));
        rules.add(
                not(
                        "benches know of chaos only its wire",
                        List.of("bench"),
                        List.of(
                                "chaos.plan",
                                "chaos.process",
                                "chaos.check",
                                "chaos.guest",
                                "chaos.fault",
                                "chaos.report"),
                        List.of("chaos")));
        DEPENDENCIES.forEach((dependency, rooms) ->
                rules.add(
                        new Rule(
                                dependency + " stays in " + String.join(", ", rooms),
                                noClasses()
                                        .that()
                                        .resideOutsideOfPackages(inside(rooms))
                                        .should()
                                        .dependOnClassesThat()
                                        .resideInAPackage(dependency + ".."),
                                List.of(ROOT + "nowhere"),
                                List.of(dependency + ".Thing"))));
        rules.add(
                new Rule(
                        "native code is called only from memory and device",
                        noClasses()
                                .that()
                                .resideOutsideOfPackages(inside(List.of("memory", "device")))
                                .should()
                                .dependOnClassesThat()
                                .haveFullyQualifiedName(LINKER),
                        List.of(ROOT + "stream", ROOT + "cli"),
                        List.of(LINKER)));
        return rules;
    }

    private static List<String> above(String house, List<String> floors, String floor) {
        List<String> above =
                new ArrayList<>(floors.subList(floors.indexOf(floor) + 1, floors.size()));
        if (house.equals(SDK)) {
            above.addAll(HOUSES);
        }
        return above;
    }

    /** Commands stand on the status, chaos and benches on both, and a bench on chaos's wire. */
    private static List<String> others(String house) {
        List<String> seen =
                switch (house) {
                    case "cli" -> List.of("coordinator");
                    case "chaos" -> List.of("coordinator", "cli");
                    case "bench" -> List.of("coordinator", "cli", "chaos");
                    case "learn" -> List.of("student");
                    default -> List.of();
                };
        return HOUSES.stream()
                .filter(other -> !other.equals(house) && !seen.contains(other))
                .toList();
    }

    /**
     * Users use none of these.
     *
     * @param used with all that is in them
     * @param alone without what is in them
     */
    private static Rule not(
            String name, List<String> users, List<String> used, List<String> alone) {
        List<String> packages = new ArrayList<>(List.of(inside(used)));
        alone.forEach(room -> packages.add(ROOT + room));
        ArchRule rule =
                noClasses()
                        .that()
                        .resideInAnyPackage(inside(users))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages.toArray(String[]::new));
        return new Rule(
                name,
                rule,
                users.stream().map(room -> ROOT + room).toList(),
                Stream.concat(used.stream(), alone.stream())
                        .map(room -> ROOT + room + ".Thing")
                        .toList());
    }

    private static String[] inside(List<String> rooms) {
        return rooms.stream().map(room -> ROOT + room + "..").toArray(String[]::new);
    }
}
