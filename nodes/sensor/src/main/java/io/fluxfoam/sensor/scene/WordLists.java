package io.fluxfoam.sensor.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * The vocabulary of the scenes. Every fifth adjective, noun and place is held out: no TRAIN frame
 * ever shows or says it. Words are short, so that a whole sentence fits into the picture, and sound
 * unlike each other.
 */
final class WordLists {
    private static final int HELD_OUT_EVERY = 5;

    private static final List<String> ADJECTIVES =
            words(
                    "red tiny wooden golden frozen broken quiet yellow heavy purple old shiny angry"
                            + " empty sleepy green dusty silver round hungry");
    private static final List<String> NOUNS =
            words(
                    "dog kettle bike lamp piano parrot wagon candle horse robot basket window"
                            + " rabbit drum turtle ladder mirror spider pillow guitar");
    private static final List<String> PREPOSITIONS = words("under above behind beside near inside");
    private static final List<String> PLACES =
            words(
                    "bridge harbor garden station castle market river kitchen forest library tower"
                            + " meadow island tunnel desert");

    /**
     * Slots of a sentence: adjective, noun, preposition, place. Only the prepositions are all seen.
     */
    static final List<Slot> SLOTS =
            List.of(
                    split(ADJECTIVES),
                    split(NOUNS),
                    new Slot(PREPOSITIONS, List.of()),
                    split(PLACES));

    /** The words that may stand at one place of a sentence. */
    record Slot(List<String> seen, List<String> heldOut) {}

    private WordLists() {}

    private static List<String> words(String spaced) {
        return List.of(spaced.split(" "));
    }

    private static Slot split(List<String> words) {
        List<String> seen = new ArrayList<>();
        List<String> heldOut = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 ? heldOut : seen).add(words.get(i));
        }
        return new Slot(List.copyOf(seen), List.copyOf(heldOut));
    }
}
