package io.fluxfoam.node;

import io.fluxfoam.memory.Futex;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A word that a node's other threads change to end the idle sleep of its duty cycle. Lives as long
 * as it is reachable.
 */
final class WakeSignal {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment word = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);

    void raise() {
        int before = (int) INT.getAndAdd(word, 0L, 1);
        Futex.wakeAll(word);
    }

    int value() {
        return (int) INT.getAcquire(word, 0L);
    }

    MemorySegment word() {
        return word;
    }
}
