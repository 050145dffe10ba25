package io.fluxfoam.learn;

import io.fluxfoam.student.WorldStudent;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * A frame of a tape with all that was said of it.
 *
 * @param number as it was recorded
 * @param caption what is to be seen and heard in it
 * @param said for each teacher the floats that a student learns
 */
record TapedFrame(
        long number,
        MemorySegment picture,
        MemorySegment sound,
        String caption,
        Map<String, float[]> said)
        implements WorldStudent.Frame {}
