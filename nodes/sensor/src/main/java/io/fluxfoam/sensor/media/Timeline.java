package io.fluxfoam.sensor.media;

import java.util.Arrays;

/**
 * One time for the streams of a file, also where the file's own times begin again or leap, as those
 * of joined recordings do: a new part begins where the old one ends, for picture and sound by the
 * same amount. The streams come to the joint one after the other, so each keeps its part until its
 * own times break off, and then joins the part that another has begun if its times go on there.
 * Depends on the packets and their order alone: who reads a file twice gets the same times twice.
 */
final class Timeline {
    /** Decoding order may step back by some pictures; a part is longer than that. */
    private static final long STEP_BACK_US = 500_000;

    private static final long NOTHING = Long.MIN_VALUE;

    private final long leapUs;
    private final long[] offsetUs;
    private final long[] newestUs;
    private long partOffsetUs;
    private long endUs = NOTHING;

    /**
     * @param leapUs by how much a time may be later than all before it, of any stream
     */
    Timeline(int streams, long leapUs) {
        this.leapUs = leapUs;
        offsetUs = new long[streams];
        newestUs = new long[streams];
        Arrays.fill(newestUs, NOTHING);
    }

    /**
     * Takes the next packet of a file.
     *
     * @param timeUs of the file
     * @param stepBackUs by how much the stream's times may step back on top of half a second
     * @return what to add to the packet's times
     */
    long offsetUs(int stream, long timeUs, long durationUs, long stepBackUs) {
        if (!goesOn(stream, timeUs + offsetUs[stream], stepBackUs)) {
            if (!goesOn(stream, timeUs + partOffsetUs, stepBackUs)) {
                partOffsetUs = endUs - timeUs;
            }
            offsetUs[stream] = partOffsetUs;
        }
        long placedUs = timeUs + offsetUs[stream];
        newestUs[stream] = Math.max(newestUs[stream], placedUs);
        endUs = Math.max(endUs, placedUs + durationUs);
        return offsetUs[stream];
    }

    private boolean goesOn(int stream, long timeUs, long stepBackUs) {
        boolean early =
                newestUs[stream] != NOTHING
                        && timeUs < newestUs[stream] - STEP_BACK_US - stepBackUs;
        boolean late = endUs != NOTHING && timeUs > endUs + leapUs;
        return !early && !late;
    }
}
