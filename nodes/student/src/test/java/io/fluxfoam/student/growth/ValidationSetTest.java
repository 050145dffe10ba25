package io.fluxfoam.student.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Rig;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidationSetTest {
    private static final int TWO_BATCHES = 32;

    private final Rig rig = new Rig(false);
    private ValidationSet heldBack;
    private int count;
    private int next = 64;

    @BeforeEach
    void join() {
        rig.joinAll();
        rig.feed(64); // statistics
        rig.learner.follow(rig.regions.snapshot());
        heldBack = new ValidationSet(rig.memory, rig.learner, rig.train);
        for (int row = 0; row < next; row++) {
            count += ValidationSet.isOne(rig.train.moment(row).frameNumber()) ? 1 : 0;
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void feedHeldBack(int untilThereAre) {
        for (; count < untilThereAre; next++) {
            long frame = Scenery.train(next);
            if (ValidationSet.isOne(frame)) {
                rig.feed(frame);
                count++;
            }
        }
    }

    @Test
    void shouldBeOneInEightInEveryLifeOfTheSensor() {
        int ones = 0;
        for (int n = 0; n < 16_000; n++) {
            ones += ValidationSet.isOne(Scenery.train(n)) ? 1 : 0;
            assertEquals(
                    ValidationSet.isOne(Scenery.train(n)),
                    ValidationSet.isOne(FrameNumber.of(7, FrameNumber.counter(Scenery.train(n)))));
        }
        assertEquals(2_000, ones, 100);
    }

    @Test
    void shouldBeReadyWhenTwoBatchesAreThere() {
        feedHeldBack(TWO_BATCHES - 1);
        assertFalse(heldBack.isReady());
        feedHeldBack(TWO_BATCHES);
        assertTrue(heldBack.isReady());
    }

    @Test
    void shouldFindNoDifferenceBetweenTheSameAndOneBetweenTheTaughtAndTheUntaught() {
        feedHeldBack(TWO_BATCHES + 3);
        StudentNet narrow = rig.learner.net();
        StudentNet wider = narrow.widened(rig.memory, Width.parse("0.375"));
        assertEquals(0, heldBack.gain(narrow, wider), 1e-5);
        assertNothingIsPinned();
        for (int turn = 0; turn < 60; turn++) {
            rig.turn();
        }
        assertTrue(heldBack.gain(wider, narrow) > .2, "the rig taught the one it has");
        assertTrue(heldBack.gain(narrow, wider) < 0);
        assertNothingIsPinned();
    }

    private void assertNothingIsPinned() {
        for (int row = 0; row < rig.train.rowsUsed(); row++) {
            assertTrue(rig.train.moment(row).pinTrainable(), "row=" + row);
            rig.train.moment(row).unpin();
        }
    }
}
