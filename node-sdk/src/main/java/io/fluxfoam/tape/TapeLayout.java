package io.fluxfoam.tape;

import io.fluxfoam.tape.Mcap.Bytes;

import java.util.Locale;
import java.util.Map;

/**
 * What a tape puts into its container. Channels 1 to 4 are the same in every file, each stream of
 * each incarnation has one of its own from 5 on; topics:
 *
 * <pre>
 *   tape         first message of each file: {"layoutVersion":1,"foamCreatedMillis":N,"session":N}
 *   manifests    a node has joined: its manifest in JSON; repeated at the start of each file
 *   nodes        a node has ended: {"node":NAME,"incarnation":N,"state":"DEAD" or "STOPPED"}
 *   journals     a line of a node's journal, in JSON
 *   NODE/STREAM  a tensor; the channel's facts: node, stream, incarnation, dtype, maxShape, checksum
 * </pre>
 *
 * A tensor's data:
 *
 * <pre>
 *    0  i32  bytes before the payload: 48 + 8 * rank      4  i32  rank
 *    8  i64  sequence of the commit in its stream         16  i64  frame number
 *   24  i64  captured, ns     32  i64  published, ns (both CLOCK_MONOTONIC of the machine that recorded)
 *   40  i64  tag              48  i64[rank] shape         then the payload's bytes
 * </pre>
 */
final class TapeLayout {
    static final int VERSION = 1;

    static final int TAPE = 1;
    static final int MANIFESTS = 2;
    static final int NODES = 3;
    static final int JOURNALS = 4;
    static final int FIRST_TENSORS = 5;
    static final int MAX_CHANNEL = 65_535;

    static final int RANK_AT = 4;
    static final int SEQUENCE_AT = 8;
    static final int FRAME_AT = 16;
    static final int CAPTURED_AT = 24;
    static final int PUBLISHED_AT = 32;
    static final int TAG_AT = 40;
    static final int SHAPE_AT = 48;

    static final String NODE_FACT = "node";
    static final String STREAM_FACT = "stream";
    static final String INCARNATION_FACT = "incarnation";

    private static final String[] TOPICS = {"", "tape", "manifests", "nodes", "journals"};
    private static final int OBJECT_SCHEMA = 1;
    private static final int TENSOR_SCHEMA = 2;

    private TapeLayout() {}

    static byte[] head() {
        return Mcap.head("x-flux-foam", "flux-foam tape " + VERSION);
    }

    /** The schema that both kinds of channels need once in a file. */
    static Bytes schema(boolean isTensor) {
        return isTensor
                ? Mcap.schema(
                        TENSOR_SCHEMA,
                        "fluxfoam.Tensor",
                        "x-flux-foam-tensor",
                        "i32 headBytes, i32 rank, i64 sequence, i64 frameNumber, i64 captureNs, i64 publishNs, i64 tag,"
                                + " i64[rank] shape, payload of the channel's dtype; little-endian")
                : Mcap.schema(
                        OBJECT_SCHEMA, "fluxfoam.Object", "jsonschema", "{\"type\":\"object\"}");
    }

    /** One of the channels that every file has. */
    static Bytes channel(int id) {
        return Mcap.channel(id, OBJECT_SCHEMA, TOPICS[id], "json", Map.of());
    }

    static Bytes tensors(int id, String topic, Map<String, String> facts) {
        return Mcap.channel(id, TENSOR_SCHEMA, topic, "x-flux-foam-tensor", facts);
    }

    static String session(long foamCreatedMillis, long session) {
        return String.format(
                Locale.ROOT,
                "{\"layoutVersion\":%d,\"foamCreatedMillis\":%d,\"session\":%d}",
                VERSION,
                foamCreatedMillis,
                session);
    }

    static String ended(String node, long incarnation, boolean cleanly) {
        return String.format(
                Locale.ROOT,
                "{\"node\":\"%s\",\"incarnation\":%d,\"state\":\"%s\"}",
                node,
                incarnation,
                cleanly ? "STOPPED" : "DEAD");
    }
}
