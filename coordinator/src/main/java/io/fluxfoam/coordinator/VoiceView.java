package io.fluxfoam.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * The newest utterance of the student, as it sounds and as its teacher would have said it.
 * Spectrograms are {@code [steps, bands]}, a byte for each value: 0 is silence, 255 as loud as
 * speech becomes.
 *
 * @param frame number of the frame, {@code incarnation:counter} of the sensor
 * @param ageSeconds since the frame was captured
 * @param seconds how long it is
 * @param steps of the spectrograms
 * @param bands of the spectrograms
 * @param student of the samples
 * @param teacher what the teacher of speech made of the frame; null if nobody looked in time
 */
record VoiceView(
        String frame,
        double ageSeconds,
        double seconds,
        int steps,
        int bands,
        byte[] student,
        byte @Nullable [] teacher) {}
