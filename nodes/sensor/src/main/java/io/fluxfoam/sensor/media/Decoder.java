package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * The decoded frames of one stream. What cannot be decoded is left out and counted. Not
 * thread-safe, but not bound to the thread that opened it.
 */
final class Decoder implements AutoCloseable {
    /**
     * A picture of more, 16384x16384, would take a gigabyte: it is damaged, or meant to do harm.
     */
    static final long MAX_PIXELS = 1L << 28;

    private final Demuxer demuxer;
    private final AVStream stream;
    private final AVRational timeBase;
    private final AVCodecContext codec;
    private final AVFrame frame = avutil.av_frame_alloc();
    private final boolean hasExif;
    private int orientation = 1;
    private long damaged;
    private boolean draining;

    /** Owns the demuxer from here on, also if it fails. */
    Decoder(Demuxer demuxer, AVStream stream) throws SourceException {
        this.demuxer = demuxer;
        this.stream = stream;
        this.timeBase = stream.time_base();
        this.hasExif = ExifOrientation.isIn(stream.codecpar().codec_id());
        AVCodec kind = avcodec.avcodec_find_decoder(stream.codecpar().codec_id());
        codec = avcodec.avcodec_alloc_context3(kind);
        int result = avutil.AVERROR_DECODER_NOT_FOUND;
        if (kind != null) {
            avcodec.avcodec_parameters_to_context(codec, stream.codecpar());
            codec.pkt_timebase(timeBase);
            codec.max_pixels(MAX_PIXELS);
            codec.thread_count(1); // one for each sensor, that the others have theirs
            result = avcodec.avcodec_open2(codec, kind, (AVDictionary) null);
        }
        if (result < 0) {
            close();
            String name = avcodec.avcodec_get_name(stream.codecpar().codec_id()).getString();
            throw Ffmpeg.failure("cannot decode " + name + " in " + demuxer.name(), result);
        }
    }

    /** Decodes the next frame, valid until the next call; null at the end. */
    @Nullable AVFrame next() {
        while (true) {
            int result = avcodec.avcodec_receive_frame(codec, frame);
            if (result == 0) {
                damaged += frame.decode_error_flags() == 0 ? 0 : 1;
                ExifOrientation.attach(orientation, frame);
                return frame;
            }
            if (draining) {
                return null;
            }
            damaged += Ffmpeg.isAgain(result) ? 0 : 1;
            AVPacket packet = demuxer.next(stream);
            draining = packet == null;
            if (hasExif && packet != null && packet.size() > 0) {
                orientation =
                        ExifOrientation.in(packet.data().capacity(packet.size()).asByteBuffer());
            }
            if (avcodec.avcodec_send_packet(codec, packet) < 0) {
                damaged++;
            }
        }
    }

    /** Time of the frame decoded last; {@link Ffmpeg#NO_TIME} if it has none. */
    long timeUs() {
        long time = frame.best_effort_timestamp();
        return time == Ffmpeg.NO_TIME ? Ffmpeg.NO_TIME : Ffmpeg.us(time, timeBase);
    }

    /** Length of the frame decoded last; 0 if it is not known. */
    double durationUs() {
        double seconds = Math.max(0.0, frame.duration()) * timeBase.num() / timeBase.den();
        return seconds * Ffmpeg.MICROS_PER_SECOND;
    }

    /** How many pieces could not be decoded, or not wholly. */
    long damaged() {
        return damaged;
    }

    String name() {
        return demuxer.name();
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
        avcodec.avcodec_free_context(codec);
        demuxer.close();
    }
}
