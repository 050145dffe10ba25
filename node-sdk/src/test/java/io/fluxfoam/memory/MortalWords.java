package io.fluxfoam.memory;

import java.util.function.LongPredicate;

/**
 * Words that ask before each store whether it shall happen. The answer may also be the end of the
 * words' user: that store and all later ones then never happen, as after {@code kill -9} between
 * two instructions. Belongs to one thread.
 */
public final class MortalWords implements Words {
    /** The end of the words' user, for a death within the process. */
    public static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        /** A death; it has no stack trace, since tests die some hundred thousand times. */
        public Death() {
            super("died on demand", null, false, false);
        }
    }

    private final Words words;
    private final LongPredicate mayStore;

    /** Words whose stores happen if this is true of their offset. */
    public MortalWords(Words words, LongPredicate mayStore) {
        this.words = words;
        this.mayStore = mayStore;
    }

    /** Words whose user dies before this store, counted from 0. */
    public static MortalWords until(Words words, int fatalStore) {
        int[] stores = {0};
        return new MortalWords(
                words,
                _ -> {
                    if (stores[0]++ >= fatalStore) {
                        throw new Death();
                    }
                    return true;
                });
    }

    @Override
    public long get(long offset) {
        return words.get(offset);
    }

    @Override
    public long getAcquire(long offset) {
        return words.getAcquire(offset);
    }

    @Override
    public void set(long offset, long value) {
        if (mayStore.test(offset)) {
            words.set(offset, value);
        }
    }

    @Override
    public void setRelease(long offset, long value) {
        if (mayStore.test(offset)) {
            words.setRelease(offset, value);
        }
    }

    @Override
    public boolean compareAndSet(long offset, long expected, long value) {
        return mayStore.test(offset) && words.compareAndSet(offset, expected, value);
    }

    @Override
    public int getInt(long offset) {
        return words.getInt(offset);
    }

    @Override
    public int getIntAcquire(long offset) {
        return words.getIntAcquire(offset);
    }

    @Override
    public void setInt(long offset, int value) {
        if (mayStore.test(offset)) {
            words.setInt(offset, value);
        }
    }

    @Override
    public void setIntRelease(long offset, int value) {
        if (mayStore.test(offset)) {
            words.setIntRelease(offset, value);
        }
    }

    @Override
    public void fullFence() {
        words.fullFence();
    }
}
