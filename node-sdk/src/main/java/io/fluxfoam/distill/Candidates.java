package io.fluxfoam.distill;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The sets of captions that a sensor's held-out frames are told from, and which of its sources a
 * frame is of. On its way it is UTF-8 lines; captions begin with a TAB.
 *
 * <pre>
 *   worlds COUNT SWITCH_EVERY
 *   set NAME KIND WORLD TURN TURNS
 *   TAB caption
 *   ...
 * </pre>
 *
 * <p>Language teachers publish the features of {@link #captions()}: each caption once, in the order
 * in which they first stand in the text.
 *
 * @param worlds which source a frame is of
 * @param sets none if the captions of nothing held out are known
 */
public record Candidates(Worlds worlds, List<CandidateSet> sets) {
    /** Nothing is held out. */
    public static final Candidates NONE = new Candidates(Worlds.ONE, List.of());

    /** Most captions of all sets together. */
    public static final int MAX_CAPTIONS = 2 * CandidateSet.MAX_CAPTIONS;

    private static final String WORLDS = "worlds";
    private static final String SET = "set";

    /**
     * Takes a copy.
     *
     * @throws IllegalArgumentException if a set's world is none, or has two sets of a name, or if
     *     there are too many captions
     */
    public Candidates {
        sets = List.copyOf(sets);
        LinkedHashSet<String> names = new LinkedHashSet<>();
        LinkedHashSet<String> captions = new LinkedHashSet<>();
        for (CandidateSet set : sets) {
            if (set.world() >= worlds.count() || !names.add(set.world() + " " + set.name())) {
                throw new IllegalArgumentException(
                        "held-out set "
                                + set.name()
                                + " of world "
                                + set.world()
                                + ": stands twice, or worlds="
                                + worlds.count());
            }
            captions.addAll(set.captions());
        }
        if (captions.size() > MAX_CAPTIONS) {
            throw new IllegalArgumentException(
                    "candidates: captions=" + captions.size() + " limit=" + MAX_CAPTIONS);
        }
    }

    /** Sets of a sensor with one source. */
    public static Candidates of(CandidateSet... sets) {
        return new Candidates(Worlds.ONE, List.of(sets));
    }

    /**
     * Reads back what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if it makes no sense
     */
    public static Candidates parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty()) {
            throw bad(1, "");
        }
        Worlds worlds = worlds(lines.getFirst());
        List<CandidateSet> sets = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        int head = 0;
        for (int i = 1; i <= lines.size(); i++) {
            if (i < lines.size() && lines.get(i).startsWith("\t")) {
                captions.add(lines.get(i).substring(1));
                continue;
            }
            if (i > 1) {
                sets.add(set(lines.get(head), head + 1, captions));
                captions.clear();
            }
            head = i;
        }
        return new Candidates(worlds, sets);
    }

    private static Worlds worlds(String line) {
        String[] words = line.split(" ", -1);
        try {
            if (words.length == 3 && words[0].equals(WORLDS)) {
                return new Worlds(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(bad(1, line).getMessage(), e);
        }
        throw bad(1, line);
    }

    private static CandidateSet set(String line, int number, List<String> captions) {
        String[] words = line.split(" ", -1);
        try {
            if (words.length == 6 && words[0].equals(SET)) {
                return new CandidateSet(
                        words[1],
                        HoldoutKind.parse(words[2]),
                        Integer.parseInt(words[3]),
                        Integer.parseInt(words[4]),
                        Integer.parseInt(words[5]),
                        captions);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(bad(number, line).getMessage(), e);
        }
        throw bad(number, line);
    }

    private static IllegalArgumentException bad(int number, String line) {
        return new IllegalArgumentException(
                "bad line of candidates: number=" + number + " \"" + line + "\"");
    }

    /** One line for each fact. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(WORLDS).append(' ').append(worlds.count());
        text.append(' ').append(worlds.switchEvery()).append('\n');
        for (CandidateSet set : sets) {
            text.append(SET).append(' ').append(set.name()).append(' ').append(set.kind().text());
            text.append(' ').append(set.world()).append(' ').append(set.turn());
            text.append(' ').append(set.turns()).append('\n');
            set.captions().forEach(caption -> text.append('\t').append(caption).append('\n'));
        }
        return text.toString();
    }

    /** All captions, each once, in their order. */
    public List<String> captions() {
        LinkedHashSet<String> captions = new LinkedHashSet<>();
        sets.forEach(set -> captions.addAll(set.captions()));
        return List.copyOf(captions);
    }

    /** The set that a held-out frame is one of; empty if it is of none. */
    public Optional<CandidateSet> setOf(long counter, String caption) {
        int world = worlds.world(counter);
        long own = worlds.own(counter);
        return sets.stream()
                .filter(set -> set.world() == world && set.hasTurn(own))
                .filter(set -> set.captions().contains(caption))
                .findFirst();
    }

    /** Whether there is no set. */
    public boolean isEmpty() {
        return sets.isEmpty();
    }
}
