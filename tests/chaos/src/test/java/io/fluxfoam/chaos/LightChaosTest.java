package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.fluxfoam.chaos.check.LearningCurve;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Chaos in a foam of light nodes: real processes, really killed. */
@Timeout(300)
class LightChaosTest {
    private static final List<String> FIELDS =
            List.of(
                    "seed",
                    "seconds",
                    "kills",
                    "faults",
                    "detectMillisP50",
                    "detectMillisP99",
                    "rejoinMillisP50",
                    "rejoinMillisP99",
                    "readsVerified",
                    "tornReads",
                    "hungNodes",
                    "leakedBytes",
                    "leakedLeases",
                    "stepsPerSecondUndisturbed",
                    "stepsPerSecondUnderChaos",
                    "momentsPerSecondUndisturbed",
                    "momentsPerSecondUnderChaos",
                    "heldOutUndisturbed",
                    "heldOutUnderChaos");

    @TempDir Path directory;

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void shouldKillAndReportInTheFormThatScriptsRelyOn() throws Exception {
        Path foam = directory.resolve("foam");
        JsonNode report =
                ChaosCommand.report(
                        0,
                        "--light",
                        "--dir",
                        foam.toString(),
                        "--kills",
                        "5",
                        "--nodes",
                        "3",
                        "--json");
        assertEquals(FIELDS, names(report));
        assertEquals(5, report.get("kills").asInt());
        assertEquals(5, report.get("faults").size());
        for (JsonNode fault : report.get("faults")) {
            assertEquals(
                    List.of(
                            "fault",
                            "target",
                            "detectMillis",
                            "rejoinMillis",
                            "framesLost",
                            "stepsLost"),
                    names(fault));
            assertTrue(fault.get("detectMillis").asDouble() > 0);
            assertTrue(fault.get("rejoinMillis").asDouble() > 0);
        }
        for (String nothing : List.of("tornReads", "hungNodes", "leakedBytes", "leakedLeases")) {
            assertEquals(0, report.get(nothing).asInt(), nothing);
        }
        assertTrue(report.get("readsVerified").asLong() >= 50);
        assertTrue(report.get("heldOutUnderChaos").isNull());
        assertFalse(Files.exists(foam), "its own foam is removed");
    }

    @Test
    void shouldFollowAPlanInARunningFoamAndStartAgainWhatNobodyElseDoes() throws Exception {
        Path plan =
                Files.writeString(
                        directory.resolve("plan"),
                        "1 term light-1\n1 stop light-2\n1.5 kill light-1\n");
        Path plot = directory.resolve("plot.svg");
        try (LightFoam light =
                LightFoam.create(
                        directory.resolve("foam"),
                        JavaProgram.ofThisProcess(),
                        (node, event) -> {})) {
            light.populate(3);
            JsonNode report =
                    ChaosCommand.report(
                            0,
                            "--dir",
                            directory.resolve("foam").toString(),
                            "--plan",
                            plan.toString(),
                            "--duration",
                            "2s",
                            "--plot",
                            plot.toString(),
                            "--json");
            assertEquals(2, report.get("kills").asInt());
            assertEquals(3, report.get("faults").size());
        }
        assertTrue(Files.readString(plot).startsWith("<svg"));
    }

    @Test
    void shouldFindATornTensor() throws Exception {
        Path path = directory.resolve("foam");
        try (LightFoam light =
                LightFoam.create(path, JavaProgram.ofThisProcess(), (node, event) -> {})) {
            light.populate(1);
            plantTornTensor(light.tested().foam());
            JsonNode report =
                    ChaosCommand.report(
                            1,
                            "--dir",
                            path.toString(),
                            "--plan",
                            empty(),
                            "--duration",
                            "2s",
                            "--json");
            assertEquals(1, report.get("tornReads").asInt());
        }
    }

    private String empty() throws Exception {
        return Files.writeString(directory.resolve("plan"), "# nothing\n").toString();
    }

    /** A stream of the light node's own incarnation, committed well and damaged afterwards. */
    private static void plantTornTensor(FoamDirectory foam) throws Exception {
        StreamSpec spec = StreamSpec.of("planted", DType.U8, 64);
        try (StreamWriter writer =
                StreamWriter.create(foam, "light-1", 1, spec, Device.of("host"))) {
            try (Claim claim = writer.claim()) {
                claim.commit(1, System.nanoTime());
            }
            Path payload = foam.path().resolve(writer.header().payloadFile());
            byte[] bytes = Files.readAllBytes(payload);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= 1;
            }
            Files.write(payload, bytes);
        }
    }

    @Test
    void shouldSayWhatItCannotVerify() throws Exception {
        Path path = directory.resolve("foam");
        try (LightFoam light =
                LightFoam.create(path, JavaProgram.ofThisProcess(), (node, event) -> {})) {
            light.populate(1);
            StreamSpec spec = StreamSpec.of("planted", DType.U8, 64).checksum(Checksum.NONE);
            try (StreamWriter writer =
                    StreamWriter.create(
                            light.tested().foam(), "light-1", 1, spec, Device.of("host"))) {
                try (Claim claim = writer.claim()) {
                    claim.commit(1, System.nanoTime());
                }
                String said =
                        ChaosCommand.run(
                                0, "--dir", path.toString(), "--plan", empty(), "--duration", "2s");
                assertTrue(
                        said.contains("not verifiable, without checksums: light-1/planted\n"),
                        said);
            }
        }
    }

    /** Two runs, the second beside the first. */
    @Test
    void shouldWatchAnUndisturbedLoopAndCompareWithIt() throws Exception {
        Path path = directory.resolve("foam");
        Path curve = directory.resolve("peace.csv");
        Path plot = directory.resolve("plot.svg");
        try (LightFoam light =
                LightFoam.create(path, JavaProgram.ofThisProcess(), (node, event) -> {})) {
            light.populate(1);
            JsonNode peace =
                    ChaosCommand.report(
                            0,
                            "--dir",
                            path.toString(),
                            "--faults",
                            "none",
                            "--duration",
                            "2s",
                            "--curve",
                            curve.toString(),
                            "--json");
            assertEquals(0, peace.get("kills").asInt());
            assertEquals(0, peace.get("faults").size());
            assertTrue(LearningCurve.read(curve).points().size() > 1);
            Files.writeString(
                    curve,
                    "seconds,step,heldOut,momentsPerSecond\n0.000,1,0.25,4.5\n1.000,9,0.75,4.5\n");
            JsonNode compared =
                    ChaosCommand.report(
                            0,
                            "--dir",
                            path.toString(),
                            "--plan",
                            empty(),
                            "--duration",
                            "1s",
                            "--against",
                            curve.toString(),
                            "--plot",
                            plot.toString(),
                            "--json");
            assertEquals(0.75, compared.get("heldOutUndisturbed").asDouble());
            assertTrue(compared.get("heldOutUnderChaos").isNull(), "light nodes learn nothing");
            assertEquals(4, Files.readString(plot).split("<polyline").length - 1);
        }
    }

    @Test
    void shouldGiveTheReportThoughThePlotCannotBeWritten() throws Exception {
        Path path = directory.resolve("foam");
        try (LightFoam light =
                LightFoam.create(path, JavaProgram.ofThisProcess(), (node, event) -> {})) {
            light.populate(1);
            JsonNode report =
                    ChaosCommand.report(
                            1,
                            "--dir",
                            path.toString(),
                            "--faults",
                            "none",
                            "--duration",
                            "1s",
                            "--plot",
                            "/dev/full",
                            "--json");
            assertTrue(report.get("readsVerified").asLong() > 0);
        }
    }

    @Test
    void shouldRefuseWhatDoesNotApply() throws Exception {
        for (String option :
                List.of(
                        "--faults=kill",
                        "--targets=light-1",
                        "--every=1s",
                        "--absence=1s",
                        "--window=1s")) {
            String said = ChaosCommand.refusal(2, "--light", option);
            assertTrue(
                    said.contains(
                            option.substring(0, option.indexOf('='))
                                    + " does not apply with --light"),
                    said);
        }
        for (String option : List.of("--kills=1", "--nodes=2", "--devices=host")) {
            String said = ChaosCommand.refusal(2, option);
            assertTrue(said.contains(" does not apply without --light"), said);
        }
        String said = ChaosCommand.refusal(2, "--plan", empty(), "--faults", "stop");
        assertTrue(said.contains("--faults does not apply with --plan"), said);
        said = ChaosCommand.refusal(2, "--faults", "none", "--every", "1s");
        assertTrue(said.contains("--every does not apply with --faults none"), said);
        said =
                ChaosCommand.refusal(
                        2, "--light", "--plot", directory.resolve("missing/plot.svg").toString());
        assertTrue(said.contains("missing/plot.svg"), said);
    }

    @Test
    void shouldRefuseTargetsThatNobodyKnows() throws Exception {
        Path path = directory.resolve("foam");
        Path plan = directory.resolve("plan");
        try (LightFoam light =
                LightFoam.create(path, JavaProgram.ofThisProcess(), (node, event) -> {})) {
            light.populate(1);
            Files.writeString(plan, "0 kill light-1\n5 kill ligth-1\n");
            String said =
                    ChaosCommand.refusal(2, "--dir", path.toString(), "--plan", plan.toString());
            assertTrue(
                    said.contains("target=ligth-1 fault=\"5.000 kill ligth-1\" nodes=[light-1]"),
                    said);
            Files.writeString(plan, "0 coordinator-gone\n");
            said = ChaosCommand.refusal(2, "--dir", path.toString(), "--plan", plan.toString());
            assertTrue(
                    said.contains("no coordinator lives: fault=coordinator-gone nodes=[light-1]"),
                    said);
            assertEquals(
                    said,
                    ChaosCommand.refusal(
                            2, "--dir", path.toString(), "--faults", "coordinator-gone"));
        }
    }

    @Test
    void shouldRefuseAFoamInWhichNobodyLives() throws Exception {
        FoamDirectory.create(directory.resolve("foam"));
        ChaosCommand.run(1, "--dir", directory.resolve("foam").toString());
        ChaosCommand.run(2, "--dir", directory.resolve("foam").toString(), "--every", "never");
    }
}
