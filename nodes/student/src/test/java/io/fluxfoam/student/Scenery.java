package io.fluxfoam.student;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.student.net.InputShape;
import io.fluxfoam.tensor.FrameNumber;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Made-up frames and features for tests: functions of the frame number alone. */
public final class Scenery {
    /** What a student takes in of these frames. */
    public static final InputShape SHAPE = InputShape.of(FrameShape.STANDARD);

    private static final int WORDS = 8;

    /** Made once: a sensor of a hundred frames a second would else be busy with drawing alone. */
    private static final byte[] GROUND = ground();

    private static final float[] HISS = hiss();
    private static final float[][] TONES =
            IntStream.range(0, WORDS).mapToObj(Scenery::tone).toArray(float[][]::new);

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
        int from = new Random(frameNumber).nextInt(GROUND.length / 2);
        byte[] rgb = Arrays.copyOfRange(GROUND, from, from + GROUND.length / 2);
        int left = 20 + 35 * word(frameNumber);
        for (int y = 40; y < 56; y++) {
            int row = y * FrameShape.STANDARD.width();
            Arrays.fill(rgb, 3 * (row + left), 3 * (row + left + 30), (byte) 230);
        }
        return MemorySegment.ofArray(rgb);
    }

    /** Twice as much dark noise as a picture has room for: each begins somewhere in it. */
    private static byte[] ground() {
        byte[] noise = new byte[2 * FrameShape.STANDARD.pictureBytes()];
        new Random(1).nextBytes(noise);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) ((noise[i] & 15) + 40);
        }
        return noise;
    }

    /** A tone whose pitch tells the word. */
    public static MemorySegment sound(long frameNumber) {
        float[] samples = TONES[word(frameNumber)].clone();
        int from = new Random(frameNumber).nextInt(HISS.length / 2);
        for (int i = 0; i < samples.length; i++) {
            samples[i] += HISS[from + i];
        }
        return MemorySegment.ofArray(samples);
    }

    private static float[] tone(int word) {
        float[] samples = new float[SHAPE.samples()];
        double hertz = 250 * (1 + word);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (.3 * Math.sin(2 * Math.PI * hertz * i / 16_000));
        }
        return samples;
    }

    private static float[] hiss() {
        float[] noise = new float[2 * SHAPE.samples()];
        Random random = new Random(2);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (.002 * random.nextGaussian());
        }
        return noise;
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
