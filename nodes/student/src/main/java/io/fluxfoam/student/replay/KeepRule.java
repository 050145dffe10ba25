package io.fluxfoam.student.replay;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/**
 * Which kept moment makes room for one that is offered to a full reservoir.
 *
 * <p>With one rival it is algorithm R (Vitter, 1985): of all that were ever offered, each is as
 * likely to be kept as any other. With more it is balanced by what it costs to lose a moment, which
 * is little where many that are kept say nearly the same: of some that are drawn the most crowded
 * one leaves. Whether a newcomer is let in is still algorithm R's, so that each time has its share;
 * but one that stands alone comes in anyway. Nobody is told what a moment shows, or that the world
 * has changed.
 *
 * <p>A function of the seed, of how many were offered, and of what is kept, so that the next life
 * decides as this one would have.
 *
 * @param seed of all draws
 * @param rivals how many are drawn
 */
public record KeepRule(long seed, int rivals) {
    /** Nobody makes room: what is offered is not kept. */
    public static final int NOT_KEPT = -1;

    /** A newcomer that is this much less crowded than who would leave needs no luck. */
    private static final double ALONE = .5;

    /** Algorithm R. */
    public static KeepRule uniform(long seed) {
        return new KeepRule(seed, 1);
    }

    /** Whether what is kept is looked at. */
    public boolean isBalanced() {
        return rivals > 1;
    }

    /**
     * The place of the moment that leaves.
     *
     * @param seen how many were offered, this one too
     * @param kept how many are kept
     * @param crowd how many say nearly the same as the one at a place; at place {@code kept} stands
     *     the newcomer. Not asked by algorithm R
     */
    public int displaced(long seen, int kept, IntToDoubleFunction crowd) {
        SplittableRandom random = new SplittableRandom(seed + seen * 0x9E3779B97F4A7C15L);
        long drawn = random.nextLong(seen);
        if (!isBalanced()) {
            return drawn < kept ? (int) drawn : NOT_KEPT;
        }
        int place = random.nextInt(kept);
        double most = crowd.applyAsDouble(place);
        for (int i = 1; i < rivals; i++) {
            int rival = random.nextInt(kept);
            double own = crowd.applyAsDouble(rival);
            if (own > most) {
                most = own;
                place = rival;
            }
        }
        return drawn < kept || crowd.applyAsDouble(kept) < ALONE * most ? place : NOT_KEPT;
    }
}
