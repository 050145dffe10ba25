package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/** Brings decoded pictures of any size, kind and orientation to the frame's shape. */
final class Scaler implements AutoCloseable {
    private final FrameShape shape;
    private final CameraView view;
    private final SwsContext context = swscale.sws_alloc_context();
    private @Nullable AVFrame scaled;

    Scaler(FrameShape shape, CameraView view) {
        this.shape = shape;
        this.view = view;
        context.flags(swscale.SWS_BILINEAR);
    }

    /** Writes a picture, u8 [height, width, 3] RGB; false if FFmpeg cannot convert it. */
    boolean scale(AVFrame picture, MemorySegment pictureRgb) {
        Orientation orientation = view.turn(Orientation.of(picture));
        view.crop(picture);
        int width = orientation.exchanged() ? shape.height() : shape.width();
        int height = orientation.exchanged() ? shape.width() : shape.height();
        AVFrame target =
                scaled != null && scaled.width() == width ? scaled : allocate(width, height);
        if (swscale.sws_scale_frame(context, target, picture) < 0) {
            return false;
        }
        int stride = target.linesize(0);
        MemorySegment rows =
                MemorySegment.ofBuffer(
                        target.data(0).capacity((long) stride * height).asByteBuffer());
        orientation.copy(rows, stride, pictureRgb, shape.height(), shape.width());
        return true;
    }

    private AVFrame allocate(int width, int height) {
        release();
        AVFrame target =
                avutil.av_frame_alloc().width(width).height(height).format(avutil.AV_PIX_FMT_RGB24);
        scaled = target;
        if (avutil.av_frame_get_buffer(target, 0) < 0) {
            throw new OutOfMemoryError("no memory for a picture of " + width + "x" + height);
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
