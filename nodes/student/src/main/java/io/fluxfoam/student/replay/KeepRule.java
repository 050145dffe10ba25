package io.fluxfoam.student.replay;

import java.util.SplittableRandom;

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

    private static final int BALANCED_RIVALS = 4;

    /** A newcomer that is this much less crowded than who would leave needs no luck. */
    private static final double ALONE = .5;

    /** How many of the others a moment is compared with. */
    private static final int LOOKED_AT = 48;

    /** Share of the mean distance below which two say nearly the same. */
    private static final double NEAR = .5;

    /** How far apart what two moments say is. */
    @FunctionalInterface
    public interface Distances {
        /**
         * Between two that are kept; the newcomer stands behind the last of them.
         *
         * @return a squared distance; infinite if they say nothing of the same kind
         */
        double between(int place, int other);
    }

    /** Algorithm R. */
    public static KeepRule uniform(long seed) {
        return new KeepRule(seed, 1);
    }

    /** The balanced rule. */
    public static KeepRule balanced(long seed) {
        return new KeepRule(seed, BALANCED_RIVALS);
    }

    /**
     * The place of the moment that leaves.
     *
     * @param seen how many were offered, this one too
     * @param kept how many are kept
     * @param distances of what they say; not asked by algorithm R
     */
    public int displaced(long seen, int kept, Distances distances) {
        SplittableRandom random = new SplittableRandom(seed + seen * 0x9E3779B97F4A7C15L);
        long drawn = random.nextLong(seen);
        if (rivals == 1) {
            return drawn < kept ? (int) drawn : NOT_KEPT;
        }
        int place = NOT_KEPT;
        int most = -1;
        for (int i = 0; i < rivals; i++) {
            int rival = random.nextInt(kept);
            int crowd = crowd(rival, kept, distances, random);
            if (crowd > most) {
                most = crowd;
                place = rival;
            }
        }
        return drawn < kept || crowd(kept, kept, distances, random) < ALONE * most
                ? place
                : NOT_KEPT;
    }

    /** How many of some that are kept say nearly the same. */
    private static int crowd(int place, int kept, Distances distances, SplittableRandom random) {
        double[] distance = new double[LOOKED_AT];
        double sum = 0;
        int known = 0;
        for (int i = 0; i < LOOKED_AT; i++) {
            distance[i] = distances.between(place, random.nextInt(kept));
            if (distance[i] < Double.POSITIVE_INFINITY) {
                sum += distance[i];
                known++;
            }
        }
        int near = 0;
        for (double one : distance) {
            near += one <= NEAR * sum / Math.max(1, known) ? 1 : 0;
        }
        return near;
    }
}
