package io.fluxfoam.manifest;

import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A manifest as texts under keys that a reader can name without listing them: {@code node}, {@code
 * streams} (how many), {@code stream.0.name}, {@code attributes} (how many), {@code
 * attribute.0.name}, {@code attribute.0.value} and so on. A shape is its dimensions joined by
 * commas; empty for a scalar.
 */
final class ManifestText {
    private ManifestText() {}

    /** All keys with their texts. */
    static Map<String, String> encode(Manifest manifest) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("node", manifest.node());
        texts.put("role", manifest.role());
        texts.put("incarnation", Long.toString(manifest.incarnation()));
        texts.put("pid", Long.toString(manifest.pid()));
        texts.put("startedMillis", Long.toString(manifest.startedMillis()));
        texts.put("device", manifest.device());
        texts.put("streams", Integer.toString(manifest.streams().size()));
        for (int i = 0; i < manifest.streams().size(); i++) {
            encode(manifest.streams().get(i), "stream." + i + ".", texts);
        }
        texts.put("attributes", Integer.toString(manifest.attributes().size()));
        int index = 0;
        for (Map.Entry<String, String> attribute : manifest.sortedAttributes().entrySet()) {
            texts.put("attribute." + index + ".name", attribute.getKey());
            texts.put("attribute." + index + ".value", attribute.getValue());
            index++;
        }
        return texts;
    }

    private static void encode(StreamCard card, String prefix, Map<String, String> texts) {
        texts.put(prefix + "name", card.name());
        texts.put(prefix + "dtype", card.dtype().name());
        texts.put(prefix + "maxShape", shape(card.maxShape()));
        texts.put(prefix + "slots", Integer.toString(card.slots()));
        texts.put(prefix + "maxReaders", Integer.toString(card.maxReaders()));
        texts.put(prefix + "slotBytes", Long.toString(card.slotBytes()));
        texts.put(prefix + "checksum", card.checksum());
        texts.put(prefix + "device", card.device());
        texts.put(prefix + "controlFile", card.controlFile());
        texts.put(prefix + "payloadFile", card.payloadFile());
        texts.put(prefix + "fence", card.fence());
    }

    /**
     * The manifest behind the keys.
     *
     * @throws IllegalArgumentException if a key is missing or its text makes no sense
     */
    static Manifest decode(Function<String, @Nullable String> texts) {
        int streamCount = count("streams", Manifest.MAX_STREAMS, texts);
        List<StreamCard> streams = new ArrayList<>(streamCount);
        for (int i = 0; i < streamCount; i++) {
            streams.add(decodeStream("stream." + i + ".", texts));
        }
        int attributeCount = count("attributes", Manifest.MAX_ATTRIBUTES, texts);
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < attributeCount; i++) {
            attributes.put(
                    text("attribute." + i + ".name", texts),
                    text("attribute." + i + ".value", texts));
        }
        return new Manifest(
                text("node", texts),
                text("role", texts),
                number("incarnation", texts),
                number("pid", texts),
                number("startedMillis", texts),
                text("device", texts),
                streams,
                attributes);
    }

    private static StreamCard decodeStream(
            String prefix, Function<String, @Nullable String> texts) {
        return new StreamCard(
                text(prefix + "name", texts),
                DType.valueOf(text(prefix + "dtype", texts)),
                shape(text(prefix + "maxShape", texts)),
                Math.toIntExact(number(prefix + "slots", texts)),
                Math.toIntExact(number(prefix + "maxReaders", texts)),
                number(prefix + "slotBytes", texts),
                text(prefix + "checksum", texts),
                text(prefix + "device", texts),
                text(prefix + "controlFile", texts),
                text(prefix + "payloadFile", texts),
                text(prefix + "fence", texts));
    }

    private static String shape(long[] dims) {
        StringBuilder text = new StringBuilder();
        for (long dim : dims) {
            text.append(text.isEmpty() ? "" : ",").append(dim);
        }
        return text.toString();
    }

    private static long[] shape(String text) {
        String[] dims = text.isEmpty() ? new String[0] : text.split(",");
        long[] shape = new long[dims.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Long.parseLong(dims[i]);
        }
        return shape;
    }

    private static int count(String key, int max, Function<String, @Nullable String> texts) {
        return (int) Checks.requireRange(key, number(key, texts), 0, max);
    }

    private static long number(String key, Function<String, @Nullable String> texts) {
        return Long.parseLong(text(key, texts));
    }

    private static String text(String key, Function<String, @Nullable String> texts) {
        String text = texts.apply(key);
        if (text == null) {
            throw new IllegalArgumentException("missing key=" + key);
        }
        return text;
    }
}
