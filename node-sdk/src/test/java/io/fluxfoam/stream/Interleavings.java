package io.fluxfoam.stream;

import io.fluxfoam.memory.Words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs real protocol code through every interleaving of its loads and stores, with the death of a
 * mortal party at any of them. It assumes sequential consistency: that the hardware keeps to the
 * order which the code's acquire, release and fences demand is what jcstress looks at.
 *
 * <p>Each party is a {@link Machine}, which holds its program's state between two accesses. A state
 * of all is the words of the shared memory and one such point for each party; the walk goes depth
 * first, and every state is visited once. Nothing is left out but what cannot matter:
 *
 * <ul>
 *   <li>Between two accesses of shared words a party does nothing that others could see, so these
 *       are the only steps.
 *   <li>Two points of a party are one if all that can be read of them later is equal; see {@link
 *       Machine}.
 *   <li>Of a dead party nothing is left but what it stored.
 * </ul>
 *
 * <p>States are remembered by 64 bits of a hash. Two different ones out of n are taken for one with
 * probability n² / 2⁶⁵, that is 3 in a million for ten million states.
 */
final class Interleavings {
    private static final int MAX_WORDS = 1 << 10;

    private final Map<Long, Integer> indexOf = new HashMap<>();
    private final long[] memory = new long[MAX_WORDS];
    private final Words words = new Memory();
    private final List<Machine.Cut> cuts = new ArrayList<>();
    private final List<Party> parties = new ArrayList<>();
    private final HashSet64 seen = new HashSet64();
    private Runnable check = () -> {};
    private long transitions;
    private long ends;

    /** A party and where it is. */
    private final class Party {
        private static final int DEAD = -1;

        private final String name;
        private final Machine machine;
        private final int[] deathWords;
        private final Successors successors = new Successors();
        private int point;

        private Party(String name, Machine machine, int[] deathWords) {
            this.name = name;
            this.machine = machine;
            this.deathWords = deathWords;
        }

        private Machine.Op op() {
            return machine.op(point);
        }

        private int after(long result) {
            int known = successors.get(point, result);
            if (known >= 0) {
                return known;
            }
            int next = machine.next(point, result);
            successors.put(point, result, next);
            return next;
        }
    }

    /** The memory itself, for what is done before the walk and at its ends. */
    private final class Memory implements Words {
        @Override
        public long get(long offset) {
            return memory[index(offset)];
        }

        @Override
        public long getAcquire(long offset) {
            return get(offset);
        }

        @Override
        public void set(long offset, long value) {
            memory[index(offset)] = value;
        }

        @Override
        public void setRelease(long offset, long value) {
            set(offset, value);
        }

        @Override
        public boolean compareAndSet(long offset, long expected, long value) {
            boolean isEqual = get(offset) == expected;
            if (isEqual) {
                set(offset, value);
            }
            return isEqual;
        }

        @Override
        public int getInt(long offset) {
            return (int) get(offset);
        }

        @Override
        public int getIntAcquire(long offset) {
            return (int) get(offset);
        }

        @Override
        public void setInt(long offset, int value) {
            set(offset, value);
        }

        @Override
        public void setIntRelease(long offset, int value) {
            set(offset, value);
        }

        @Override
        public void fullFence() {}
    }

    private int index(long offset) {
        return indexOf.computeIfAbsent(offset, _ -> indexOf.size());
    }

    /**
     * The shared words, all 0. What is stored there before {@link #explore} is how the walk begins.
     */
    Words words() {
        return words;
    }

    /** For programs: fails the exploration if this does not hold. */
    static void require(boolean holds, String text) {
        if (!holds) {
            throw new AssertionError(text);
        }
    }

    /** For programs: goes on only when the word is not 0. */
    static void awaitSet(Words words, long offset) {
        throw new UnsupportedOperationException("for programs only");
    }

    /**
     * Leaves a call out of the real code, going on with this result, to see that the walk finds
     * out.
     */
    Interleavings without(String caller, String callee, long result) {
        cuts.add(new Machine.Cut(caller, callee, result));
        return this;
    }

    /** Adds a party; one with death words may die at any step, which adds 1 to these. */
    void add(String name, Runnable program, long... deathWords) {
        int[] indexes = Arrays.stream(deathWords).mapToInt(this::index).toArray();
        parties.add(new Party(name, new Machine(program, words, this::index, cuts), indexes));
    }

    /** What must hold in the memory whenever no party can go on. It may change the memory. */
    void atEachEnd(Runnable newCheck) {
        check = newCheck;
    }

    /**
     * Visits every state; throws an {@link AssertionError} with the way to the first one in which
     * something is wrong.
     */
    void explore() {
        Walk walk = new Walk();
        try {
            walk.run();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + walk.way(), e);
        }
        for (Machine.Cut cut : cuts) {
            if (parties.stream().noneMatch(party -> party.machine.hasLeftOut(cut))) {
                throw new IllegalStateException("there is no such call to leave out: " + cut);
            }
        }
    }

    /** A way from the beginning: its steps can be taken back. */
    private final class Walk {
        private int depth;
        private int[] choices = new int[1 << 12];
        private int[] wordAt = new int[1 << 12];
        private long[] wordWas = new long[1 << 12];
        private int[] pointWas = new int[1 << 12];
        private boolean[] moved = new boolean[1 << 12];
        private long hash;

        void run() {
            for (int word = 0; word < MAX_WORDS; word++) {
                hash += mix(word, memory[word]);
            }
            for (int party = 0; party < parties.size(); party++) {
                hash += mix(MAX_WORDS + party, 0);
            }
            seen.add(hash);
            while (depth >= 0) {
                int choice = choices[depth]++;
                if (choice == 2 * parties.size()) {
                    if (!moved[depth]) {
                        end();
                    }
                    if (--depth >= 0) {
                        back();
                    }
                } else if (goes(choice)) {
                    moved[depth] = true;
                    transitions++;
                    if (seen.add(hash)) {
                        forward();
                    } else {
                        back();
                    }
                }
            }
        }

        private void forward() {
            if (++depth == choices.length) {
                int length = 2 * depth;
                choices = Arrays.copyOf(choices, length);
                wordAt = Arrays.copyOf(wordAt, length);
                wordWas = Arrays.copyOf(wordWas, length);
                pointWas = Arrays.copyOf(pointWas, length);
                moved = Arrays.copyOf(moved, length);
            }
            choices[depth] = 0;
            moved[depth] = false;
        }

        /** Takes a step if that is possible: even choices are accesses, odd ones deaths. */
        private boolean goes(int choice) {
            Party party = parties.get(choice >> 1);
            if (party.point == Party.DEAD) {
                return false;
            }
            Machine.Op op = party.op();
            boolean goes = (choice & 1) == 0 ? goes(party, op) : dies(party);
            if (goes) {
                hash +=
                        mix(MAX_WORDS + (choice >> 1), party.point)
                                - mix(MAX_WORDS + (choice >> 1), pointWas[depth]);
            }
            return goes;
        }

        private boolean goes(Party party, Machine.Op op) {
            long before = memory[op.word()];
            long result = before;
            boolean stores = false;
            switch (op.kind()) {
                case READ -> {}
                case WRITE -> {
                    stores = true;
                    result = 0;
                }
                case COMPARE_AND_SET -> {
                    stores = before == op.expected();
                    result = stores ? 1 : 0;
                }
                case AWAIT -> {
                    if (before == 0) {
                        return false;
                    }
                }
                case FAIL -> throw new AssertionError(party.name + ": " + op.text());
                default -> {
                    return false;
                }
            }
            step(party, party.after(result));
            wordAt[depth] = op.word();
            wordWas[depth] = before;
            if (stores) {
                store(op.word(), op.value());
            }
            return true;
        }

        private boolean dies(Party party) {
            if (party.deathWords.length == 0) {
                return false;
            }
            step(party, Party.DEAD);
            for (int word : party.deathWords) {
                store(word, memory[word] + 1);
            }
            return true;
        }

        private void step(Party party, int point) {
            pointWas[depth] = party.point;
            party.point = point;
        }

        private void store(int word, long value) {
            hash += mix(word, value) - mix(word, memory[word]);
            memory[word] = value;
        }

        private void back() {
            int choice = choices[depth] - 1;
            Party party = parties.get(choice >> 1);
            int p = MAX_WORDS + (choice >> 1);
            hash += mix(p, pointWas[depth]) - mix(p, party.point);
            party.point = pointWas[depth];
            if ((choice & 1) == 0) {
                store(wordAt[depth], wordWas[depth]);
            } else {
                for (int word : party.deathWords) {
                    store(word, memory[word] - 1);
                }
            }
        }

        private void end() {
            for (Party party : parties) {
                boolean isUnborn = party.point == 0 && party.op().kind() == Machine.Kind.AWAIT;
                boolean isOver = party.point == Party.DEAD || party.op().kind() == Machine.Kind.END;
                require(isOver || isUnborn, party.name + ": stuck");
            }
            ends++;
            long[] before = memory.clone();
            check.run();
            System.arraycopy(before, 0, memory, 0, before.length);
        }

        /** The steps up to here, a line each. */
        String way() {
            StringBuilder way = new StringBuilder();
            Map<Integer, Long> offsetOf = new HashMap<>();
            indexOf.forEach((offset, index) -> offsetOf.put(index, offset));
            while (--depth >= 0) {
                int choice = choices[depth] - 1;
                Party party = parties.get(choice >> 1);
                long now = memory[wordAt[depth]];
                back();
                Machine.Op op = party.op();
                String step =
                        (choice & 1) == 1
                                ? "dies"
                                : op.text() + " " + offsetOf.get(op.word()) + " " + now;
                way.insert(0, "\n  " + party.name + " " + step);
            }
            return way.toString();
        }
    }

    long states() {
        return seen.size();
    }

    /** What was walked, in one line. */
    String report() {
        StringBuilder points = new StringBuilder();
        for (Party party : parties) {
            points.append(' ').append(party.name).append("Points=").append(party.machine.points());
        }
        return "states="
                + states()
                + " transitions="
                + transitions
                + " ends="
                + ends
                + " words="
                + indexOf.size()
                + points;
    }

    static long mix(int place, long value) {
        long h = (value + 0x9E3779B97F4A7C15L * (place + 1)) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 32) * 0x94D049BB133111EBL;
        h = (h ^ h >>> 29) * 0xD6E8FEB86659FD93L;
        return h ^ h >>> 32;
    }
}
