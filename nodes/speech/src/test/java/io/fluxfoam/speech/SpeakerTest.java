package io.fluxfoam.speech;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpeakerTest {
    @Test
    void shouldSayWhichTextItCannotSpeak() {
        IllegalStateException refusal =
                assertThrows(
                        IllegalStateException.class, () -> new Speaker().samples(" ", 105, 170));
        assertTrue(refusal.getMessage().contains("\" \" at pitchHz=105"), refusal.getMessage());
    }

    @Test
    void shouldSpeakFasterAtAHigherRate() {
        Speaker speaker = new Speaker();
        int slow = speaker.samples("red kite above the harbour", 105, 140).length;
        int fast = speaker.samples("red kite above the harbour", 105, 190).length;
        assertTrue(fast < .9 * slow, "slow=" + slow + " fast=" + fast);
    }
}
