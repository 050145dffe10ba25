package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.Sprite;

import org.bytedeco.ffmpeg.avutil.AVFrame;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Decodes one picture of an input with its opacity, upright and in its own proportions. */
final class SpriteReader {
    private SpriteReader() {}

    /**
     * Reads a picture.
     *
     * @param maxSide what is larger is made smaller
     * @param timeUs of the input, for which the picture is shown; the last one's if it ends before
     * @return empty if there is no picture that can be decoded
     */
    static Optional<Sprite> read(MediaInput input, int maxSide, long timeUs)
            throws SourceException {
        Demuxer demuxer = Demuxer.open(input);
        if (demuxer.pictures().isEmpty()) {
            demuxer.close();
            return Optional.empty();
        }
        try (Decoder decoder = new Decoder(demuxer, demuxer.pictures().get())) {
            Optional<Sprite> sprite = Optional.empty();
            AVFrame picture = decoder.next();
            while (picture != null && (sprite.isEmpty() || decoder.timeUs() <= timeUs)) {
                Optional<Sprite> next = scale(picture, maxSide);
                sprite = next.isPresent() ? next : sprite;
                picture = timeUs == 0 && sprite.isPresent() ? null : decoder.next();
            }
            return sprite;
        }
    }

    private static Optional<Sprite> scale(AVFrame picture, int maxSide) {
        boolean exchanged = Orientation.of(picture).exchanged();
        int width = exchanged ? picture.height() : picture.width();
        int height = exchanged ? picture.width() : picture.height();
        double smaller = Math.min(1, (double) maxSide / Math.max(width, height));
        int columns = (int) Math.max(1, Math.round(width * smaller));
        int rows = (int) Math.max(1, Math.round(height * smaller));
        byte[] rgba = new byte[columns * rows * Sprite.PIXEL_BYTES];
        try (Scaler scaler = Scaler.withOpacity(columns, rows)) {
            return scaler.scale(picture, MemorySegment.ofArray(rgba))
                    ? Optional.of(Sprite.ofStraight(columns, rows, rgba))
                    : Optional.empty();
        }
    }
}
