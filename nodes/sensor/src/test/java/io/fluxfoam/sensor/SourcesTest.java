package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.launch.Commands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

class SourcesTest {
    private static FrameSource open(String... options) throws IOException {
        SourceOptions source = new SourceOptions();
        new CommandLine(source).parseArgs(options);
        return source.open(line -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "scenes", "scenes:x", "emoji:x", "file:", "camera:0", ":"})
    void shouldRefuseWhatIsNoSourceAndSayWhatIs(String source) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> open("--source=" + source));
        assertEquals(
                "source=\""
                        + source
                        + "\" is not scenes:, emoji:, file:PATH or live:[VIDEO_DEVICE[,AUDIO_DEVICE]]",
                refusal.getMessage());
    }

    @Test
    void shouldSayWhichFileIsMissing(@TempDir Path folder) {
        Path missing = folder.resolve("missing.mkv");
        SourceException failure =
                assertThrows(SourceException.class, () -> open("--source=file:" + missing));
        assertEquals("file not found: " + missing, failure.getMessage());
    }

    @Test
    void shouldSayWhichDeviceIsMissing() {
        SourceException failure =
                assertThrows(
                        SourceException.class,
                        () -> open("--source=live:/dev/no-such-camera,none"));
        assertEquals("camera not found: /dev/no-such-camera", failure.getMessage());
        failure = assertThrows(SourceException.class, () -> open("--source=live:none,hw:99"));
        assertTrue(failure.getMessage().startsWith("cannot open microphone"), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count());
    }

    @Test
    void shouldOpenScenesOfTheShapeThatIsAskedFor() throws IOException {
        try (FrameSource scenes = open()) {
            assertEquals(FrameShape.STANDARD, scenes.shape());
            assertTrue(scenes.captioned());
        }
        try (FrameSource scenes = open("--picture=200x64", "--sound=3")) {
            assertEquals(new FrameShape(64, 200, 48_000), scenes.shape());
        }
    }

    @Test
    void shouldShowACameraInTheShapeOfMostCameras() throws IOException {
        String camera = "--source=live:lavfi:testsrc,none";
        try (FrameSource live = open(camera)) {
            assertEquals(new FrameShape(120, 160, 40_960), live.shape());
        }
        try (FrameSource both = open(camera, "--source=scenes:", "--picture=320x240")) {
            assertEquals(new FrameShape(240, 320, 40_960), both.shape());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--fps=0",
                "--fps=1e-300",
                "--fps=1e300",
                "--fps=NaN",
                "--slots=-1",
                "--slots=5",
                "--slots=1000000",
                "--picture=10x10",
                "--picture=320",
                "--picture=99999x99999",
                "--picture=100x90",
                "--sound=0.4",
                "--sound=11",
                "--sound=long",
                "--sound=0.5",
                "--vary",
                "--mirror",
                "--rotate=90",
                "--rotate=45",
                "--crop=10x10",
                "--mix",
                "--switch-every=5",
                "--source=scenes: --source=scenes: --switch-every=0",
                "--source=scenes: --source=scenes: --switch-every=5 --mix"
            })
    void shouldRefuseWhatMakesNoSenseInOneLineWithExitCode2(String options) {
        StringWriter errors = new StringWriter();
        CommandLine line = Commands.line(new SensorMain()).setErr(new PrintWriter(errors, true));
        assertEquals(2, line.execute(options.split(" ")), options);
        assertEquals(1, errors.toString().lines().count(), errors.toString());
        assertTrue(errors.toString().startsWith("sensor: "), errors.toString());
    }
}
