package io.fluxfoam.student.train;

import io.fluxfoam.student.net.InputShape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * How the network gets a whole picture out of the replay, u8 {@code [3, rows, columns]} to f32:
 * each value its distance from the picture's mean in standard deviations. For training it is looked
 * at anew each time: nearer or farther, aside, aslant, in another light; else a picture that is
 * replayed again and again is learned by heart. Where the picture's own columns are in it then, is
 * said as weights f32 {@code [grid columns, grid columns]}: those with which the columns of what is
 * seen make one of the picture's, so that what stands on its columns can be learned from any view.
 * Not thread-safe.
 */
final class SightView {
    /** Added to the deviation, in levels of 0 to 255: noise on a blank picture stays small. */
    private static final float LEAST_DEVIATION = 6.4f;

    private static final double ZOOM = .25;
    private static final double STRETCH = .1;
    private static final double SLANT = .15;
    private static final double SHIFT = 1.0 / 8;
    private static final double GAIN = .2;
    private static final double BRIGHTNESS = 30;
    private static final double NOISE = 8;
    private static final int NOISE_TABLE = 1 << 16;

    private final InputShape shape;
    private final boolean mirrored;
    private final int[] from;
    private final float[] noise = new float[NOISE_TABLE];
    private double wide;
    private double right;

    /**
     * Of pictures of this shape.
     *
     * @param mirrored whether what is in the world may be in it the other way round too
     */
    SightView(InputShape shape, boolean mirrored) {
        this.shape = shape;
        this.mirrored = mirrored;
        from = new int[shape.sightPixels()];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
    }

    /** As it is. */
    void plain(MemorySegment small, MemorySegment floats, MemorySegment columns) {
        wide = 1;
        right = shape.sightColumns() / 2.0;
        place(columns);
        int count = InputShape.COLOURS * shape.sightPixels();
        for (int i = 0; i < count; i++) {
            floats.setAtIndex(
                    ValueLayout.JAVA_FLOAT, i, small.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
        }
        standardize(floats);
    }

    /** In some other way. */
    void varied(
            MemorySegment small,
            MemorySegment floats,
            MemorySegment columns,
            SplittableRandom random) {
        aim(random);
        place(columns);
        int pixels = shape.sightPixels();
        double light = between(random, GAIN);
        float brightness = (float) (BRIGHTNESS * (2 * random.nextDouble() - 1));
        float roughness = (float) (NOISE * random.nextDouble());
        int at = random.nextInt(NOISE_TABLE);
        for (int colour = 0; colour < InputShape.COLOURS; colour++) {
            float gain = (float) (light * between(random, GAIN));
            int plane = colour * pixels;
            for (int i = 0; i < pixels; i++) {
                float value = small.get(ValueLayout.JAVA_BYTE, plane + from[i]) & 0xFF;
                float grain = roughness * noise[(at + plane + i) & (NOISE_TABLE - 1)];
                floats.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        plane + i,
                        Math.clamp(value * gain + brightness + grain, 0f, 255f));
            }
        }
        standardize(floats);
    }

    private static double between(SplittableRandom random, double range) {
        return 1 + range * (2 * random.nextDouble() - 1);
    }

    /** Chooses for each pixel the one that is seen there; what is beyond the edge is the edge. */
    private void aim(SplittableRandom random) {
        int rows = shape.sightRows();
        int columns = shape.sightColumns();
        double zoom = Math.exp(ZOOM * (2 * random.nextDouble() - 1));
        wide = zoom * Math.exp(STRETCH * (2 * random.nextDouble() - 1));
        double slant = SLANT * (2 * random.nextDouble() - 1);
        double down = SHIFT * rows * (2 * random.nextDouble() - 1) + rows / 2.0;
        right = SHIFT * columns * (2 * random.nextDouble() - 1) + columns / 2.0;
        if (mirrored && random.nextBoolean()) {
            wide = -wide;
        }
        for (int y = 0; y < rows; y++) {
            double dy = (y + .5 - rows / 2.0) * zoom;
            for (int x = 0; x < columns; x++) {
                double dx = (x + .5 - columns / 2.0) * wide;
                int fromY = Math.clamp((long) Math.floor(down + dy - slant * dx), 0, rows - 1);
                int fromX = Math.clamp((long) Math.floor(right + dx + slant * dy), 0, columns - 1);
                from[y * columns + x] = fromY * columns + fromX;
            }
        }
    }

    /** Between the two columns of the grid that are nearest; beyond the edge is the edge. */
    private void place(MemorySegment columns) {
        columns.fill((byte) 0);
        int count = shape.sightGridColumns();
        double pixels = (double) shape.sightColumns() / count;
        for (int column = 0; column < count; column++) {
            double middle = (column + .5) * pixels;
            double seenAt = (middle - right) / wide + shape.sightColumns() / 2.0;
            double at = Math.clamp(seenAt / pixels - .5, 0, count - 1);
            int before = (int) at;
            float behind = (float) (at - before);
            columns.setAtIndex(ValueLayout.JAVA_FLOAT, (long) before * count + column, 1 - behind);
            if (behind > 0) {
                int after = before + 1;
                columns.setAtIndex(ValueLayout.JAVA_FLOAT, (long) after * count + column, behind);
            }
        }
    }

    private void standardize(MemorySegment floats) {
        int count = InputShape.COLOURS * shape.sightPixels();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            float value = floats.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / count;
        double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
        float scale = (float) (1 / (deviation + LEAST_DEVIATION));
        for (int i = 0; i < count; i++) {
            float value = floats.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (value - mean) * scale);
        }
    }
}
