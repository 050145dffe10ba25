package io.fluxfoam.teacher;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.LoopStreams;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** What a teacher looks at: one stream of the sensor. */
public enum Sense {
    /** u8 [height, width, 3], RGB, row-major. */
    PICTURE(LoopStreams.PICTURE),
    /** f32 [samples], 16 kHz mono in [-1, 1]. */
    SOUND(LoopStreams.SOUND),
    /** u8 [bytes], UTF-8. */
    CAPTION(LoopStreams.CAPTION);

    private final String stream;

    Sense(String stream) {
        this.stream = stream;
    }

    /** A sample as the default loop's sensor may show it: black, silent, or a letter. */
    Sample example(Arena memory) {
        return switch (this) {
            case PICTURE -> sample(memory, FrameShape.STANDARD.pictureShape(), Byte.BYTES);
            case SOUND -> sample(memory, FrameShape.STANDARD.soundShape(), Float.BYTES);
            case CAPTION -> new Sample(memory.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 'a'), 1);
        };
    }

    private static Sample sample(Arena memory, long[] shape, int bytes) {
        long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new Sample(memory.allocate(count * bytes, 64), shape);
    }

    /** Name of the sensor's stream. */
    public String stream() {
        return stream;
    }
}
