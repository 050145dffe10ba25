package io.fluxfoam.teacher.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Turns the recognizer's probabilities into text (connectionist temporal classification, best
 * path): the likeliest class of each step, repeats merged, blanks dropped. Class 0 is blank, then
 * one class for each line of the key file, last the space.
 */
final class TextDecoder {
    /**
     * A reading.
     *
     * @param text what was read
     * @param confidence mean probability of its characters; 0 for no text
     */
    record Reading(String text, float confidence) {}

    private static final int BLANK = 0;

    private final String[] characters;

    /** A decoder for a key file: UTF-8, one character on each line. */
    TextDecoder(byte[] keyFile) {
        List<String> keys = new String(keyFile, StandardCharsets.UTF_8).lines().toList();
        characters = new String[keys.size() + 2];
        characters[BLANK] = "";
        for (int i = 0; i < keys.size(); i++) {
            characters[i + 1] = keys.get(i);
        }
        characters[characters.length - 1] = " ";
    }

    /** Number of classes, blank and space included. */
    int classes() {
        return characters.length;
    }

    /**
     * Decodes.
     *
     * @param probabilities f32 [steps, {@link #classes}]
     */
    Reading decode(MemorySegment probabilities, int steps) {
        StringBuilder text = new StringBuilder();
        double sum = 0;
        int count = 0;
        int previous = BLANK;
        for (int step = 0; step < steps; step++) {
            long row = (long) step * characters.length;
            int best = BLANK;
            float highest = probabilities.getAtIndex(ValueLayout.JAVA_FLOAT, row);
            for (int c = 1; c < characters.length; c++) {
                float probability = probabilities.getAtIndex(ValueLayout.JAVA_FLOAT, row + c);
                if (probability > highest) {
                    highest = probability;
                    best = c;
                }
            }
            if (best != BLANK && best != previous) {
                text.append(characters[best]);
                sum += highest;
                count++;
            }
            previous = best;
        }
        return new Reading(text.toString(), count == 0 ? 0 : (float) (sum / count));
    }
}
