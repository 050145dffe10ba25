package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.vary.Sprite;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/** Brings decoded pictures of any size, kind and orientation to the frame's shape. */
final class Scaler implements AutoCloseable {
    private final int width;
    private final int height;
    private final int pixelBytes;
    private final CameraView view;
    private final SwsContext context = swscale.sws_alloc_context();
    private @Nullable AVFrame scaled;

    /** To the shape of a frame, without opacity. */
    Scaler(FrameShape shape, CameraView view) {
        this(shape.width(), shape.height(), FrameShape.CHANNELS, view);
    }

    private Scaler(int width, int height, int pixelBytes, CameraView view) {
        this.width = width;
        this.height = height;
        this.pixelBytes = pixelBytes;
        this.view = view;
        context.flags(swscale.SWS_BILINEAR);
    }

    /** To four bytes for each pixel: red, green, blue, opacity. */
    static Scaler withOpacity(int width, int height) {
        return new Scaler(width, height, Sprite.PIXEL_BYTES, CameraView.WHOLE);
    }

    /** Writes a picture, u8 [height, width, 3 or 4]; false if FFmpeg cannot convert it. */
    boolean scale(AVFrame picture, MemorySegment pixels) {
        Orientation orientation = view.turn(Orientation.of(picture));
        view.crop(picture);
        int columns = orientation.exchanged() ? height : width;
        int rows = orientation.exchanged() ? width : height;
        AVFrame target =
                scaled != null && scaled.width() == columns ? scaled : allocate(columns, rows);
        if (swscale.sws_scale_frame(context, target, picture) < 0) {
            return false;
        }
        int stride = target.linesize(0);
        MemorySegment stored =
                MemorySegment.ofBuffer(
                        target.data(0).capacity((long) stride * rows).asByteBuffer());
        orientation.copy(stored, stride, pixels, height, width, pixelBytes);
        return true;
    }

    private AVFrame allocate(int columns, int rows) {
        release();
        boolean opaque = pixelBytes == FrameShape.CHANNELS;
        int format = opaque ? avutil.AV_PIX_FMT_RGB24 : avutil.AV_PIX_FMT_RGBA;
        AVFrame target = avutil.av_frame_alloc().width(columns).height(rows).format(format);
        scaled = target;
        if (avutil.av_frame_get_buffer(target, 0) < 0) {
            throw new OutOfMemoryError("no memory for a picture of " + columns + "x" + rows);
        }
        return target;
    }

    private void release() {
        if (scaled != null) {
            avutil.av_frame_free(scaled);
            scaled = null;
        }
    }

    @Override
    public void close() {
        release();
        swscale.sws_free_context(context);
    }
}
