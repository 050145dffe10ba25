package io.fluxfoam.learn;

import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.PixelBatch;
import io.fluxfoam.student.net.PixelNet;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Teachers that each know two classes only: small nets, trained on pictures of these two alone,
 * then frozen. What one publishes of a picture is a tensor of all outputs, in which it says
 * something of its own two and nothing, zero, of the others.
 */
final class ExpertTeachers {
    private static final int HIDDEN = 64;
    private static final int ROWS = 32;
    private static final double RATE = 2e-3;
    private static final int PASSES = 2;

    /** A teacher knows of more pictures than it shows; so many times as many, if there are. */
    private static final int TRAINED = 4;

    private final LabelledPictures pictures;
    private final int[] classes;

    private ExpertTeachers(LabelledPictures pictures, int[] classes) {
        this.pictures = pictures;
        this.classes = classes;
    }

    /**
     * The stream of one teacher after the other: all pictures of their classes, once, in an order
     * of the seed.
     *
     * @param most that the last teacher shows
     * @param isUneven whether each teacher shows twice as much as the one before it
     */
    static List<List<Glimpse>> streams(
            LabelledPictures pictures, long seed, int most, boolean isUneven) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] classes = new int[pictures.classes()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = i;
        }
        Shuffle.of(classes, random);
        List<List<Glimpse>> streams = new ArrayList<>();
        for (int i = 0; i + 1 < classes.length; i += 2) {
            ExpertTeachers teacher =
                    new ExpertTeachers(pictures, new int[] {classes[i], classes[i + 1]});
            int halvings = isUneven ? (classes.length - 2 - i) / 2 : 0;
            int ofLast = Math.min(most, pictures.count() * 2 / classes.length);
            streams.add(
                    teacher.stream(
                            random.split(),
                            seed * 31 + i,
                            TRAINED * (long) ofLast,
                            ofLast >> halvings));
        }
        return streams;
    }

    private List<Glimpse> stream(SplittableRandom random, long seed, long trained, int most) {
        int[] own = own();
        Shuffle.of(own, random);
        int shown = Math.min(most, own.length);
        int last = (int) Math.min(trained, own.length) - ROWS;
        try (Arena arena = Arena.ofConfined()) {
            PixelNet net =
                    new PixelNet(
                            arena,
                            seed,
                            new AdamW(RATE, .01, 30),
                            pictures.inputs(),
                            HIDDEN,
                            pictures.classes());
            PixelBatch batch = new PixelBatch(arena, ROWS, pictures.inputs(), pictures.classes());
            for (int pass = 0; pass < PASSES; pass++) {
                for (int base = 0; base <= last; base += ROWS) {
                    fill(batch, own, base, ROWS, true);
                    net.gradients(batch);
                    net.update();
                }
            }
            List<Glimpse> glimpses = new ArrayList<>();
            for (int base = 0; base < shown; base += ROWS) {
                int rows = Math.min(ROWS, shown - base);
                fill(batch, own, base, rows, false);
                net.predict(batch);
                for (int row = 0; row < rows; row++) {
                    glimpses.add(new Glimpse(pictures, own[base + row], null, said(batch, row)));
                }
            }
            return glimpses;
        }
    }

    private int[] own() {
        int[] own = new int[pictures.count()];
        int count = 0;
        for (int i = 0; i < pictures.count(); i++) {
            if (pictures.label(i) == classes[0] || pictures.label(i) == classes[1]) {
                own[count++] = i;
            }
        }
        return Arrays.copyOf(own, count);
    }

    private void fill(PixelBatch batch, int[] own, int base, int rows, boolean learns) {
        batch.clear();
        byte[] pixels = new byte[pictures.inputs()];
        for (int i = 0; i < rows; i++) {
            int row = batch.add();
            new Glimpse(pictures, own[base + i], null, null).pixels(pixels);
            Glimpse.scale(pixels, batch.pixels(row));
            float[] target = new float[pictures.classes()];
            target[pictures.label(own[base + i])] = 1;
            batch.target(row, target, learns ? 1.0 / rows : 0);
            for (int output = 0; output < pictures.classes(); output++) {
                if (output != classes[0] && output != classes[1]) {
                    batch.silence(row, output);
                }
            }
        }
    }

    /** Softmax over its own two. */
    private float[] said(PixelBatch batch, int row) {
        float[] outputs = new float[pictures.classes()];
        batch.outputs(row, outputs);
        double first = 1 / (1 + Math.exp(outputs[classes[1]] - outputs[classes[0]]));
        float[] said = new float[pictures.classes()];
        said[classes[0]] = (float) first;
        said[classes[1]] = (float) (1 - first);
        return said;
    }
}
