package io.fluxfoam.teacher;

/** What a teacher looks at: one stream of the sensor. */
public enum Sense {
    /** u8 [height, width, 3], RGB, row-major. */
    PICTURE("picture"),
    /** f32 [samples], 16 kHz mono in [-1, 1]. */
    SOUND("sound"),
    /** u8 [bytes], UTF-8. */
    CAPTION("caption");

    private final String stream;

    Sense(String stream) {
        this.stream = stream;
    }

    /** Name of the sensor's stream. */
    public String stream() {
        return stream;
    }
}
