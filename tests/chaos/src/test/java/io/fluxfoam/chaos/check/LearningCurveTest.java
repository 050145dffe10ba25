package io.fluxfoam.chaos.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.chaos.report.HeldOutComparison;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class LearningCurveTest {
    private static final LearningCurve CURVE =
            new LearningCurve(
                    List.of(
                            new LearningCurve.Point(60.25, null, null, null),
                            new LearningCurve.Point(61.25, 10L, 0.5, 4.5),
                            new LearningCurve.Point(62.25, 24L, null, 0.0),
                            new LearningCurve.Point(63.25, 20L, 0.75, 4.25)));

    @TempDir Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("curve.csv"), text);
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        assertEquals(CURVE, LearningCurve.read(file(CURVE.csv())));
        assertTrue(
                CURVE.csv()
                        .startsWith(
                                "seconds,step,heldOut,momentsPerSecond\n60.250,,,\n61.250,10,0.5,4.5\n"));
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        assertThrows(IOException.class, () -> LearningCurve.read(directory.resolve("missing")));
        assertThrows(IOException.class, () -> LearningCurve.read(file("")));
        assertThrows(IOException.class, () -> LearningCurve.read(file("<svg>\n</svg>\n")));
        for (String line : List.of("1,2,3", "x,,,", "1,2.5,,")) {
            Path file = file(CURVE.csv() + line + "\n");
            String message =
                    assertThrows(IOException.class, () -> LearningCurve.read(file)).getMessage();
            assertTrue(message.contains("line=6"), message);
        }
    }

    @Test
    void shouldKnowTheNewestFigureAtAnAge() {
        assertNull(CURVE.heldOutAt(61));
        assertEquals(0.5, CURVE.heldOutAt(63));
        assertEquals(0.75, CURVE.heldOutAt(1_000));
        assertEquals(63.25, CURVE.end());
    }

    @Test
    void shouldGiveTheRateOfTheLastTwoSeconds() {
        assertEquals(Arrays.asList(null, null, null, 5.0), CURVE.stepsPerSecond());
    }

    /** Of a run that began 100 s later, and of one that is over before. */
    @Test
    void shouldCompareFoamsOfTheSameAge() {
        LoopSampler.Sample early = new LoopSampler.Sample(1, 0, true, 1L, 0, 4.0, 0.25);
        LoopSampler.Sample late = new LoopSampler.Sample(2.5, 0, true, 9L, 0, 4.0, 1.0);
        assertEquals(
                new HeldOutComparison(62.5, 0.5, 1.0),
                HeldOutComparison.of(CURVE, LearningCurve.of(List.of(early, late), 60)));
        assertEquals(
                new HeldOutComparison(63.25, 0.75, 0.25),
                HeldOutComparison.of(CURVE, LearningCurve.of(List.of(early, late), 61)));
    }
}
