package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FrameGrabber;

/**
 * Opens inputs through FFmpeg, whose libraries come with a Maven artifact and are unpacked at their
 * first use.
 */
final class Ffmpeg {
    private Ffmpeg() {}

    /**
     * Opens and starts an input. What FFmpeg itself would print is silenced: every failure is an
     * exception of ours.
     *
     * @param grabber not started
     * @param name what the user calls it
     */
    static void start(FFmpegFrameGrabber grabber, String name) throws SourceException {
        try {
            FFmpegFrameGrabber.tryLoad();
            avutil.av_log_set_level(avutil.AV_LOG_QUIET);
            grabber.setVideoOption("threads", "1");
            grabber.start();
        } catch (FrameGrabber.Exception | UnsatisfiedLinkError e) {
            close(grabber);
            throw failure("cannot open " + name, e);
        }
    }

    /** Where the times of an opened input begin; not every container begins at 0. */
    static long startUs(FFmpegFrameGrabber grabber) {
        return Math.max(0, grabber.getFormatContext().start_time());
    }

    static void close(FFmpegFrameGrabber grabber) {
        try {
            grabber.close();
        } catch (FrameGrabber.Exception e) {
            throw new IllegalStateException("cannot close " + grabber, e);
        }
    }

    /** One line that says what failed and why. */
    static SourceException failure(String what, Throwable cause) {
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new SourceException(what + ": " + reason, cause);
    }
}
