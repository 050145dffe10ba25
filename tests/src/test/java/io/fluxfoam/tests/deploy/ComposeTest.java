package io.fluxfoam.tests.deploy;

import static io.fluxfoam.tests.deploy.YamlFile.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fluxfoam.cli.CliSyntax;
import io.fluxfoam.distill.LoopNodes;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine.ParseResult;

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

/**
 * deploy/compose.yaml against the Compose Specification, the command line, the image and itself.
 */
class ComposeTest {
    private static final Path DEPLOY = BoxScript.HOME.resolve("deploy");
    private static final String BUNDLE = "/opt/flux-foam/";

    @TempDir Path folder;

    private CliSyntax cli;
    private JsonNode compose;
    private String image;

    @BeforeEach
    void read() throws IOException {
        cli = CliSyntax.of(BoxScript.HOME.resolve("foam"));
        compose = YamlFile.documents(DEPLOY.resolve("compose.yaml")).getFirst();
        image = Files.readString(DEPLOY.resolve("container/Containerfile"));
    }

    @Test
    void shouldBeWhatTheSpecificationSays() throws Exception {
        DeploySchema schema = DeploySchema.compose();
        assertEquals(List.of(), schema.refusals(compose));
        Path gpu = DEPLOY.resolve("container/compose.gpu.yaml");
        assertEquals(List.of(), schema.refusals(YamlFile.documents(gpu).getFirst()));
    }

    @Test
    void shouldBeRefusedWithWhatTheSpecificationDoesNotKnow() throws Exception {
        DeploySchema schema = DeploySchema.compose();
        List<Consumer<ObjectNode>> faults =
                List.of(
                        desk -> desk.put("shm-size", "2gb"),
                        desk -> desk.put("init", 3),
                        desk -> desk.put("command", 7),
                        desk -> ((ObjectNode) desk.path("healthcheck")).put("every", "30s"));
        for (Consumer<ObjectNode> fault : faults) {
            JsonNode broken = compose.deepCopy();
            fault.accept((ObjectNode) broken.path("services").path("desk"));
            assertFalse(schema.refusals(broken).isEmpty());
        }
    }

    /** The nodes that a service starts, with what its bridge was given. */
    private record Box(JsonNode service, Set<String> nodes, ParseResult up, BoxFacts bridge) {}

    private Map<String, Box> boxes() throws Exception {
        BoxScript scripts = new BoxScript(folder);
        Map<String, Box> boxes = new HashMap<>();
        for (var entry : compose.path("services").properties()) {
            JsonNode service = entry.getValue();
            String script = texts(service.path("entrypoint")).getFirst();
            assertTrue(script.startsWith(BUNDLE + "deploy/boxes/"), script);
            BoxScript.Started started =
                    scripts.run(
                            Path.of(script).getFileName().toString(),
                            texts(service.path("command")));
            ParseResult up = cli.parse(started.up());
            Set<String> nodes = new TreeSet<>(LoopNodes.ORDER);
            nodes.removeAll(up.<Set<String>>matchedOptionValue("--without", Set.of()));
            nodes.removeAll(Set.of(LoopNodes.TEACHER_VOICE, LoopNodes.EAR)); // of --voice
            nodes.add("bridge");
            boxes.put(
                    entry.getKey(),
                    new Box(service, nodes, up, BoxFacts.of(cli.parse(started.bridge()))));
        }
        return boxes;
    }

    @Test
    void shouldStartTheWholeLoopInTwoBoxesThatFindEachOther() throws Exception {
        Map<String, Box> boxes = boxes();
        Box desk = boxes.get("desk");
        Box teachers = boxes.get("teachers");
        assertEquals(2, boxes.size());
        BoxFacts.assertFit(
                desk.bridge(), teachers.bridge(), Map.of("desk", "desk", "teachers", "teachers"));
        List<String> all = new ArrayList<>(desk.nodes());
        all.addAll(teachers.nodes());
        all.removeAll(Set.of("coordinator", "bridge"));
        all.sort(null);
        assertEquals(
                List.of(
                        "evaluator",
                        "sensor",
                        "student",
                        "teacher-llm",
                        "teacher-vision",
                        "teacher-whisper"),
                all);
    }

    @Test
    void shouldAskForTheHealthOfWhatItStarts() throws Exception {
        for (Box box : boxes().values()) {
            List<String> check = texts(box.service().path("healthcheck").path("test"));
            assertEquals("CMD", check.getFirst());
            assertEquals(BUNDLE + "foam", check.get(1));
            ParseResult ps = cli.parse(check.subList(2, check.size()));
            List<String> required = ps.matchedOptionValue("--require", List.of());
            Set<String> demanded = new TreeSet<>(box.nodes());
            // Where npm was not there at the build, its model is not.
            demanded.remove(LoopNodes.TEACHER_WHISPER);
            assertEquals(demanded, new TreeSet<>(required));
        }
    }

    @Test
    void shouldAgreeOnKeyPortsPathsAndImage() throws Exception {
        Set<String> images = new TreeSet<>();
        for (Box box : boxes().values()) {
            JsonNode service = box.service();
            String secret = texts(service.path("secrets")).getFirst();
            assertTrue(compose.path("secrets").has(secret), secret);
            assertEquals("/run/secrets/" + secret, box.bridge().key());
            assertEquals(service.path("hostname").asText(), box.bridge().box());
            int page = box.up().matchedOptionValue("--port", 0);
            String published = texts(service.path("ports")).getFirst();
            assertTrue(published.matches("127\\.0\\.0\\.1:\\d+:" + page), published);
            String state = String.valueOf(box.up().<Object>matchedOptionValue("--state", ""));
            String[] volume = texts(service.path("volumes")).getFirst().split(":");
            assertTrue(compose.path("volumes").has(volume[0]), volume[0]);
            assertEquals(state, volume[1]);
            assertTrue(image.contains("mkdir --mode 1777 " + state), state);
            for (String network : texts(service.path("networks"))) {
                assertTrue(compose.path("networks").has(network), network);
            }
            images.add(service.path("image").asText());
        }
        assertEquals(Set.of("${FOAM_IMAGE:-flux-foam:latest}"), images);
        assertTrue(image.contains("FOAM_DIR=/dev/shm/"), "shm_size is the foam's room");
        assertTrue(image.contains("WORKDIR " + BUNDLE.substring(0, BUNDLE.length() - 1)), image);
        String build = Files.readString(DEPLOY.resolve("container/build.sh"));
        assertTrue(build.contains("${1:-flux-foam:latest}"), build);
        String added =
                image.lines().filter(line -> line.startsWith("ADD ")).collect(Collectors.joining());
        assertTrue(build.contains("/" + added.split(" ")[1] + "\""), added);
        String bundle = Files.readString(DEPLOY.resolve("bundle.sh"));
        assertTrue(bundle.contains("cp -r deploy/boxes "), "the scripts are in the bundle");
    }

    @Test
    void shouldGiveTheTeachersOfTheGpuWhatTheOthersHave() throws Exception {
        JsonNode gpu =
                YamlFile.documents(DEPLOY.resolve("container/compose.gpu.yaml"))
                        .getFirst()
                        .path("services")
                        .path("teachers");
        List<String> command = new ArrayList<>(texts(gpu.path("command")));
        List<String> without = texts(compose.path("services").path("teachers").path("command"));
        assertEquals(without, command.subList(0, without.size()));
        cli.parse(new BoxScript(folder).run("teachers.sh", command).up());
    }
}
