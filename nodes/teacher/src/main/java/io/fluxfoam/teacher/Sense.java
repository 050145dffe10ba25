package io.fluxfoam.teacher;

import io.fluxfoam.distill.LoopStreams;

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

    /** Name of the sensor's stream. */
    public String stream() {
        return stream;
    }
}
