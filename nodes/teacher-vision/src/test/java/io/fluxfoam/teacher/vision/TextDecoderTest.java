package io.fluxfoam.teacher.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

class TextDecoderTest {
    /** Classes: 0 blank, 1 "o", 2 "t", 3 space. */
    private final TextDecoder decoder = new TextDecoder("o\nt".getBytes(StandardCharsets.UTF_8));

    private TextDecoder.Reading decode(int... classes) {
        MemorySegment probabilities =
                Arena.ofAuto()
                        .allocate(
                                (long) classes.length * decoder.classes() * Float.BYTES,
                                Float.BYTES);
        for (int step = 0; step < classes.length; step++) {
            probabilities.setAtIndex(
                    ValueLayout.JAVA_FLOAT, (long) step * decoder.classes() + classes[step], 0.5f);
        }
        return decoder.decode(probabilities, classes.length);
    }

    @Test
    void shouldMergeRepeatsAndDropBlanks() {
        assertEquals("to", decode(0, 2, 2, 0, 1, 1, 1).text());
    }

    @Test
    void shouldKeepLetterThatABlankRepeats() {
        assertEquals("too t", decode(2, 1, 0, 1, 3, 2).text());
    }

    @Test
    void shouldBeSureOfNothingWithoutText() {
        assertEquals(new TextDecoder.Reading("", 0), decode(0, 0));
    }

    @Test
    void shouldAverageProbabilityOfCharacters() {
        assertEquals(0.5f, decode(2, 0, 1).confidence());
    }
}
