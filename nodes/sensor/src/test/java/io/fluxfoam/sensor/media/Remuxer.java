package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerPointer;

import java.nio.file.Path;

/** Copies the packets of a file to another one, of another format and at other times. */
final class Remuxer {
    /** What {@link Times#ms} says of a packet that is left out. */
    static final long LEFT_OUT = Long.MIN_VALUE;

    private Remuxer() {}

    /** Says when a packet is to be shown. */
    interface Times {
        /**
         * @param sound whether it is one of sound, and not of pictures
         * @param ms when it was shown
         */
        long ms(boolean sound, long ms);
    }

    static Path copy(Path from, Path to, String format, Times times) {
        AVFormatContext in = new AVFormatContext(null);
        check(avformat.avformat_open_input(in, "file:" + from, null, (AVDictionary) null));
        check(avformat.avformat_find_stream_info(in, (PointerPointer<?>) null));
        AVFormatContext out = new AVFormatContext(null);
        check(avformat.avformat_alloc_output_context2(out, null, format, "file:" + to));
        for (int i = 0; i < in.nb_streams(); i++) {
            AVStream stream = avformat.avformat_new_stream(out, null);
            check(avcodec.avcodec_parameters_copy(stream.codecpar(), in.streams(i).codecpar()));
            stream.codecpar().codec_tag(0);
            stream.time_base(in.streams(i).time_base());
            stream.avg_frame_rate(in.streams(i).avg_frame_rate());
        }
        AVIOContext io = new AVIOContext(null);
        check(avformat.avio_open(io, "file:" + to, avformat.AVIO_FLAG_WRITE));
        out.pb(io);
        check(avformat.avformat_write_header(out, (AVDictionary) null));
        AVPacket packet = avcodec.av_packet_alloc();
        while (avformat.av_read_frame(in, packet) >= 0) {
            AVStream source = in.streams(packet.stream_index());
            boolean sound = source.codecpar().codec_type() == avutil.AVMEDIA_TYPE_AUDIO;
            long oldMs = Math.round(Ffmpeg.us(packet.pts(), source.time_base()) / 1e3);
            long newMs = times.ms(sound, oldMs);
            if (newMs == LEFT_OUT) {
                avcodec.av_packet_unref(packet);
            } else {
                AVStream target = out.streams(packet.stream_index());
                long time = Ffmpeg.inBase(newMs * 1_000, target.time_base());
                avcodec.av_packet_rescale_ts(packet, source.time_base(), target.time_base());
                packet.pts(time).dts(time).pos(-1);
                check(avformat.av_interleaved_write_frame(out, packet));
            }
        }
        check(avformat.av_write_trailer(out));
        avcodec.av_packet_free(packet);
        avformat.avio_closep(io);
        avformat.avformat_free_context(out);
        avformat.avformat_close_input(in);
        return to;
    }

    private static void check(int result) {
        assertTrue(result >= 0, "FFmpeg error " + result);
    }
}
