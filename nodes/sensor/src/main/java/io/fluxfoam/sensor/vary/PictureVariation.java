package io.fluxfoam.sensor.vary;

import io.fluxfoam.distill.FrameShape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Draws a thing anew into a picture: placed, scaled, mirrored, turned, blurred, before another
 * background, in another light and tint, with noise in each pixel. Not thread-safe: it keeps one
 * canvas.
 */
public final class PictureVariation {
    private static final int CHANNELS = FrameShape.CHANNELS;
    private static final int OPACITY = 3;

    /** Pixels of the thing for one of the frame, beyond which a smaller level is taken. */
    private static final double MAX_STEP = 1.4;

    private final int width;
    private final int height;
    private final VariationStrength strength;
    private final boolean mirrored;
    private final Background background;
    private final float[] canvas;
    private final byte[] pixels;

    /**
     * Variations that fit a shape.
     *
     * @param mirrored whether half of the things are drawn with left and right exchanged
     */
    public PictureVariation(FrameShape shape, VariationStrength strength, boolean mirrored) {
        this.width = shape.width();
        this.height = shape.height();
        this.strength = strength;
        this.mirrored = mirrored;
        this.background = new Background(width, height);
        this.canvas = new float[shape.pictureBytes()];
        this.pixels = new byte[shape.pictureBytes()];
    }

    /**
     * Fills the whole picture, u8 [height, width, 3] RGB. What it shows depends on the thing and on
     * the random numbers alone.
     */
    public void draw(Sprite thing, SplittableRandom random, MemorySegment pictureRgb) {
        background.paint(random, canvas);
        Placement place = Placement.draw(thing, width, height, strength, mirrored, random);
        put(thing, place, random.nextDouble() < strength.blurred() ? 1 : 0);
        expose(random);
        MemorySegment.copy(pixels, 0, pictureRgb, ValueLayout.JAVA_BYTE, 0, pixels.length);
    }

    /**
     * Each pixel of the frame that the thing may reach takes what lies under it, between pixels.
     */
    private void put(Sprite thing, Placement place, int blur) {
        double halvings = StrictMath.log(1 / (place.scale() * MAX_STEP)) / StrictMath.log(2);
        Sprite.Level level = thing.level((int) Math.ceil(Math.max(0, halvings)) + blur);
        double halfWidth = place.scale() * thing.width() / 2;
        double halfHeight = place.scale() * thing.height() / 2;
        double cos = StrictMath.cos(place.turnRadians());
        double sin = StrictMath.sin(place.turnRadians());
        double reachX = Math.abs(cos) * halfWidth + Math.abs(sin) * halfHeight + 2;
        double reachY = Math.abs(sin) * halfWidth + Math.abs(cos) * halfHeight + 2;
        int left = Math.max(0, (int) (place.centreX() - reachX));
        int right = Math.min(width, (int) (place.centreX() + reachX) + 1);
        int top = Math.max(0, (int) (place.centreY() - reachY));
        int bottom = Math.min(height, (int) (place.centreY() + reachY) + 1);
        float perX = (float) (level.width() / (2 * halfWidth)) * (place.mirrored() ? -1 : 1);
        float perY = (float) (level.height() / (2 * halfHeight));
        float cosF = (float) cos;
        float sinF = (float) sin;
        // The margin of a level is one pixel wide, and a pixel's value is that of its centre.
        float middleX = level.width() / 2f + .5f;
        float middleY = level.height() / 2f + .5f;
        float limitX = level.width() + 1f;
        float limitY = level.height() + 1f;
        for (int y = top; y < bottom; y++) {
            float down = (float) (y + .5 - place.centreY());
            for (int x = left; x < right; x++) {
                float across = (float) (x + .5 - place.centreX());
                float u = (cosF * across + sinF * down) * perX + middleX;
                float v = (cosF * down - sinF * across) * perY + middleY;
                if (u >= 0 && v >= 0 && u < limitX && v < limitY) {
                    blend(level.rgba(), level.rowBytes(), u, v, (y * width + x) * CHANNELS);
                }
            }
        }
    }

    private void blend(byte[] rgba, int rowBytes, float u, float v, int at) {
        int column = (int) u;
        int row = (int) v;
        float right = u - column;
        float down = v - row;
        float w11 = right * down;
        float w01 = right - w11;
        float w10 = down - w11;
        float w00 = 1 - right - w10;
        int p00 = row * rowBytes + column * Sprite.PIXEL_BYTES;
        int p10 = p00 + rowBytes;
        float opacity = mix(rgba, p00 + OPACITY, p10 + OPACITY, w00, w01, w10, w11);
        if (opacity == 0) {
            return;
        }
        float behind = 1 - opacity / 255;
        for (int c = 0; c < CHANNELS; c++) {
            float value = mix(rgba, p00 + c, p10 + c, w00, w01, w10, w11);
            canvas[at + c] = canvas[at + c] * behind + value;
        }
    }

    private static float mix(
            byte[] rgba, int upper, int lower, float w00, float w01, float w10, float w11) {
        return (rgba[upper] & 0xFF) * w00
                + (rgba[upper + Sprite.PIXEL_BYTES] & 0xFF) * w01
                + (rgba[lower] & 0xFF) * w10
                + (rgba[lower + Sprite.PIXEL_BYTES] & 0xFF) * w11;
    }

    /** Light, tint and noise are those of the whole picture, as a camera's are. */
    private void expose(SplittableRandom random) {
        double light = 1 + strength.contrast() * (2 * random.nextDouble() - 1);
        float red = (float) (light * (1 + strength.tint() * (2 * random.nextDouble() - 1)));
        float green = (float) (light * (1 + strength.tint() * (2 * random.nextDouble() - 1)));
        float blue = (float) (light * (1 + strength.tint() * (2 * random.nextDouble() - 1)));
        float add = (float) (strength.brightness() * (2 * random.nextDouble() - 1)) + .5f;
        float grain = (float) (strength.maxGrain() * random.nextDouble());
        int offset = random.nextInt(Grain.COUNT);
        for (int at = 0; at < pixels.length; at += CHANNELS) {
            pixels[at] = level(canvas[at] * red + add + grain * Grain.at(offset + at));
            pixels[at + 1] =
                    level(canvas[at + 1] * green + add + grain * Grain.at(offset + at + 1));
            pixels[at + 2] = level(canvas[at + 2] * blue + add + grain * Grain.at(offset + at + 2));
        }
    }

    private static byte level(float value) {
        return (byte) Math.min(255, Math.max(0, (int) value));
    }
}
