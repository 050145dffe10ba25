package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The packets of one input in the order in which they lie in it. Those of a file have times that
 * count from its beginning and go on where the file's own begin again.
 */
final class Demuxer implements AutoCloseable {
    /** In a broadcast a leap is a break in its clock. Elsewhere it is one if it cannot be meant. */
    private static final long BROADCAST_LEAP_US = TimeUnit.SECONDS.toMicros(10);

    private static final long LEAP_US = TimeUnit.HOURS.toMicros(1);

    /** What makes a pattern of a name. */
    private static final Pattern PATTERN = Pattern.compile("[%*?\\[{]");

    private static final double MAX_PICTURE_RATE = 1_000;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final MediaInput input;
    private final AVFormatContext format;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final Optional<AVStream> pictures;
    private final Optional<AVStream> sound;
    private final Timeline timeline;
    private final long startUs;

    private Demuxer(MediaInput input, AVFormatContext format) {
        this.input = input;
        this.format = format;
        pictures = best(avutil.AVMEDIA_TYPE_VIDEO, -1);
        sound = best(avutil.AVMEDIA_TYPE_AUDIO, pictures.map(AVStream::index).orElse(-1));
        for (int i = 0; i < format.nb_streams(); i++) {
            if (!isUsed(i)) {
                format.streams(i).discard(avcodec.AVDISCARD_ALL);
            }
        }
        boolean broadcast = (format.iformat().flags() & avformat.AVFMT_TS_DISCONT) != 0;
        timeline = new Timeline(format.nb_streams(), broadcast ? BROADCAST_LEAP_US : LEAP_US);
        startUs = Math.max(0, format.start_time()); // not every container begins at 0
    }

    /** Opens an input and looks into its streams. */
    static Demuxer open(MediaInput input) throws SourceException {
        Ffmpeg.load(input.name());
        AVFormatContext format = new AVFormatContext(null);
        AVInputFormat kind = input.isFile() ? probe(input) : device(input);
        AVDictionary options = new AVDictionary(null);
        if (input.isFile()) {
            avutil.av_dict_set(options, "pattern_type", "none", 0);
        }
        try (BytePointer url = new BytePointer(cString(input.url()))) {
            check(input, avformat.avformat_open_input(format, url, kind, options));
        } finally {
            avutil.av_dict_free(options);
        }
        int found = findStreams(format);
        if (found < 0) {
            avformat.avformat_close_input(format);
            check(input, found);
        }
        return new Demuxer(input, format);
    }

    /** Looks into the streams, which may decode the first of their pictures. */
    private static int findStreams(AVFormatContext format) {
        int streams = format.nb_streams();
        try (PointerPointer<AVDictionary> options = new PointerPointer<>(streams)) {
            for (int i = 0; i < streams; i++) {
                AVDictionary limits = new AVDictionary(null);
                avutil.av_dict_set(limits, "max_pixels", Long.toString(Decoder.MAX_PIXELS), 0);
                options.put(i, limits);
            }
            int found = avformat.avformat_find_stream_info(format, options);
            for (int i = 0; i < streams; i++) {
                AVDictionary unused = options.get(AVDictionary.class, i);
                if (unused != null) {
                    avutil.av_dict_free(unused);
                }
            }
            return found;
        }
    }

    /**
     * Finds a file's format by its contents. "100%d.png" is one file: FFmpeg would take it for a
     * hundred, and look no further.
     */
    private static AVInputFormat probe(MediaInput input) throws SourceException {
        AVIOContext file = new AVIOContext(null);
        AVInputFormat kind = new AVInputFormat(null);
        try (BytePointer url = new BytePointer(cString(input.url()));
                BytePointer plain =
                        new BytePointer(cString(PATTERN.matcher(input.url()).replaceAll("_")))) {
            check(input, avformat.avio_open(file, url, avformat.AVIO_FLAG_READ));
            check(input, avformat.av_probe_input_buffer2(file, kind, plain, null, 0, 0));
            return kind;
        } finally {
            avformat.avio_closep(file);
        }
    }

    private static AVInputFormat device(MediaInput input) throws SourceException {
        AVInputFormat kind = avformat.av_find_input_format(input.format());
        if (kind == null) {
            throw new SourceException(
                    "cannot open " + input.name() + ": no format " + input.format());
        }
        return kind;
    }

    private static byte[] cString(String bytes) {
        return (bytes + '\0').getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void check(MediaInput input, int result) throws SourceException {
        boolean cut = result == avutil.AVERROR_INVALIDDATA || result == avutil.AVERROR_EOF;
        if (cut && input.isFile()) {
            throw new SourceException("not a whole media file: " + input.name());
        }
        if (result < 0) {
            throw Ffmpeg.failure("cannot open " + input.name(), result);
        }
    }

    private Optional<AVStream> best(int type, int related) {
        int index =
                avformat.av_find_best_stream(
                        format, type, -1, related, (PointerPointer<?>) null, 0);
        return index < 0 ? Optional.empty() : Optional.of(format.streams(index));
    }

    private boolean isUsed(int stream) {
        return pictures.filter(used -> used.index() == stream).isPresent()
                || sound.filter(used -> used.index() == stream).isPresent();
    }

    /** The stream of pictures, if there is one. */
    Optional<AVStream> pictures() {
        return pictures;
    }

    /** The stream of sound, if there is one; that which belongs to the pictures. */
    Optional<AVStream> sound() {
        return sound;
    }

    /** Pictures in a second; 1 where the stream says nothing, or nothing that can be. */
    double pictureRate(AVStream stream) {
        AVRational guess = avformat.av_guess_frame_rate(format, stream, null);
        for (AVRational rate : List.of(guess, stream.avg_frame_rate())) {
            double perSecond = rate.den() == 0 ? 0 : (double) rate.num() / rate.den();
            if (perSecond > 0 && perSecond <= MAX_PICTURE_RATE) {
                return perSecond;
            }
        }
        return 1;
    }

    /** The next packet of a stream, valid until the next call; null at the end. */
    @Nullable AVPacket next(AVStream stream) {
        while (read()) {
            if (isUsed(packet.stream_index())) {
                if (input.isFile()) {
                    place(format.streams(packet.stream_index()));
                }
                if (packet.stream_index() == stream.index()) {
                    return packet;
                }
            }
        }
        return null;
    }

    private boolean read() {
        while (true) {
            avcodec.av_packet_unref(packet);
            int result = avformat.av_read_frame(format, packet);
            if (!Ffmpeg.isAgain(result)) {
                return result >= 0;
            }
            LockSupport.parkNanos(RETRY_NS); // a device that has nothing yet
        }
    }

    private void place(AVStream stream) {
        AVRational base = stream.time_base();
        long time = packet.dts() == Ffmpeg.NO_TIME ? packet.pts() : packet.dts();
        if (time == Ffmpeg.NO_TIME) {
            return;
        }
        long durationUs = Ffmpeg.us(Math.max(0, packet.duration()), base);
        long reorderedUs = durationUs * (1 + stream.codecpar().video_delay());
        long moveUs =
                timeline.offsetUs(stream.index(), Ffmpeg.us(time, base), durationUs, reorderedUs)
                        - startUs;
        long move = Ffmpeg.inBase(moveUs, base);
        if (packet.pts() != Ffmpeg.NO_TIME) {
            packet.pts(packet.pts() + move);
        }
        if (packet.dts() != Ffmpeg.NO_TIME) {
            packet.dts(packet.dts() + move);
        }
    }

    String name() {
        return input.name();
    }

    @Override
    public void close() {
        avcodec.av_packet_free(packet);
        avformat.avformat_close_input(format);
    }
}
