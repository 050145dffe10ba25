package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.util.List;

class SensorOptionsTest {
    private static List<String> pass(String... options) {
        SensorOptions sensor = new SensorOptions();
        new CommandLine(sensor).parseArgs(options);
        sensor.conclude();
        return sensor.arguments();
    }

    @Test
    void shouldPassOnWhatIsSaidAndNothingElse() {
        assertEquals(List.of(), pass());
        assertEquals(
                List.of(
                        "--source",
                        "file:a b",
                        "--source",
                        "scenes:",
                        "--switch-every",
                        "20",
                        "--picture",
                        "160x120",
                        "--sound",
                        "1.5",
                        "--fps",
                        "4.0",
                        "--rotate",
                        "90",
                        "--crop",
                        "64x64",
                        "--hold-style",
                        "noto",
                        "--vary",
                        "--mirror"),
                pass(
                        "--source=file:a b",
                        "--source=scenes:",
                        "--switch-every=20",
                        "--picture=160x120",
                        "--sound=1.5",
                        "--fps=4",
                        "--rotate=90",
                        "--crop=64x64",
                        "--hold-style=noto",
                        "--vary",
                        "--mirror"));
        assertEquals(
                List.of("--source", "scenes:", "--source", "live:", "--mix"),
                pass("--source=scenes:", "--source=live:", "--mix"));
    }
}
