package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

class KeepRuleTest {
    private static final int KEPT = 100;

    /** Which kinds are kept, after so many of the stream. */
    private static int[] kept(KeepRule rule, int offered, IntUnaryOperator stream) {
        int[] kept = new int[KEPT];
        for (int i = 0; i < offered; i++) {
            int kind = stream.applyAsInt(i);
            if (i < KEPT) {
                kept[i] = kind;
                continue;
            }
            int place =
                    rule.displaced(
                            i + 1,
                            KEPT,
                            (at, other) -> (at == KEPT ? kind : kept[at]) == kept[other] ? 0 : 1);
            if (place != KeepRule.NOT_KEPT) {
                kept[place] = kind;
            }
        }
        return kept;
    }

    private static double crowd(int[] kept, int kind) {
        return Arrays.stream(kept).filter(other -> other == kind).count();
    }

    @Test
    void shouldKeepEachTimeAlikeWithOneRival() {
        int[] sum = new int[10];
        for (int seed = 0; seed < 40; seed++) {
            for (int when : kept(KeepRule.uniform(seed), 2_000, i -> i / 200)) {
                sum[when]++;
            }
        }
        for (int when : sum) {
            assertEquals(400, when, 80, Arrays.toString(sum)); // four deviations
        }
    }

    /** The first kind is one in a hundred and never comes again. */
    @Test
    void shouldKeepWhatIsRareIfBalanced() {
        IntUnaryOperator stream = i -> i < 30 ? 0 : i < 1_000 ? 1 : 2;
        int[] uniform = kept(KeepRule.uniform(1), 3_000, stream);
        int[] balanced = kept(KeepRule.balanced(1), 3_000, stream);
        assertTrue(crowd(uniform, 0) < 6, () -> Arrays.toString(uniform));
        for (int kind = 0; kind < 3; kind++) {
            int of = kind;
            assertTrue(crowd(balanced, of) >= 25, () -> of + " " + Arrays.toString(balanced));
        }
    }

    @Test
    void shouldLetInWhatStandsAlone() {
        int[] balanced = kept(KeepRule.balanced(1), 5_000, i -> i >= 4_990 ? 1 : 0);
        assertEquals(10, crowd(balanced, 1), () -> Arrays.toString(balanced));
    }

    /** Nothing that is said by both: nobody is crowded, and algorithm R decides alone. */
    @Test
    void shouldKeepEachTimeAlikeWhereNothingCanBeCompared() {
        int late = 0;
        for (int seed = 0; seed < 20; seed++) {
            KeepRule rule = KeepRule.balanced(seed);
            for (int seen = KEPT + 1; seen <= 1_000; seen++) {
                int place = rule.displaced(seen, KEPT, (_, _) -> Double.POSITIVE_INFINITY);
                late += place != KeepRule.NOT_KEPT ? 1 : 0;
            }
        }
        assertEquals(20 * KEPT * Math.log(10), late, 250); // 4,605; four deviations
    }

    @Test
    void shouldFollowFromSeedAndHistoryAlone() {
        IntUnaryOperator stream = i -> i * i % 7;
        assertTrue(
                Arrays.equals(
                        kept(KeepRule.balanced(5), 1_000, stream),
                        kept(KeepRule.balanced(5), 1_000, stream)));
    }
}
