package io.fluxfoam.sensor.media;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a camera's picture is shown, and how it is turned: a camera that hangs on its side or
 * head says nothing of it.
 *
 * @param quarterTurns clockwise, 0 to 3
 * @param width columns of the camera's own picture; 0: all
 * @param height rows of it; 0: all
 * @param left first column; {@link #MIDDLE}: as many are left out at the left as at the right
 * @param top first row; {@link #MIDDLE}: as many are left out above as below
 */
public record CameraView(int quarterTurns, int width, int height, int left, int top) {
    /** All of it, as it is. */
    public static final CameraView WHOLE = new CameraView(0, 0, 0, 0, 0);

    private static final int MIDDLE = -1;
    private static final int QUARTER_DEGREES = 90;
    private static final int TURNS = 4;
    private static final Pattern CROP =
            Pattern.compile("([0-9]{1,5})x([0-9]{1,5})(\\+([0-9]{1,5})\\+([0-9]{1,5}))?");

    /**
     * Reads what a user says.
     *
     * @param degrees 0, 90, 180 or 270
     * @param crop {@code WxH}, {@code WxH+X+Y}, or null
     * @throws IllegalArgumentException if it is something else
     */
    public static CameraView of(int degrees, @Nullable String crop) {
        int turns = degrees / QUARTER_DEGREES;
        if (degrees % QUARTER_DEGREES != 0 || turns < 0 || turns >= TURNS) {
            throw new IllegalArgumentException("--rotate=" + degrees + " is not 0, 90, 180 or 270");
        }
        if (crop == null) {
            return new CameraView(turns, 0, 0, 0, 0);
        }
        Matcher sides = CROP.matcher(crop);
        if (!sides.matches() || number(sides, 1) == 0 || number(sides, 2) == 0) {
            throw new IllegalArgumentException(
                    "--crop=" + crop + " is not WxH or WxH+X+Y, in the camera's pixels");
        }
        boolean isPlaced = sides.group(3) != null;
        return new CameraView(
                turns,
                number(sides, 1),
                number(sides, 2),
                isPlaced ? number(sides, 4) : MIDDLE,
                isPlaced ? number(sides, 5) : MIDDLE);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /** Whether nothing is cut off or turned. */
    public boolean isWhole() {
        return equals(WHOLE);
    }

    /** Whether a camera's pictures have all that is to be shown. */
    boolean liesIn(int pictureWidth, int pictureHeight) {
        return Math.max(left, 0) + width <= pictureWidth
                && Math.max(top, 0) + height <= pictureHeight;
    }

    /** Takes off a decoded picture what is not shown. */
    void crop(AVFrame picture) {
        if (width == 0) {
            return;
        }
        int spareX = Math.max(0, picture.width() - width);
        int spareY = Math.max(0, picture.height() - height);
        int fromLeft = left == MIDDLE ? spareX / 2 : Math.min(left, spareX);
        int fromTop = top == MIDDLE ? spareY / 2 : Math.min(top, spareY);
        picture.crop_left(fromLeft).crop_right(spareX - fromLeft);
        picture.crop_top(fromTop).crop_bottom(spareY - fromTop);
        avutil.av_frame_apply_cropping(picture, avutil.AV_FRAME_CROP_UNALIGNED);
    }

    /** How a picture that stands like this is to be shown. */
    Orientation turn(Orientation orientation) {
        Orientation turned = orientation;
        for (int i = 0; i < quarterTurns; i++) {
            turned = turned.turnedClockwise();
        }
        return turned;
    }
}
