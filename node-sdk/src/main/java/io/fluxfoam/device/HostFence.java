package io.fluxfoam.device;

import io.fluxfoam.memory.Words;

/**
 * Words as the CPU reaches them: what it did before a store is done, so the store is a store with
 * release.
 */
public record HostFence(Words words) implements Fence {
    @Override
    public void store(long offset, long value) {
        words.setRelease(offset, value);
    }

    @Override
    public boolean canAwait() {
        return false;
    }

    @Override
    public void awaitAtLeast(long offset, long value) {
        throw new UnsupportedOperationException(
                "the host's work never waits behind a word: offset=" + offset);
    }

    @Override
    public boolean isImmediate() {
        return true;
    }

    @Override
    public void close() {
        // the words belong to whoever mapped them
    }
}
