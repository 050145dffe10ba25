package io.fluxfoam.distill;

/**
 * What an ear made of an utterance, in the words of a model that knows nothing of who spoke. The
 * likenesses are of one kind and may be compared with each other, the more the liker. As a tensor,
 * f32:
 *
 * <pre>
 *   [0]    how sure a voice detector is that somebody speaks, 0 to 1
 *   [1]    likeness with the likest of all sentences that differ from the frame's caption in one
 *          word; NaN while the ear does not know them, or if there is none
 *   [2..]  likeness with each caption of the ear's repertoire, in its order
 * </pre>
 *
 * @param speech how sure it is that somebody speaks
 * @param neighbour likeness with the likest one-word neighbour
 * @param likeness with each caption
 */
public record Hearing(float speech, float neighbour, float[] likeness) {
    /** Most captions of a repertoire. */
    public static final int MOST_CAPTIONS = Candidates.MAX_CAPTIONS;

    /** Most values of its tensor. */
    public static final int MOST_VALUES = 2 + MOST_CAPTIONS;

    /** As sure as this it must be that somebody speaks. */
    private static final float SPEECH = .5f;

    private static final int HEAD = MOST_VALUES - MOST_CAPTIONS;

    /**
     * Reads back what {@link #values()} wrote.
     *
     * @throws IllegalArgumentException if there are too few values
     */
    public static Hearing of(float[] values) {
        if (values.length < HEAD) {
            throw new IllegalArgumentException("no hearing: values=" + values.length);
        }
        float[] likeness = new float[values.length - HEAD];
        System.arraycopy(values, HEAD, likeness, 0, likeness.length);
        return new Hearing(values[0], values[1], likeness);
    }

    /** The values of its tensor. */
    public float[] values() {
        float[] values = new float[HEAD + likeness.length];
        values[0] = speech;
        values[1] = neighbour;
        System.arraycopy(likeness, 0, values, HEAD, likeness.length);
        return values;
    }

    /** Whether nobody was heard to speak; the likenesses then say nothing. */
    public boolean isNothing() {
        return !(speech >= SPEECH);
    }
}
