package io.fluxfoam.tests.deploy;

import static io.fluxfoam.tests.deploy.YamlFile.stream;
import static io.fluxfoam.tests.deploy.YamlFile.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fluxfoam.cli.CliSyntax;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** deploy/k8s against Kubernetes' own schema, the command line, and itself. */
class KubernetesTest {
    private static final Path K8S = BoxScript.HOME.resolve("deploy/k8s");
    private static final String BUNDLE = "/opt/flux-foam/";
    private static final Set<String> NO_OBJECTS = Set.of("Kustomization");

    @TempDir Path folder;

    private CliSyntax cli;
    private List<JsonNode> objects;
    private JsonNode kustomization;

    @BeforeEach
    void read() throws IOException {
        cli = CliSyntax.of(BoxScript.HOME.resolve("foam"));
        List<JsonNode> all = YamlFile.allIn(K8S.resolve("boxes"));
        objects = all.stream().filter(one -> !NO_OBJECTS.contains(kind(one))).toList();
        kustomization =
                all.stream()
                        .filter(one -> NO_OBJECTS.contains(kind(one)))
                        .findFirst()
                        .orElseThrow();
    }

    private static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private List<JsonNode> ofKind(String kind) {
        return objects.stream().filter(one -> kind(one).equals(kind)).toList();
    }

    private static JsonNode pod(JsonNode set) {
        return set.at("/spec/template/spec");
    }

    private static JsonNode container(JsonNode set, String name) {
        return stream(pod(set).path("containers"))
                .filter(one -> one.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldBeWhatKubernetesKnows() throws Exception {
        assertEquals(2, ofKind("StatefulSet").size());
        assertEquals(2, ofKind("Service").size());
        for (JsonNode object : objects) {
            assertEquals(List.of(), DeploySchema.kubernetes(object).refusals(object), name(object));
        }
    }

    @Test
    void shouldBeRefusedWithWhatKubernetesDoesNotKnow() throws Exception {
        JsonNode desk = ofKind("StatefulSet").getFirst();
        List<Consumer<JsonNode>> faults =
                List.of(
                        set -> ((ObjectNode) pod(set)).put("shareProcesses", true),
                        set -> ((ObjectNode) pod(set)).put("shareProcessNamespace", "yes"),
                        set -> ((ObjectNode) set.path("spec")).remove("selector"),
                        set -> ((ObjectNode) pod(set).path("containers").get(0)).remove("name"),
                        set ->
                                ((ObjectNode)
                                                pod(set).path("containers")
                                                        .get(0)
                                                        .path("livenessProbe"))
                                        .put("every", 3));
        for (Consumer<JsonNode> fault : faults) {
            JsonNode broken = desk.deepCopy();
            fault.accept(broken);
            assertFalse(DeploySchema.kubernetes(broken).refusals(broken).isEmpty());
        }
    }

    @Test
    void shouldStartEachNodeOfTheLoopOnceInAContainerOfItsName() throws Exception {
        List<String> nodes = new ArrayList<>();
        for (JsonNode set : ofKind("StatefulSet")) {
            for (JsonNode container : pod(set).path("containers")) {
                String name = container.path("name").asText();
                List<String> words = texts(container.path("args"));
                assertEquals(List.of("node", name), words.subList(0, 2));
                cli.parse(words);
                nodes.add(name);
                for (String probe : List.of("startupProbe", "livenessProbe")) {
                    List<String> check = texts(container.path(probe).at("/exec/command"));
                    assertEquals(BUNDLE + "foam", check.getFirst(), name + " " + probe);
                    List<String> required =
                            cli.parse(check.subList(1, check.size()))
                                    .matchedOptionValue("--require", List.of());
                    assertEquals(List.of(name), required);
                }
            }
        }
        nodes.removeAll(Set.of("coordinator", "bridge"));
        nodes.sort(null);
        assertEquals(
                List.of(
                        "evaluator",
                        "sensor",
                        "student",
                        "teacher-llm",
                        "teacher-vision",
                        "teacher-whisper"),
                nodes);
    }

    @Test
    void shouldLetTheTwoBoxesFindEachOther() throws Exception {
        List<BoxFacts> boxes = new ArrayList<>();
        Map<String, String> hosts = new HashMap<>();
        for (JsonNode set : ofKind("StatefulSet")) {
            JsonNode bridge = container(set, "bridge");
            BoxFacts box = BoxFacts.of(cli.parse(texts(bridge.path("args"))));
            boxes.add(box);
            Map<String, Integer> ports =
                    stream(bridge.path("ports"))
                            .collect(
                                    Collectors.toMap(
                                            port -> port.path("protocol").asText(),
                                            port -> port.path("containerPort").asInt()));
            assertEquals(Map.of("TCP", box.port(), "UDP", box.port()), ports);
            JsonNode service =
                    ofKind("Service").stream()
                            .filter(one -> name(one).equals(name(set)))
                            .findFirst()
                            .orElseThrow();
            assertEquals(
                    service.at("/spec/selector"), set.at("/spec/selector/matchLabels"), name(set));
            JsonNode port = service.at("/spec/ports/0");
            assertEquals(box.port(), port.path("port").asInt());
            assertTrue(portNames(bridge).contains(port.path("targetPort").asText()));
            hosts.put(box.box(), name(service));
        }
        BoxFacts.assertFit(boxes.getFirst(), boxes.getLast(), hosts);
    }

    private static Set<String> portNames(JsonNode container) {
        return stream(container.path("ports"))
                .map(port -> port.path("name").asText())
                .collect(Collectors.toSet());
    }

    @Test
    void shouldLetNobodyInButTheOtherBox() {
        JsonNode policy = ofKind("NetworkPolicy").getFirst();
        JsonNode labels = policy.at("/spec/podSelector/matchLabels");
        assertEquals(labels, policy.at("/spec/ingress/0/from/0/podSelector/matchLabels"));
        Set<String> open =
                stream(policy.at("/spec/ingress/0/ports"))
                        .map(port -> port.path("port").asText())
                        .collect(Collectors.toSet());
        for (JsonNode set : ofKind("StatefulSet")) {
            JsonNode own = set.at("/spec/template/metadata/labels");
            labels.properties()
                    .forEach(label -> assertEquals(label.getValue(), own.path(label.getKey())));
            set.at("/spec/selector/matchLabels")
                    .properties()
                    .forEach(label -> assertEquals(label.getValue(), own.path(label.getKey())));
            assertEquals(portNames(container(set, "bridge")), open);
        }
    }

    @Test
    void shouldShareOneFoamInMemoryAndNothingElseWritable() {
        for (JsonNode set : ofKind("StatefulSet")) {
            Map<String, JsonNode> volumes = new HashMap<>();
            stream(pod(set).path("volumes"))
                    .forEach(volume -> volumes.put(volume.path("name").asText(), volume));
            stream(set.at("/spec/volumeClaimTemplates"))
                    .forEach(claim -> volumes.put(name(claim), claim));
            assertTrue(pod(set).path("shareProcessNamespace").asBoolean());
            Stream<JsonNode> all =
                    Stream.concat(
                            stream(pod(set).path("initContainers")),
                            stream(pod(set).path("containers")));
            Set<String> foams = new TreeSet<>();
            for (JsonNode container : all.toList()) {
                assertEquals("flux-foam", container.path("image").asText());
                JsonNode locked = container.path("securityContext");
                assertTrue(locked.path("readOnlyRootFilesystem").asBoolean());
                assertEquals(List.of("ALL"), texts(locked.at("/capabilities/drop")));
                assertTrue(container.at("/resources/limits").has("memory"));
                Map<String, String> mounts = new HashMap<>();
                for (JsonNode mount : container.path("volumeMounts")) {
                    String volume = mount.path("name").asText();
                    assertTrue(volumes.containsKey(volume), volume);
                    mounts.put(volume, mount.path("mountPath").asText());
                }
                for (JsonNode variable : container.path("env")) {
                    foams.add(variable.path("value").asText());
                    assertTrue(
                            variable.path("value").asText().startsWith(mounts.get("foam") + "/"));
                }
                List<String> words = texts(container.path("args"));
                int state = words.indexOf("--state");
                assertTrue(state < 0 || words.get(state + 1).equals(mounts.get("state")));
                int key = words.indexOf("--key");
                assertTrue(key < 0 || words.get(key + 1).equals(mounts.get("key") + "/key"));
            }
            assertEquals(1, foams.size(), "one foam for all");
            assertEquals("Memory", volumes.get("foam").at("/emptyDir/medium").asText());
            assertEquals("Memory", volumes.get("key").at("/emptyDir/medium").asText());
            List<String> copied = texts(pod(set).at("/initContainers/0/command"));
            assertEquals(List.of("install", "--mode=0600", "/secret/key", "/key/key"), copied);
            assertEquals(
                    kustomization.at("/secretGenerator/0/name").asText(),
                    volumes.get("secret").at("/secret/secretName").asText());
            assertTrue(
                    texts(kustomization.at("/secretGenerator/0/files"))
                            .getFirst()
                            .startsWith("key="));
        }
    }

    @Test
    void shouldBeOneThingForKustomize() throws Exception {
        String version = said(List.of("kubectl", "version", "--client"));
        assumeTrue(
                version.matches("(?s).*Kustomize Version: v[5-9].*"),
                "skipped: no kubectl with kustomize 5 here");
        Path copy = folder.resolve("k8s");
        said(List.of("cp", "-r", K8S.toString(), copy.toString()));
        Files.write(copy.resolve("boxes/foam.key"), new byte[32]);
        for (String which : List.of("boxes", "gpu")) {
            Path rendered = folder.resolve(which + ".yaml");
            Files.writeString(
                    rendered,
                    said(List.of("kubectl", "kustomize", copy.resolve(which).toString())));
            List<JsonNode> made = YamlFile.documents(rendered);
            assertEquals(objects.size() + 1, made.size());
            for (JsonNode object : made) {
                assertEquals(List.of(), DeploySchema.kubernetes(object).refusals(object));
            }
            JsonNode secret =
                    made.stream()
                            .filter(one -> kind(one).equals("Secret"))
                            .findFirst()
                            .orElseThrow();
            List<JsonNode> sets =
                    made.stream().filter(one -> kind(one).equals("StatefulSet")).toList();
            for (JsonNode set : sets) {
                assertTrue(
                        stream(pod(set).path("volumes"))
                                .anyMatch(volume ->
                                        volume.at("/secret/secretName")
                                                .asText()
                                                .equals(name(secret))));
                for (JsonNode container : pod(set).path("containers")) {
                    cli.parse(texts(container.path("args")));
                }
            }
            assertEquals(
                    which.equals("gpu"),
                    Files.readString(rendered).contains("nvidia.com/gpu: 1"),
                    which);
        }
    }

    /** What it prints; nothing if it is not there or fails. */
    private static String said(List<String> line) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), "UTF-8");
            return process.waitFor() == 0 ? said : "";
        } catch (IOException e) {
            return "";
        }
    }
}
