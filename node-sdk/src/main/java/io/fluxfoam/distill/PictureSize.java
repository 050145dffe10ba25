package io.fluxfoam.distill;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Columns and rows of a picture, as a user asks for them: {@code 160x120}.
 *
 * @param width columns
 * @param height rows
 */
public record PictureSize(int width, int height) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,6})x([0-9]{1,6})");

    /**
     * Checks the limits of a frame.
     *
     * @throws IllegalArgumentException if it is none that a frame's picture can have
     */
    public PictureSize {
        if (Math.min(height, width) < FrameShape.MIN_SIDE
                || Math.max(height, width) > FrameShape.MAX_SIDE) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "picture %dx%d: each side must have %d to %d pixels",
                            width,
                            height,
                            FrameShape.MIN_SIDE,
                            FrameShape.MAX_SIDE));
        }
    }

    /**
     * Reads {@code WxH}.
     *
     * @throws IllegalArgumentException if it is not that, or out of the limits
     */
    public static PictureSize parse(String text) {
        Matcher sides = TEXT.matcher(text);
        if (!sides.matches()) {
            throw new IllegalArgumentException(
                    "picture \"" + text + "\" is not WxH, columns and rows, as 160x120");
        }
        return new PictureSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
