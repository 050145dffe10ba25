package io.fluxfoam.sensor;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Where frames come from. Not thread-safe; all calls after the opening come from one thread. */
public interface FrameSource extends AutoCloseable {
    /** Longest caption, in bytes of UTF-8. */
    int MAX_CAPTION_BYTES = 512;

    /** No frame comes any more. */
    long OVER = -1;

    /** Shape of every frame of this source. */
    FrameShape shape();

    /** Whether frames of this source can have a caption. */
    boolean captioned();

    /**
     * The sentences that only HOLDOUT frames of this source show; {@link Candidates#NONE} if it
     * holds nothing out.
     */
    Candidates candidates();

    /**
     * Whether a picture with left and right exchanged shows the same: of things, but not of words.
     * Who replays a frame may then exchange them.
     */
    default boolean mirrored() {
        return false;
    }

    /** Slow preparations, before the first frame is read, on another thread than that. */
    default void load() throws IOException {}

    /**
     * Does what reading a frame takes, where that changes nothing, for a sensor that stands by.
     *
     * @param pictureRgb as for {@link #read}
     * @param soundF32 as for {@link #read}
     */
    default void rehearse(MemorySegment pictureRgb, MemorySegment soundF32) throws IOException {}

    /**
     * Writes the next frame in place.
     *
     * @param counter the frame's counter, see {@link io.fluxfoam.tensor.FrameNumber}; grows with
     *     each frame, by one unless there is no frame of that
     * @param pictureRgb exactly {@link FrameShape#pictureBytes()} long; every byte is written
     * @param soundF32 exactly {@link FrameShape#soundBytes()} long; every sample is written
     * @return false if there is no such frame: the segments then hold nothing of use, and {@link
     *     #nextAfter} tells how to go on
     * @throws IOException if the source fails for good; its message is one line for the user
     */
    boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32) throws IOException;

    /**
     * The counter to go on with after one that there is no frame of; {@link #OVER} at the end of
     * the source.
     */
    default long nextAfter(long counter) {
        return OVER;
    }

    /**
     * Caption of the frame read last, at most {@link #MAX_CAPTION_BYTES} long; null if it has none.
     */
    @Nullable String caption();

    /**
     * How many items of a folder, or pieces of a file, could not be used and were left out so far.
     */
    default long skippedItems() {
        return 0;
    }

    @Override
    void close();
}
