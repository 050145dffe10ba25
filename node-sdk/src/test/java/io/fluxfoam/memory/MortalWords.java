package io.fluxfoam.memory;

import java.util.function.Consumer;

/**
 * Words whose user dies before one of its stores: that store and all later ones do not happen, as after {@code kill -9}
 * between two instructions. Stores are counted from 0; what {@code atFence} does happens inside the user's full fences,
 * which is where the other party's step matters. Belongs to one thread.
 */
public final class MortalWords implements Words {
    /** The end of the words' user. */
    public static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        private Death() {
            super("died on demand", null, false, false);
        }
    }

    private final Words words;
    private Consumer<Integer> beforeStore;
    private Runnable atFence = () -> {};
    private int stores;

    /** Words whose user dies before this store; never if it is negative. */
    public MortalWords(Words words, int fatalStore) {
        this.words = words;
        dieBefore(fatalStore);
    }

    /** Begins to count again, towards the next death. */
    public void dieBefore(int fatalStore) {
        before(
                store -> {
                    if (store == fatalStore) {
                        throw new Death();
                    }
                });
    }

    /** Begins to count again; the action gets the number of each store that is about to happen. */
    public void before(Consumer<Integer> action) {
        stores = 0;
        beforeStore = action;
    }

    /** What somebody else does at the user's next full fence. */
    public void atFence(Runnable action) {
        atFence = action;
    }

    /** Stores since the count began, a fatal one included. */
    public int stores() {
        return stores;
    }

    private void store() {
        beforeStore.accept(stores++);
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
        store();
        words.set(offset, value);
    }

    @Override
    public void setRelease(long offset, long value) {
        store();
        words.setRelease(offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, long expected, long value) {
        store();
        return words.compareAndSet(offset, expected, value);
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
        store();
        words.setInt(offset, value);
    }

    @Override
    public void setIntRelease(long offset, int value) {
        store();
        words.setIntRelease(offset, value);
    }

    @Override
    public void fullFence() {
        words.fullFence();
        Runnable action = atFence;
        atFence = () -> {};
        action.run();
    }
}
