package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldsTest {
    @ParameterizedTest
    @CsvSource({"1,1", "2,3", "2,500", "3,4", "3,1", "4,7", "5,2", "2,1"})
    void shouldLeaveNoFrameOfASourceOut(int count, long switchEvery) {
        Worlds worlds = new Worlds(count, switchEvery);
        long[] trained = new long[count];
        long[] heldOut = new long[count];
        for (long counter = 0; counter < 9000; counter++) {
            int world = worlds.world(counter);
            assertEquals(counter / switchEvery % count, count == 1 ? 0 : world);
            long own = worlds.own(counter);
            boolean isHoldout = HoldoutRule.isHoldout(counter);
            assertEquals(isHoldout, HoldoutRule.isHoldout(own));
            long ordinal = HoldoutRule.ordinal(own);
            assertEquals(
                    isHoldout ? heldOut[world]++ : trained[world]++,
                    isHoldout ? ordinal : own - ordinal);
        }
    }

    @Test
    void shouldRefuseWhatIsNoTurn() {
        assertThrows(IllegalArgumentException.class, () -> new Worlds(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Worlds(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new Worlds(2, 1L << 40));
    }
}
