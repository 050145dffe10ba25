package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long SECOND = 1_000_000;
    private static final long LEAP_US = 10 * SECOND;
    private static final int PICTURE = 0;
    private static final int SOUND = 1;

    private final Timeline timeline = new Timeline(2, LEAP_US);

    @Test
    void shouldLetANewPartBeginWhereTheLongerStreamOfTheOldOneEnds() {
        assertEquals(0, place(PICTURE, 0));
        assertEquals(100_000, place(SOUND, 100_000));
        assertEquals(4 * SECOND, place(PICTURE, 4 * SECOND));
        assertEquals(4_300_000, place(SOUND, 4_300_000));
        assertEquals(4_400_000, place(PICTURE, 0));
        assertEquals(4_500_000, place(SOUND, 100_000), "by the same amount");
        assertEquals(8_400_000, place(PICTURE, 4 * SECOND));
        assertEquals(8_500_000, place(PICTURE, 0), "and again");
    }

    @Test
    void shouldKeepInItsPartAStreamThatComesLateToTheJoint() {
        place(PICTURE, 0);
        place(SOUND, 0);
        place(PICTURE, 3 * SECOND);
        place(SOUND, 2_800_000);
        assertEquals(3_100_000, place(PICTURE, 0));
        assertEquals(2_900_000, place(SOUND, 2_900_000), "the rest of the old part");
        assertEquals(3_200_000, place(PICTURE, 100_000));
        assertEquals(3_100_000, place(SOUND, 0));
        assertEquals(3_200_000, place(SOUND, 100_000));
    }

    @Test
    void shouldLeaveAGapOfOneStream() {
        for (long second = 0; second < 60; second++) {
            assertEquals(second * SECOND, place(PICTURE, second * SECOND));
        }
        place(SOUND, 0);
        assertEquals(59 * SECOND, place(SOUND, 59 * SECOND));
    }

    @Test
    void shouldCloseALeapOfAllStreamsForwards() {
        place(PICTURE, 0);
        place(SOUND, 0);
        long leap = 95_000 * SECOND;
        assertEquals(100_000, place(SOUND, leap));
        assertEquals(140_000, place(PICTURE, leap + 40_000));
        assertEquals(240_000, place(PICTURE, 100_000), "and one back");
    }

    @Test
    void shouldLeaveTimesThatStepBackInDecodingOrder() {
        for (long at : new long[] {0, 400_000, 200_000, 100_000, 300_000, 800_000, 600_000}) {
            assertEquals(at, place(PICTURE, at));
        }
        for (long second : new long[] {10, 14, 12, 11, 13}) { // one picture in a second
            assertEquals(
                    0, timeline.offsetUs(PICTURE, second * SECOND, SECOND, 3 * SECOND), "second");
        }
    }

    @Test
    void shouldBeginAnywhere() {
        assertEquals(95_000 * SECOND, place(PICTURE, 95_000 * SECOND));
        assertEquals(94_999 * SECOND, place(SOUND, 94_999 * SECOND));
    }

    /** A packet of a tenth of a second. */
    private long place(int stream, long timeUs) {
        return timeUs + timeline.offsetUs(stream, timeUs, 100_000, 0);
    }
}
