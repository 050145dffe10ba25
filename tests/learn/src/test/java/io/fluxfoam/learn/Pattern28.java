package io.fluxfoam.learn;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Noisy pictures of four bands, bright or dark, which a small net learns in seconds; kinds have
 * bands in common, so that to learn one means to forget another.
 */
final class Pattern28 {
    static final int SIDE = 28;
    static final int CLASSES = 10;

    private Pattern28() {}

    static LabelledPictures pictures(int count, long seed) {
        byte[] pixels = new byte[count * SIDE * SIDE];
        byte[] labels = new byte[count];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % CLASSES);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                int band = 4 * pixel / (SIDE * SIDE);
                int value = ((labels[i] + 1 >> band & 1) == 1 ? 110 : 60) + random.nextInt(90);
                pixels[i * SIDE * SIDE + pixel] = (byte) value;
            }
        }
        return new LabelledPictures(SIDE, CLASSES, pixels, labels);
    }

    /** As the four files of Fashion-MNIST. */
    static void write(Path folder, int training, int exam) throws IOException {
        write(folder, "train", pictures(training, 1));
        write(folder, "t10k", pictures(exam, 2));
    }

    private static void write(Path folder, String name, LabelledPictures of) throws IOException {
        idx(folder.resolve(name + "-images-idx3-ubyte.gz"), of.pixels(), of.count(), SIDE, SIDE);
        idx(folder.resolve(name + "-labels-idx1-ubyte.gz"), of.labels(), of.count());
    }

    static void idx(Path file, byte[] bytes, int... extents) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(0x800 | extents.length);
            for (int extent : extents) {
                out.writeInt(extent);
            }
            out.write(bytes);
        }
    }
}
