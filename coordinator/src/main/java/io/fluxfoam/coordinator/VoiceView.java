package io.fluxfoam.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * The newest utterance of the student, as it was meant to sound and as its teacher would have said
 * it. Spectrograms are {@code [steps, bands]}, a byte for each value: 0 is silence, 255 as loud as
 * speech becomes.
 *
 * @param frame number of the frame, {@code incarnation:counter} of the sensor
 * @param ageSeconds since the frame was captured
 * @param seconds how long it is
 * @param steps of the spectrograms
 * @param bands of the spectrograms
 * @param student what was predicted; null if nobody looked in time
 * @param teacher what the teacher of speech said of the frame; likewise
 */
record VoiceView(
        String frame,
        double ageSeconds,
        double seconds,
        int steps,
        int bands,
        byte @Nullable [] student,
        byte @Nullable [] teacher) {}
