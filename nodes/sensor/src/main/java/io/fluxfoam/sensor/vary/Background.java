package io.fluxfoam.sensor.vary;

import java.util.SplittableRandom;

/**
 * What a thing stands before: plain, a gradient, a pattern of two colours, soft noise, or shapes.
 * Kinds and sizes are relative to the frame, and of equal chance. Not thread-safe.
 */
final class Background {
    private static final int CHANNELS = 3;
    private static final int KINDS = 5;
    private static final int MAX_CELLS = 7;

    private final int width;
    private final int height;
    private final float[] first = new float[CHANNELS];
    private final float[] second = new float[CHANNELS];
    private final float[] knots = new float[(MAX_CELLS + 1) * (MAX_CELLS + 1) * CHANNELS];

    Background(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /** Fills the canvas, [height, width, 3] of 0 to 255. */
    void paint(SplittableRandom random, float[] canvas) {
        colour(random, first);
        colour(random, second);
        switch (random.nextInt(KINDS)) {
            case 0 -> plain(canvas);
            case 1 -> gradient(random, canvas);
            case 2 -> pattern(random, canvas);
            case 3 -> softNoise(random, canvas);
            default -> shapes(random, canvas);
        }
    }

    private static void colour(SplittableRandom random, float[] rgb) {
        for (int c = 0; c < CHANNELS; c++) {
            rgb[c] = random.nextInt(256);
        }
    }

    private void plain(float[] canvas) {
        for (int at = 0; at < canvas.length; at += CHANNELS) {
            put(canvas, at, first);
        }
    }

    private static void put(float[] canvas, int at, float[] rgb) {
        canvas[at] = rgb[0];
        canvas[at + 1] = rgb[1];
        canvas[at + 2] = rgb[2];
    }

    private void gradient(SplittableRandom random, float[] canvas) {
        double angle = random.nextDouble(2 * Math.PI);
        float perColumn = (float) StrictMath.cos(angle) / width;
        float perRow = (float) StrictMath.sin(angle) / height;
        int at = 0;
        for (int y = 0; y < height; y++) {
            float row = .5f + perRow * (y - height / 2f);
            for (int x = 0; x < width; x++) {
                float part = Math.clamp(row + perColumn * (x - width / 2f), 0f, 1f);
                for (int c = 0; c < CHANNELS; c++) {
                    canvas[at++] = first[c] + part * (second[c] - first[c]);
                }
            }
        }
    }

    /** Columns, rows or a board of both colours. */
    private void pattern(SplittableRandom random, float[] canvas) {
        int kind = random.nextInt(3);
        int side = Math.max(2, (int) (height * random.nextDouble(.06, .28)));
        int at = 0;
        for (int y = 0; y < height; y++) {
            int row = kind == 0 ? 0 : y / side;
            for (int x = 0; x < width; x++) {
                int column = kind == 1 ? 0 : x / side;
                put(canvas, at, (row + column & 1) == 0 ? first : second);
                at += CHANNELS;
            }
        }
    }

    /** Random colours about the first one at the knots of a coarse grid, linear between them. */
    private void softNoise(SplittableRandom random, float[] canvas) {
        int rows = random.nextInt(2, MAX_CELLS);
        int columns = random.nextInt(2, MAX_CELLS + 1);
        double amplitude = random.nextDouble(20, 80);
        int knotsRow = (columns + 1) * CHANNELS;
        for (int i = 0; i < (rows + 1) * knotsRow; i++) {
            knots[i] = first[i % CHANNELS] + (float) random.nextDouble(-amplitude, amplitude);
        }
        int at = 0;
        for (int y = 0; y < height; y++) {
            float row = (float) y * rows / height;
            float down = row - (int) row;
            int above = (int) row * knotsRow;
            for (int x = 0; x < width; x++) {
                float column = (float) x * columns / width;
                float right = column - (int) column;
                int knot = above + (int) column * CHANNELS;
                for (int c = 0; c < CHANNELS; c++) {
                    float upper = mix(knots[knot + c], knots[knot + CHANNELS + c], right);
                    int below = knot + knotsRow + c;
                    float lower = mix(knots[below], knots[below + CHANNELS], right);
                    canvas[at++] = mix(upper, lower, down);
                }
            }
        }
    }

    private static float mix(float from, float to, float part) {
        return from + part * (to - from);
    }

    /** Two to five rectangles and ellipses over the plain colour. */
    private void shapes(SplittableRandom random, float[] canvas) {
        plain(canvas);
        int count = random.nextInt(2, 6);
        for (int i = 0; i < count; i++) {
            colour(random, second);
            float centreX = random.nextInt(width);
            float centreY = random.nextInt(height);
            float halfWidth = (float) (width * random.nextDouble(.03, .28));
            float halfHeight = (float) (height * random.nextDouble(.05, .3));
            boolean round = random.nextBoolean();
            int top = Math.max(0, (int) (centreY - halfHeight));
            int bottom = Math.min(height, (int) (centreY + halfHeight));
            int left = Math.max(0, (int) (centreX - halfWidth));
            int right = Math.min(width, (int) (centreX + halfWidth));
            for (int y = top; y < bottom; y++) {
                float down = (y - centreY) / halfHeight;
                for (int x = left; x < right; x++) {
                    float across = (x - centreX) / halfWidth;
                    if (!round || across * across + down * down < 1) {
                        put(canvas, (y * width + x) * CHANNELS, second);
                    }
                }
            }
        }
    }
}
