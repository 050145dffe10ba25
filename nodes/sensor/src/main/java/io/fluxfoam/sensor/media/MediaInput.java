package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.bytedeco.javacv.FFmpegFrameGrabber;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Something that FFmpeg can open.
 *
 * @param format FFmpeg's name of the device kind, as "v4l2"; null for a file, whose format is found
 *     by looking into it
 * @param url path or device
 * @param name what error messages call it
 */
record MediaInput(String format, String url, String name) {
    /** A file that exists and can be read. */
    static MediaInput file(Path path) throws SourceException {
        if (!Files.exists(path)) {
            throw new SourceException("file not found: " + path);
        }
        if (!Files.isReadable(path)) {
            throw new SourceException("file not readable: " + path);
        }
        return new MediaInput(null, path.toString(), path.toString());
    }

    /**
     * A capture device.
     *
     * @param kind "camera" or "microphone"
     * @param device {@code FORMAT:DEVICE}, or a device of the default format
     */
    static MediaInput device(String kind, String defaultFormat, String device)
            throws SourceException {
        int colon = device.indexOf(':');
        String format = colon < 0 ? defaultFormat : device.substring(0, colon);
        String url = device.substring(colon + 1);
        if (url.startsWith("/") && !Files.exists(Path.of(url))) {
            throw new SourceException(kind + " not found: " + url);
        }
        return new MediaInput(format, url, kind + " " + format + ":" + url);
    }

    /** A grabber that is not started yet. */
    FFmpegFrameGrabber grabber() {
        FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(url);
        if (format != null) {
            grabber.setFormat(format);
        }
        return grabber;
    }
}
