package io.fluxfoam.stream;

import io.fluxfoam.memory.Words;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs real protocol code through every interleaving of its loads and stores (sequential consistency), with the death of
 * a mortal party at any of them.
 *
 * <p>A party is a program over {@link Words}. To step it, the program is run again from its beginning with the results
 * that its operations had so far, up to the first operation that has none yet: that one is then applied to the shared
 * memory. So no thread, no lock and no copy of the program's state is needed. States that are equal in memory and in every
 * party's local state (its objects' fields at the last {@link Tape#mark} and the results since) are visited once.
 */
final class Interleavings {
    /** A program; it must touch shared memory only through the words it is given. */
    interface Party {
        void run(Tape words);
    }

    /** The operation that a party would do next. */
    private record Pending(char kind, long offset, long value, long expected) {
        static final Pending END = new Pending('e', 0, 0, 0);
    }

    private static final class Stop extends Error {
        private static final long serialVersionUID = 1L;
        private final transient Pending pending;

        private Stop(Pending pending) {
            super(null, null, false, false);
            this.pending = pending;
        }
    }

    /** The words that a party sees: results from its log, then a stop. */
    static final class Tape implements Words {
        private final long[] log;
        private int next;
        private boolean marked;
        private int markedAt;
        private long markedHash;

        private Tape(long[] log) {
            this.log = log;
        }

        /** Says that the program's local state is now all in the fields of these objects and the number. */
        void mark(long position, Object... objects) {
            long hash = position;
            try {
                for (Object object : objects) {
                    for (Field field : object.getClass().getDeclaredFields()) {
                        if (!Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
                            field.setAccessible(true);
                            Object value = field.get(object);
                            hash = mix(hash, value instanceof Boolean is ? is ? 1 : 0 : ((Number) value).longValue());
                        }
                    }
                }
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
            markedHash = hash;
            markedAt = next;
            marked = true;
        }

        private long result(char kind, long offset, long value, long expected) {
            if (next == log.length) {
                throw new Stop(new Pending(kind, offset, value, expected));
            }
            return log[next++];
        }

        private long localHash() {
            long hash = markedHash;
            for (int i = markedAt; i < next; i++) {
                hash = mix(hash, log[i]);
            }
            return mix(hash, next - markedAt);
        }

        @Override
        public long get(long offset) {
            return result('r', offset, 0, 0);
        }

        @Override
        public long getAcquire(long offset) {
            return result('r', offset, 0, 0);
        }

        @Override
        public void set(long offset, long value) {
            result('w', offset, value, 0);
        }

        @Override
        public void setRelease(long offset, long value) {
            result('w', offset, value, 0);
        }

        @Override
        public boolean compareAndSet(long offset, long expected, long value) {
            return result('c', offset, value, expected) == 1;
        }

        @Override
        public int getInt(long offset) {
            return (int) result('r', offset, 0, 0);
        }

        @Override
        public int getIntAcquire(long offset) {
            return (int) result('r', offset, 0, 0);
        }

        @Override
        public void setInt(long offset, int value) {
            result('w', offset, value, 0);
        }

        @Override
        public void setIntRelease(long offset, int value) {
            result('w', offset, value, 0);
        }

        @Override
        public void fullFence() {
            // every interleaving explored is sequentially consistent; jcstress looks at the hardware's
        }
    }

    private record State(long[] memory, long[][] logs, Pending[] pending, long[] localHashes, int dead) {}

    private final List<Party> parties = new ArrayList<>();
    private final List<Long> deathWords = new ArrayList<>();
    private final Map<Long, Integer> indexOf = new HashMap<>();
    private final StateSet seen = new StateSet();
    private long terminal;

    /** Adds a party; one with a death word may die at any step, which sets that word to 1. */
    void add(Party party, long deathWord) {
        parties.add(party);
        deathWords.add(deathWord);
    }

    /** Whether a party has come to its first mark. */
    private boolean hasMarked(State state, int p) {
        Tape tape = new Tape(state.logs[p]);
        try {
            parties.get(p).run(tape);
        } catch (Stop stop) {
            return tape.marked;
        }
        return true;
    }

    /** Visits every state that can be reached once each party has come alone to its first mark; an assertion in a party's program fails the exploration. */
    void explore() {
        int n = parties.size();
        long[][] logs = new long[n][0];
        State start = new State(new long[64], logs, new Pending[n], new long[n], 0);
        for (int p = 0; p < n; p++) {
            locate(start, p, parties);
        }
        for (int p = 0; p < n; p++) {
            while (!hasMarked(start, p)) {
                start = step(start, p, parties);
            }
        }
        ArrayDeque<State> stack = new ArrayDeque<>();
        visit(start, stack);
        while (!stack.isEmpty()) {
            State state = stack.pop();
            boolean moved = false;
            for (int p = 0; p < n; p++) {
                if ((state.dead >> p & 1) != 0 || state.pending[p] == Pending.END) {
                    continue;
                }
                moved = true;
                visit(step(state, p, parties), stack);
                if (deathWords.get(p) >= 0) {
                    visit(die(state, p), stack);
                }
            }
            if (!moved) {
                terminal++;
            }
        }
    }

    private void visit(State state, ArrayDeque<State> stack) {
        long a = state.dead;
        long b = ~state.dead;
        for (long word : state.memory) {
            a = mix(a, word);
            b = mix(b ^ 0x5bd1e995, word);
        }
        for (long hash : state.localHashes) {
            a = mix(a, hash);
            b = mix(b ^ 0x5bd1e995, hash);
        }
        if (seen.add(a, b)) {
            stack.push(state);
        }
    }

    private State step(State state, int p, List<Party> programs) {
        Pending op = state.pending[p];
        long[] memory = state.memory.clone();
        int at = index(op.offset);
        long result = memory[at];
        switch (op.kind) {
            case 'r' -> {}
            case 'w' -> memory[at] = op.value;
            case 'c' -> {
                boolean equal = memory[at] == op.expected;
                memory[at] = equal ? op.value : memory[at];
                result = equal ? 1 : 0;
            }
            default -> throw new AssertionError(op);
        }
        long[][] logs = state.logs.clone();
        logs[p] = Arrays.copyOf(logs[p], logs[p].length + 1);
        logs[p][logs[p].length - 1] = op.kind == 'w' ? 0 : result;
        State next = new State(memory, logs, state.pending.clone(), state.localHashes.clone(), state.dead);
        locate(next, p, programs);
        return next;
    }

    private State die(State state, int p) {
        long[] memory = state.memory.clone();
        memory[index(deathWords.get(p))] = 1;
        long[] localHashes = state.localHashes.clone();
        localHashes[p] = 0;
        return new State(memory, state.logs, state.pending, localHashes, state.dead | 1 << p);
    }

    private void locate(State state, int p, List<Party> programs) {
        Tape tape = new Tape(state.logs[p]);
        try {
            programs.get(p).run(tape);
            state.pending[p] = Pending.END;
            state.localHashes[p] = -1;
        } catch (Stop stop) {
            state.pending[p] = stop.pending;
            state.localHashes[p] = tape.localHash();
        }
    }

    private int index(long offset) {
        return indexOf.computeIfAbsent(offset, o -> indexOf.size());
    }

    long states() {
        return seen.size();
    }

    long terminalStates() {
        return terminal;
    }

    private static long mix(long hash, long value) {
        long h = (hash ^ value) * 0x9E3779B97F4A7C15L;
        h ^= h >>> 29;
        h *= 0xBF58476D1CE4E5B9L;
        return h ^ h >>> 32;
    }

    /** Pairs of 64-bit hashes in an open-addressing table: two equal pairs of different states would need 2^64 states. */
    private static final class StateSet {
        private long[] table = new long[1 << 20];
        private long size;

        boolean add(long a, long b) {
            long first = a == 0 ? 1 : a;
            if (4 * size > table.length) {
                grow();
            }
            if (!insert(first, b)) {
                return false;
            }
            size++;
            return true;
        }

        private boolean insert(long a, long b) {
            int mask = table.length / 2 - 1;
            for (int i = (int) (b >>> 7) & mask; ; i = i + 1 & mask) {
                if (table[2 * i] == 0) {
                    table[2 * i] = a;
                    table[2 * i + 1] = b;
                    return true;
                }
                if (table[2 * i] == a && table[2 * i + 1] == b) {
                    return false;
                }
            }
        }

        private void grow() {
            long[] old = table;
            table = new long[Math.multiplyExact(old.length, 2)];
            for (int i = 0; i < old.length; i += 2) {
                if (old[i] != 0) {
                    insert(old[i], old[i + 1]);
                }
            }
        }

        long size() {
            return size;
        }
    }
}
