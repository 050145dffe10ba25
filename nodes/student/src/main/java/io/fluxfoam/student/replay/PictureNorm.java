package io.fluxfoam.student.replay;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.student.net.Batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Turns a picture, RGB bytes {@code [height, width, 3]}, into what the student sees: a band of 48
 * rows around the text, each pixel its distance in brightness from the picture's median in standard
 * deviations, {@code |gray - median| / std}. So neither brightness, contrast nor polarity (dark on
 * light, light on dark) is left in it. Not thread-safe.
 */
public final class PictureNorm {
    static final int HEIGHT = FrameShape.STANDARD_HEIGHT;
    public static final int WIDTH = Batch.BAND_WIDTH;
    static final int CHANNELS = FrameShape.CHANNELS;
    public static final long PICTURE_BYTES = (long) HEIGHT * WIDTH * CHANNELS;
    static final long BAND_BYTES = (long) Batch.BAND_HEIGHT * WIDTH * Float.BYTES;

    private static final int TEXT_CONTRAST = 40;
    private static final int TEXT_PIXELS = 3;

    private final byte[] gray = new byte[HEIGHT * WIDTH];
    private final int[] histogram = new int[256];

    /**
     * Reads a picture in place and writes its band.
     *
     * @param rgb {@link #PICTURE_BYTES} bytes
     * @param shiftRows how far the band is moved down from where the text is; training jitters it
     * @param band {@link #BAND_BYTES} bytes, floats
     */
    public void normalize(MemorySegment rgb, int shiftRows, MemorySegment band) {
        double deviation = toGray(rgb);
        int median = median();
        int centre = (int) Math.round(textCentre(median)) + shiftRows;
        int top = Math.clamp(centre - Batch.BAND_HEIGHT / 2, 0, HEIGHT - Batch.BAND_HEIGHT);
        int first = top * WIDTH;
        for (int i = 0; i < Batch.BAND_HEIGHT * WIDTH; i++) {
            int distance = Math.abs((gray[first + i] & 0xFF) - median);
            band.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (distance / deviation));
        }
    }

    /**
     * Fills gray values and histogram; returns the standard deviation plus 1, so that a blank
     * picture stays finite.
     */
    private double toGray(MemorySegment rgb) {
        Arrays.fill(histogram, 0);
        long sum = 0;
        long squares = 0;
        for (int i = 0; i < gray.length; i++) {
            int red = rgb.get(ValueLayout.JAVA_BYTE, 3L * i) & 0xFF;
            int green = rgb.get(ValueLayout.JAVA_BYTE, 3L * i + 1) & 0xFF;
            int blue = rgb.get(ValueLayout.JAVA_BYTE, 3L * i + 2) & 0xFF;
            int value = (77 * red + 150 * green + 29 * blue + 128) >> 8;
            gray[i] = (byte) value;
            histogram[value]++;
            sum += value;
            squares += (long) value * value;
        }
        double mean = (double) sum / gray.length;
        return Math.sqrt((double) squares / gray.length - mean * mean) + 1;
    }

    private int median() {
        int median = 0;
        for (int seen = histogram[0]; seen < gray.length / 2; seen += histogram[median]) {
            median++;
        }
        return median;
    }

    /**
     * Mean row of the pixels that stand out, over rows with some of them; the middle row if there
     * are none.
     */
    private double textCentre(int median) {
        double rows = 0;
        double pixels = 0;
        for (int y = 0; y < HEIGHT; y++) {
            int count = 0;
            for (int x = 0; x < WIDTH; x++) {
                if (Math.abs((gray[y * WIDTH + x] & 0xFF) - median) > TEXT_CONTRAST) {
                    count++;
                }
            }
            if (count >= TEXT_PIXELS) {
                rows += (double) y * count;
                pixels += count;
            }
        }
        return pixels == 0 ? HEIGHT / 2.0 : rows / pixels;
    }
}
