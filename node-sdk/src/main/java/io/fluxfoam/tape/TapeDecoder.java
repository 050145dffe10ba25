package io.fluxfoam.tape;

import io.fluxfoam.liveness.Names;
import io.fluxfoam.manifest.ManifestJson;
import io.fluxfoam.tape.McapReader.Channel;
import io.fluxfoam.tensor.Shape;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes entries of a file's messages. */
final class TapeDecoder {
    private static final Pattern SESSION =
            Pattern.compile(
                    "\\{\"layoutVersion\":(\\d{1,9}),\"foamCreatedMillis\":(\\d{1,18}),\"session\":(\\d{1,18})}");
    private static final Pattern ENDED =
            Pattern.compile(
                    "\\{\"node\":\"([a-z0-9@-]{1,64})\",\"incarnation\":(\\d{1,8}),\"state\":\"(DEAD|STOPPED)\"}");
    private static final int MAX_TEXT_BYTES = 1 << 24;

    private TapeDecoder() {}

    /** The entry of the message that a reader has come to; empty if it makes no sense. */
    static Optional<TapeEntry> decode(McapReader message) {
        try {
            return Optional.of(entry(message));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static TapeEntry entry(McapReader message) throws IOException {
        long logNs = message.logNs();
        return switch (message.channel()) {
            case TapeLayout.TAPE -> session(logNs, text(message.data()));
            case TapeLayout.MANIFESTS ->
                    new TapeEntry.Joined(logNs, ManifestJson.decode(bytes(message.data())));
            case TapeLayout.NODES -> ended(logNs, text(message.data()));
            case TapeLayout.JOURNALS -> new TapeEntry.Noted(logNs, text(message.data()));
            default -> tensor(message);
        };
    }

    private static TapeEntry session(long logNs, String text) {
        Matcher found = matched(SESSION, text);
        if (Integer.parseInt(found.group(1)) != TapeLayout.VERSION) {
            throw new IllegalArgumentException(text);
        }
        return new TapeEntry.Session(
                logNs, Long.parseLong(found.group(2)), Long.parseLong(found.group(3)));
    }

    private static TapeEntry ended(long logNs, String text) {
        Matcher found = matched(ENDED, text);
        return new TapeEntry.Ended(
                logNs,
                Names.checkNode(found.group(1)),
                Long.parseLong(found.group(2)),
                found.group(3).equals("STOPPED"));
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return matcher;
    }

    private static TapeEntry tensor(McapReader message) {
        Channel channel = message.facts();
        MemorySegment data = message.data();
        int rank = data.get(Mcap.U32, TapeLayout.RANK_AT);
        if (channel == null
                || rank < 0
                || rank > Shape.MAX_RANK
                || data.get(Mcap.U32, 0) != TapeLayout.SHAPE_AT + 8 * rank) {
            throw new IllegalArgumentException("rank=" + rank);
        }
        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++) {
            shape[i] = data.get(Mcap.I64, TapeLayout.SHAPE_AT + 8L * i);
        }
        return new TapeEntry.Tensor(
                message.publishNs(),
                Names.checkNode(channel.facts().get(TapeLayout.NODE_FACT)),
                Long.parseLong(channel.facts().getOrDefault(TapeLayout.INCARNATION_FACT, "")),
                Names.check("stream", channel.facts().get(TapeLayout.STREAM_FACT)),
                data.get(Mcap.I64, TapeLayout.SEQUENCE_AT),
                data.get(Mcap.I64, TapeLayout.FRAME_AT),
                data.get(Mcap.I64, TapeLayout.CAPTURED_AT),
                data.get(Mcap.I64, TapeLayout.TAG_AT),
                shape,
                data.asSlice(TapeLayout.SHAPE_AT + 8L * rank));
    }

    private static String text(MemorySegment data) {
        return new String(bytes(data), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(MemorySegment data) {
        if (data.byteSize() > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException("bytes=" + data.byteSize());
        }
        return data.toArray(ValueLayout.JAVA_BYTE);
    }
}
