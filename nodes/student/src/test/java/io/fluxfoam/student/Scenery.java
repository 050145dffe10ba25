package io.fluxfoam.student;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.student.net.InputShape;
import io.fluxfoam.tensor.FrameNumber;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Made-up frames and features for tests: functions of the frame number alone. */
public final class Scenery {
    /** What a student takes in of these frames. */
    public static final InputShape SHAPE = InputShape.of(FrameShape.STANDARD);

    private static final int WORDS = 8;

    private Scenery() {}

    /** The n-th TRAIN frame of a sensor's first life. */
    public static long train(int n) {
        return FrameNumber.of(1, n / 2 * 3L + n % 2);
    }

    /** The n-th HOLDOUT frame of a sensor's first life. */
    public static long holdout(int n) {
        return FrameNumber.of(1, n * 3L + 2);
    }

    /** What a frame "says": one of eight words. */
    static int word(long frameNumber) {
        return new Random(frameNumber).nextInt(WORDS);
    }

    /** A picture with a bar whose place tells the word. */
    public static MemorySegment picture(long frameNumber) {
        byte[] rgb = new byte[FrameShape.STANDARD.pictureBytes()];
        new Random(frameNumber).nextBytes(rgb);
        int left = 20 + 35 * word(frameNumber);
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % FrameShape.STANDARD.width();
            int y = i / 3 / FrameShape.STANDARD.width();
            boolean ink = x >= left && x < left + 30 && y >= 40 && y < 56;
            rgb[i] = (byte) (ink ? 230 : (rgb[i] & 15) + 40);
        }
        return MemorySegment.ofArray(rgb);
    }

    /** A tone whose pitch tells the word. */
    public static MemorySegment sound(long frameNumber) {
        float[] samples = new float[SHAPE.samples()];
        Random random = new Random(frameNumber);
        double hertz = 250 * (1 + word(frameNumber));
        for (int i = 0; i < samples.length; i++) {
            samples[i] =
                    (float)
                            (.3 * Math.sin(2 * Math.PI * hertz * i / 16_000)
                                    + .002 * random.nextGaussian());
        }
        return MemorySegment.ofArray(samples);
    }

    /**
     * A teacher's tensor that depends on the word alone, with the scale and offset of this teacher.
     */
    public static MemorySegment features(
            long frameNumber, int floats, double scale, double offset) {
        float[] values = new float[floats];
        Random random = new Random(31L * word(frameNumber) + floats);
        Random noise = new Random(frameNumber + floats);
        for (int i = 0; i < floats; i++) {
            values[i] =
                    (float) (offset + scale * (random.nextGaussian() + .01 * noise.nextGaussian()));
        }
        return MemorySegment.ofArray(values);
    }
}
