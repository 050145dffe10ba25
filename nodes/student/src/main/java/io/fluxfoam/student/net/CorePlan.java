package io.fluxfoam.student.net;

import io.fluxfoam.distill.Width;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;

/** How a student's core is built. Used for each network of the student; has no state. */
public interface CorePlan {
    /** Pooled features, joined in one layer. */
    CorePlan POOLED = new PooledPlan();

    /** Channels of its features. */
    long channels(Width width);

    /** Declares what learns with the trunks. */
    void declare(ParameterGroup.Builder trunk, Width width);

    /** What learns at a pace of its own; null if nothing does. */
    @Nullable ParameterGroup ownGroup(Arena arena, long seed);

    /**
     * The core over these parameters.
     *
     * @param own those of its own group, or null
     */
    Core over(TensorView trunk, @Nullable TensorView own);

    /** Of {@link PooledCore}. */
    final class PooledPlan implements CorePlan {
        private PooledPlan() {}

        @Override
        public long channels(Width width) {
            return PooledCore.channels(width);
        }

        @Override
        public void declare(ParameterGroup.Builder trunk, Width width) {
            PooledCore.declare(trunk, width);
        }

        @Override
        public @Nullable ParameterGroup ownGroup(Arena arena, long seed) {
            return null;
        }

        @Override
        public Core over(TensorView trunk, @Nullable TensorView own) {
            return new PooledCore(trunk);
        }
    }
}
