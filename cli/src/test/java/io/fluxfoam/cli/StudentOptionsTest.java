package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;

class StudentOptionsTest {
    @Command
    private static final class Line {
        @Mixin private StudentOptions student;
    }

    private static StudentOptions of(String... arguments) {
        Line line = new Line();
        new CommandLine(line).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        line.student.conclude();
        return line.student;
    }

    @Test
    void shouldSayNothingUnlessItIsAsked() {
        assertEquals(List.of(), of().options());
    }

    @Test
    void shouldGiveTheStudentWhatItIsGiven() {
        String[] given = {
            "--width",
            "0.5",
            "--grow-to",
            "1.0",
            "--core",
            "language",
            "--core-layers",
            "3",
            "--core-train",
            "all",
            "--reservoir",
            "400",
            "--reservoir-balanced",
            "--renewal",
            "1.0E-5",
            "--placebo"
        };
        assertEquals(List.of(given), of(given).options());
    }

    @ParameterizedTest
    @CsvSource({
        "--width 1 --grow-to 0.5, --grow-to=0.5 is less than --width=1.0",
        "--core-layers 13, --core-layers=13 not in 1..12",
        "--renewal .1, --renewal=0.1 not in 0..0.01",
        "--reservoir -1, --reservoir=-1 not in 0..1000000",
        "--reservoir-balanced, --reservoir-balanced without --reservoir"
    })
    void shouldRefuseWhatTheStudentWouldRefuse(String arguments, String reason) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> of(arguments.split(" ")));
        assertEquals(reason, refusal.getMessage());
    }

    @Test
    void shouldRefuseASnapshotThatIsNotThere() {
        assertEquals(
                "--snapshot=/nowhere/it is no file",
                assertThrows(IllegalArgumentException.class, () -> of("--snapshot", "/nowhere/it"))
                        .getMessage());
    }
}
