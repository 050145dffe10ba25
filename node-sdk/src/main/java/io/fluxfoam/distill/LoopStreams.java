package io.fluxfoam.distill;

/** Names of the loop's streams, and what is in them. */
public final class LoopStreams {
    /** Sensor: u8 {@code [height, width, 3]}, RGB, row-major. */
    public static final String PICTURE = "picture";

    /** Sensor: f32 {@code [samples]}, 16 kHz mono in [-1, 1]. */
    public static final String SOUND = "sound";

    /** Sensor: u8 {@code [bytes]}, UTF-8; what the frame shows and says. */
    public static final String CAPTION = "caption";

    /**
     * Sensor: u8 {@code [bytes]}, the text of {@link Candidates}. Language teacher: f32 {@code
     * [candidates, dim]}, the features of each.
     */
    public static final String CANDIDATES = "candidates";

    /** Teachers: f32 {@code [tokens, dim]} or {@code [dim]}, what it makes of the frame. */
    public static final String FEATURES = "features";

    /** Student: f32, what it predicts of the frame, in the teachers' units. */
    public static final String HEATMAP = "heatmap";

    /** Student: f32 {@code [3, length]}, the language region of a held-out frame in three views. */
    public static final String HOLDOUT = "holdout";

    /** Student: i64, number of a step and the frames that it was trained on. */
    public static final String STEPS = "steps";

    /** Student: u8 {@code [bytes]}, the text of {@link HeatmapLayout}. */
    public static final String LAYOUT = "layout";

    /** Student: f32 {@code [2, floats]}, see {@link HeatmapScaling}. */
    public static final String STATISTICS = "statistics";

    /** Evaluator: u8 {@code [bytes]}, the text of {@link TeacherVerdict}s. */
    public static final String VERDICTS = "verdicts";

    /** Evaluator: u8 {@code [bytes]}, the text of {@link JudgeReliability}s. */
    public static final String RELIABILITIES = "reliabilities";

    /** Student: f32 {@code [samples]}, 16 kHz mono in [-1, 1]; what it says of a held-out frame. */
    public static final String VOICE = "voice";

    /** Ear: f32 {@code [2 + captions]}, the {@link Hearing} of an utterance of the student's. */
    public static final String HEARD = "heard";

    /**
     * Ear: u8 {@code [bytes]}, UTF-8; the captions that {@link #HEARD} is about, a line for each.
     */
    public static final String REPERTOIRE = "repertoire";

    private LoopStreams() {}

    /** A stream of a node as a reader names it: {@code NODE/STREAM}. */
    public static String of(String node, String stream) {
        return node + "/" + stream;
    }
}
