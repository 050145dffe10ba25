package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

class MomentArenaTest {
    private final Arena memory = Arena.ofConfined();
    private final MomentArena arena = new MomentArena(ReplayMemory.in(memory), Scenery.SHAPE, 4);

    @AfterEach
    void free() {
        memory.close();
    }

    private Moment complete(long frame) {
        Moment moment = arena.open(frame, 0, 0);
        moment.pictureWritten();
        moment.soundWritten();
        return moment;
    }

    @Test
    void shouldFindAFrameUntilItsRowIsTaken() {
        Moment first = complete(10);
        for (long frame = 11; frame < 14; frame++) {
            complete(frame);
        }
        assertSame(first, arena.find(10));
        Moment fifth = complete(14);
        assertSame(first, fifth);
        assertNull(arena.find(10));
        assertSame(fifth, arena.find(14));
        assertEquals(4, arena.rowsUsed());
    }

    @Test
    void shouldPassOverAPinnedRow() {
        Moment pinned = complete(10);
        pinned.markTrainable();
        assertTrue(pinned.pinTrainable());
        for (long frame = 11; frame < 16; frame++) {
            assertNotEquals(pinned.row(), complete(frame).row());
        }
        assertSame(pinned, arena.find(10));
        pinned.unpin();
        for (long frame = 16; frame < 20; frame++) {
            complete(frame);
        }
        assertNull(arena.find(10));
    }

    @Test
    void shouldPinOnlyWhatIsThereAndOnlyOnce() {
        Moment moment = arena.open(10, 0, 0);
        moment.pictureWritten();
        assertFalse(moment.pinComplete());
        moment.soundWritten();
        assertFalse(moment.pinTrainable());
        assertTrue(moment.pinComplete());
        assertFalse(moment.pinComplete());
        moment.markTrainable();
        moment.unpin();
        assertTrue(moment.pinTrainable());
    }

    @Test
    void shouldForgetTheStateOfTheFrameBefore() {
        complete(10).markTrainable();
        for (long frame = 11; frame < 15; frame++) {
            arena.open(frame, 0, 0);
        }
        Moment taken = arena.find(14);
        assertFalse(taken.trainable());
        assertFalse(taken.complete());
        assertFalse(taken.pinComplete());
    }

    @Test
    void shouldTakeAReleasedRowFirst() {
        Moment given = arena.open(10, 0, 0);
        complete(11);
        arena.release(given);
        assertNull(arena.find(10));
        assertSame(given, arena.open(12, 0, 0));
        assertSame(arena.moment(2), arena.open(13, 0, 0));
    }

    @Test
    void shouldSayWhenEveryRowIsPinned() {
        for (long frame = 10; frame < 14; frame++) {
            assertTrue(complete(frame).pinComplete());
        }
        assertThrows(IllegalStateException.class, () -> arena.open(14, 0, 0));
    }
}
