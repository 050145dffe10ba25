package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Words;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

class PredictionQueueTest {
    @Test
    void shouldLoseTheOldestWhenItIsFull() {
        PredictionQueue queue = new PredictionQueue();
        Words words = new SegmentWords(Arena.ofAuto().allocate(Moment.KEPT_BYTES, Long.BYTES));
        Moment[] moments = new Moment[20];
        for (int i = 0; i < moments.length; i++) {
            moments[i] = new Moment(i, words, 0);
            queue.offer(new PredictionQueue.Waiting(null, moments[i]));
        }
        assertEquals(4, queue.dropped());
        for (int i = 4; i < moments.length; i++) {
            assertSame(moments[i], queue.poll().moment());
        }
        assertNull(queue.poll());
    }
}
