package io.fluxfoam.sensor.media;

import io.fluxfoam.launch.NativeCache;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * FFmpeg's libraries, which come with a Maven artifact and are unpacked at their first use. They
 * are used as they are: JavaCV's grabber hides the packets, without which joined recordings cannot
 * be told from jitter, and how a picture is to be turned.
 */
final class Ffmpeg {
    static final long MICROS_PER_SECOND = 1_000_000;

    /** A time that FFmpeg does not know: its AV_NOPTS_VALUE, but to ask it would load it. */
    static final long NO_TIME = Long.MIN_VALUE;

    private static final int MAX_REASON_BYTES = 256;

    private Ffmpeg() {}

    /**
     * Loads the libraries. What FFmpeg itself would print is silenced: every failure is an
     * exception of ours.
     */
    static void load(String name) throws SourceException {
        try {
            NativeCache.load(() -> {
                Loader.load(avdevice.class);
                avutil.av_log_set_level(avutil.AV_LOG_QUIET);
                avdevice.avdevice_register_all();
            });
        } catch (IOException e) {
            throw new SourceException("cannot open " + name + ": " + e.getMessage(), e);
        }
    }

    static boolean isAgain(int result) {
        return result == avutil.AVERROR_EAGAIN();
    }

    /** One line that says what failed and why. */
    static SourceException failure(String what, int error) {
        byte[] reason = new byte[MAX_REASON_BYTES];
        avutil.av_strerror(error, reason, reason.length);
        return new SourceException(
                what + ": " + new String(reason, StandardCharsets.US_ASCII).trim());
    }

    /** A time or length in microseconds. */
    static long us(long time, AVRational base) {
        return Math.round((double) time * base.num() / base.den() * MICROS_PER_SECOND);
    }

    /** A time or length in units of a base. */
    static long inBase(long us, AVRational base) {
        return Math.round((double) us * base.den() / base.num() / MICROS_PER_SECOND);
    }
}
