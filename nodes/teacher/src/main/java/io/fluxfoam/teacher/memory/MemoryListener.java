package io.fluxfoam.teacher.memory;

import java.io.IOException;

/** Told of what people should know. On the thread that uses the memory. */
public interface MemoryListener {
    /** Something cannot be kept or read, which costs no more than time. */
    void trouble(IOException reason);

    /** What was stored was not what was computed. */
    void falseHit(FalseHit falseHit);
}
