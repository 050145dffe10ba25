package io.fluxfoam.teacher.whisper;

import java.util.Arrays;

/**
 * How alike two utterances sound to the speech teacher: the mean cosine of their embeddings, one
 * after the other, along the best way through both that is never more than two steps of 80 ms off
 * (dynamic time warping in a band, symmetric weights). To compare each with the one at the same
 * time, or their means over time, tells less of what is spoken a little faster or slower.
 */
final class Likeness {
    private static final int CHANNELS = SpeechEmbedding.CHANNELS;
    private static final int BAND = 2;
    private static final float TINY = 1e-6f;

    private Likeness() {}

    /** The embeddings of an utterance, each of length 1. */
    static float[] directions(float[] embeddings) {
        float[] directions = new float[embeddings.length];
        for (int from = 0; from < embeddings.length; from += CHANNELS) {
            float square = 0;
            for (int i = from; i < from + CHANNELS; i++) {
                square += embeddings[i] * embeddings[i];
            }
            float length = (float) Math.sqrt(square) + TINY;
            for (int i = from; i < from + CHANNELS; i++) {
                directions[i] = embeddings[i] / length;
            }
        }
        return directions;
    }

    /** Likeness of two utterances of as many embeddings, 1 of the same. */
    static float of(float[] one, float[] other) {
        int steps = one.length / CHANNELS;
        float[] above = new float[steps];
        float[] costs = new float[steps];
        for (int step = 0; step < steps; step++) {
            Arrays.fill(costs, Float.POSITIVE_INFINITY);
            for (int at = Math.max(0, step - BAND); at <= Math.min(steps - 1, step + BAND); at++) {
                float cost = 1 - cosine(one, step, other, at);
                float down = step == 0 ? Float.POSITIVE_INFINITY : above[at] + cost;
                float right = at == 0 ? Float.POSITIVE_INFINITY : costs[at - 1] + cost;
                float diagonal = Float.POSITIVE_INFINITY;
                if (step == 0 && at == 0) {
                    diagonal = 2 * cost;
                } else if (step > 0 && at > 0) {
                    diagonal = above[at - 1] + 2 * cost;
                }
                costs[at] = Math.min(diagonal, Math.min(down, right));
            }
            float[] done = above;
            above = costs;
            costs = done;
        }
        return 1 - above[steps - 1] / (2 * steps);
    }

    private static float cosine(float[] one, int step, float[] other, int at) {
        float sum = 0;
        for (int i = 0; i < CHANNELS; i++) {
            sum += one[step * CHANNELS + i] * other[at * CHANNELS + i];
        }
        return sum;
    }
}
