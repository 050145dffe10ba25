package io.fluxfoam.teacher.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.speech.DiphoneVoice;
import io.fluxfoam.teacher.Sample;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class SpeakingTeacherTest {
    private static final double SILENCE = Math.log(1e-3);
    private static final int LENGTH = 160 * 40;

    private final List<String> lines = new ArrayList<>();
    private SpeakingTeacher teacher;

    @BeforeEach
    void load() {
        teacher = new SpeakingTeacher(DiphoneVoice::new, DiphoneVoice.IDENTITY, lines::add);
        teacher.load();
    }

    private static float[] said(SpeakingTeacher teacher, String caption) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = caption.getBytes(StandardCharsets.UTF_8);
            Sample sample =
                    new Sample(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), bytes.length);
            MemorySegment features = arena.allocate(LENGTH * Float.BYTES, 64);
            return teacher.infer(sample, features)
                    ? features.toArray(ValueLayout.JAVA_FLOAT)
                    : new float[0];
        }
    }

    @Test
    void shouldSayWhatItMakes() {
        assertArrayEquals(new long[] {160, 40}, teacher.features().shape());
        assertEquals(Alignment.SPEECH, teacher.features().aligned());
        assertTrue(teacher.features().identity().contains("kevin16"));
    }

    @Test
    void shouldSayTheSameBytesOfTheSameCaptionWhateverCameBefore() {
        float[] bridge = said(teacher, "old bridge");
        assertEquals(LENGTH, bridge.length);
        said(teacher, "a much longer sentence");
        assertArrayEquals(bridge, said(teacher, " old bridge\n"), "as it was kept");
        SpeakingTeacher other =
                new SpeakingTeacher(DiphoneVoice::new, DiphoneVoice.IDENTITY, lines::add);
        other.load();
        said(other, "red kite above the harbour");
        assertArrayEquals(bridge, said(other, "old bridge"), "as it is spoken");
        assertFalse(Arrays.equals(bridge, said(other, "old bride")));
    }

    @Test
    void shouldBeginAndEndInSilence() {
        float[] bridge = said(teacher, "old bridge");
        for (int band = 0; band < 40; band++) {
            assertEquals(SILENCE, bridge[band], 1e-6);
            assertEquals(SILENCE, bridge[159 * 40 + band], 1e-6);
        }
        assertTrue(bridge[20 * 40 + 8] > SILENCE + 3, "speech after a fifth of a second");
        assertEquals(0, teacher.cut());
    }

    @Test
    void shouldCutWhatIsTooLongAndSaySoOnce() {
        float[] cut = said(teacher, "one two three four five six seven eight nine ten eleven");
        assertEquals(LENGTH, cut.length);
        said(teacher, "one two three four five six seven eight nine ten eleven");
        assertEquals(1, teacher.cut());
        said(teacher, "word ".repeat(10_000));
        assertEquals(2, teacher.cut());
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).contains("one two three"), lines.get(0));
    }

    @Test
    void shouldHaveNothingToSayOfWhatHasNoSound() {
        assertEquals(0, said(teacher, "  ").length);
        assertEquals(0, said(teacher, "  ").length);
        assertEquals(0, teacher.cut());
    }
}
