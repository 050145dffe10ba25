package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;

import java.nio.ShortBuffer;

/**
 * Mixes sound of one kind to mono at {@link FrameShape#SOUND_RATE}, 16-bit: as floats, FFmpeg's mix
 * to mono is 3 dB too loud.
 */
final class Resampler implements AutoCloseable {
    private final SwrContext context = new SwrContext(null);
    private final AVChannelLayout layout = new AVChannelLayout();
    private final int format;
    private final int rate;
    private ShortPointer samples = new ShortPointer(0);
    private PointerPointer<ShortPointer> planes = new PointerPointer<>(1);

    /** For sound of the same kind as this piece. */
    Resampler(AVFrame piece, String name) throws SourceException {
        format = piece.format();
        rate = piece.sample_rate();
        layoutOf(piece, layout);
        try (AVChannelLayout mono = new AVChannelLayout()) {
            avutil.av_channel_layout_default(mono, 1);
            int result =
                    swresample.swr_alloc_set_opts2(
                            context,
                            mono,
                            avutil.AV_SAMPLE_FMT_S16,
                            FrameShape.SOUND_RATE,
                            layout,
                            format,
                            rate,
                            0,
                            null);
            result = result < 0 ? result : swresample.swr_init(context);
            if (result < 0) {
                close();
                throw Ffmpeg.failure(
                        "cannot resample sound of rate=" + rate + " in " + name, result);
            }
        }
    }

    private static void layoutOf(AVFrame piece, AVChannelLayout layout) {
        if (piece.ch_layout().order() == avutil.AV_CHANNEL_ORDER_UNSPEC) {
            avutil.av_channel_layout_default(layout, piece.ch_layout().nb_channels());
        } else {
            avutil.av_channel_layout_copy(layout, piece.ch_layout());
        }
    }

    /** Whether a piece is of the same kind. */
    boolean takes(AVFrame piece) {
        try (AVChannelLayout other = new AVChannelLayout()) {
            layoutOf(piece, other);
            boolean same =
                    piece.format() == format
                            && piece.sample_rate() == rate
                            && avutil.av_channel_layout_compare(layout, other) == 0;
            avutil.av_channel_layout_uninit(other);
            return same;
        }
    }

    /** Takes a piece and gives what is ready, valid until the next call. */
    ShortBuffer convert(AVFrame piece) {
        return convert(piece.extended_data(), piece.nb_samples());
    }

    /** Gives the rest, valid until the next call. */
    ShortBuffer drain() {
        return convert(null, 0);
    }

    private ShortBuffer convert(@Nullable PointerPointer<?> piece, int count) {
        int room = swresample.swr_get_out_samples(context, count) + 1;
        if (samples.capacity() < room) {
            samples.close();
            samples = new ShortPointer(room);
            planes.put(0, samples);
        }
        int converted = swresample.swr_convert(context, planes, room, piece, count);
        return samples.position(0).asBuffer().limit(Math.max(0, converted));
    }

    @Override
    public void close() {
        swresample.swr_free(context);
        avutil.av_channel_layout_uninit(layout);
        layout.close();
        samples.close();
        planes.close();
    }
}
