package io.fluxfoam.student.replay;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where the replay's moments and targets live. */
public interface ReplayMemory {
    /** Looks at what an earlier life left. */
    interface Check {
        /** Throws if these bytes contradict themselves; they are then not taken up. */
        void check(MemorySegment body) throws IOException;
    }

    /**
     * A part of the replay, asked for once: as an earlier life left it, or all zeros.
     *
     * @param name of the part
     * @param content what its bytes mean; one that an earlier life left with another content does
     *     not fit
     * @param bytes its size
     */
    MemorySegment part(String name, String content, long bytes, Check check);

    /** What there is of a part is of no use any more: the next one of this name is all zeros. */
    default void forget(String name) {}

    /** Memory that ends with the process. */
    static ReplayMemory in(Arena memory) {
        return (name, content, bytes, check) -> memory.allocate(bytes, Long.BYTES);
    }
}
