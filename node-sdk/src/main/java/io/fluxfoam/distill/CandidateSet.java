package io.fluxfoam.distill;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Captions that a held-out frame's own is told from. Which held-out frames are a set's follows from
 * the frame's number and caption: those of its world whose caption is one of the set's and, where
 * several sets of a world share captions, whose turn it is.
 *
 * @param name letters and digits, unique in its world
 * @param kind what is held out
 * @param world index of the source, in the order in which the sensor was given them
 * @param turn the {@link HoldoutRule#ordinal ordinal} of the set's frames has this remainder
 * @param turns by this divisor; 1 if the captions alone decide
 * @param captions in the order in which they are numbered
 */
public record CandidateSet(
        String name, HoldoutKind kind, int world, int turn, int turns, List<String> captions) {
    /** Most captions of a set: of more a source chooses as many at random, once for all. */
    public static final int MAX_CAPTIONS = 1024;

    private static final long CHOICE_SEED = 20_261_128;

    /**
     * Takes a copy.
     *
     * @throws IllegalArgumentException if a value makes no sense
     */
    public CandidateSet {
        captions = List.copyOf(captions);
        if (!name.matches("[A-Za-z][A-Za-z0-9]{0,31}")) {
            throw new IllegalArgumentException(
                    "name of a held-out set is not 1 to 32 letters and digits: \"" + name + "\"");
        }
        if (world < 0 || turns < 1 || turn < 0 || turn >= turns) {
            throw new IllegalArgumentException(
                    "held-out set " + name + ": world=" + world + " turn=" + turn + "/" + turns);
        }
        if (captions.isEmpty() || captions.size() > MAX_CAPTIONS) {
            throw new IllegalArgumentException(
                    "held-out set "
                            + name
                            + ": captions="
                            + captions.size()
                            + " limit="
                            + MAX_CAPTIONS);
        }
        HashSet<String> all = new HashSet<>();
        for (String caption : captions) {
            if (caption.isBlank() || caption.indexOf('\n') >= 0 || !all.add(caption)) {
                throw new IllegalArgumentException(
                        "held-out set " + name + ": blank, broken or twice: \"" + caption + "\"");
            }
        }
    }

    /** A set whose frames are known by their captions alone. */
    public CandidateSet(String name, HoldoutKind kind, List<String> captions) {
        this(name, kind, 0, 0, 1, captions);
    }

    /** The same set in the world of this index. */
    public CandidateSet of(int newWorld) {
        return new CandidateSet(name, kind, newWorld, turn, turns, captions);
    }

    /** The same set with at most so many captions: if there are more, a fixed random choice. */
    public CandidateSet atMost(int limit) {
        return new CandidateSet(name, kind, world, turn, turns, chosen(captions, limit));
    }

    /**
     * At most so many of these, in their order: if there are more, a random choice that depends on
     * nothing but their number.
     */
    public static <T> List<T> chosen(List<T> all, int limit) {
        SplittableRandom random = new SplittableRandom(CHOICE_SEED);
        List<T> chosen = new ArrayList<>();
        int open = Math.min(limit, all.size());
        for (int i = 0; i < all.size(); i++) {
            if (random.nextInt(all.size() - i) < open) {
                chosen.add(all.get(i));
                open--;
            }
        }
        return chosen;
    }

    /** Whether a held-out frame of this counter may be one of the set's, by its turn. */
    public boolean hasTurn(long counter) {
        return HoldoutRule.ordinal(counter) % turns == turn;
    }
}
