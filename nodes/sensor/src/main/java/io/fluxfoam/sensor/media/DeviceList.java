package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avdevice.AVDeviceInfo;
import org.bytedeco.ffmpeg.avdevice.AVDeviceInfoList;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The cameras and microphones of this machine, as FFmpeg finds them. */
public final class DeviceList {
    private DeviceList() {}

    /**
     * A device.
     *
     * @param name as {@code live:} takes it
     * @param description what it says of itself
     */
    public record Entry(String name, String description) {}

    /** Those that Video4Linux knows; those that may not be opened are not among them. */
    public static List<Entry> cameras() throws SourceException {
        return list("v4l2");
    }

    /** Those that ALSA knows, but for the one that is none and gives silence. */
    public static List<Entry> microphones() throws SourceException {
        return list("alsa").stream().filter(entry -> !entry.name().equals("null")).toList();
    }

    private static List<Entry> list(String format) throws SourceException {
        Ffmpeg.load(format + " devices");
        AVInputFormat kind = avformat.av_find_input_format(format);
        List<Entry> entries = new ArrayList<>();
        if (kind == null) {
            return entries;
        }
        AVDictionary none = new AVDictionary(null);
        try (PointerPointer<AVDeviceInfoList> found = new PointerPointer<>(1)) {
            found.put(0, null);
            int result =
                    avdevice.avdevice_list_input_sources(kind, (BytePointer) null, none, found);
            AVDeviceInfoList list = found.get(AVDeviceInfoList.class, 0);
            if (result < 0 || list == null) {
                return entries;
            }
            for (int i = 0; i < list.nb_devices(); i++) {
                AVDeviceInfo device = list.devices(i);
                entries.add(
                        new Entry(text(device.device_name()), text(device.device_description())));
            }
            avdevice.avdevice_free_list_devices(found);
        }
        return entries;
    }

    /** ALSA describes in several lines. */
    private static String text(@Nullable BytePointer bytes) {
        return bytes == null
                ? ""
                : bytes.getString(StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    }
}
