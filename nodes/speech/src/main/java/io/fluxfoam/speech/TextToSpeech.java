package io.fluxfoam.speech;

/**
 * A frozen expert that reads aloud: of the same text always the same samples, in one voice, at one
 * pitch and rate. For one thread.
 */
public interface TextToSpeech {
    /**
     * Reads a text.
     *
     * @return samples in [-1, 1], 16 kHz mono; none if there is nothing in it that can be spoken
     */
    float[] speak(String text);
}
