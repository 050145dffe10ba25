package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.Names;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Texts;
import io.fluxfoam.tensor.DType;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The constant part of a stream's control file.
 *
 * @param node writer's node name
 * @param incarnation writer's incarnation
 * @param spec what the stream broadcasts
 * @param device where the payload lives
 * @param payloadFile name of the payload file in the foam
 * @param slotStride bytes from one slot's payload to the next
 * @param payloadBytes size of the payload file
 */
public record StreamHeader(
        String node,
        long incarnation,
        StreamSpec spec,
        String device,
        String payloadFile,
        long slotStride,
        long payloadBytes) {

    static StreamHeader of(
            String node, long incarnation, StreamSpec spec, String device, String payloadFile) {
        long slotStride = StreamDescriptor.slotStride(spec.slotBytes());
        return new StreamHeader(
                node,
                incarnation,
                spec,
                device,
                payloadFile,
                slotStride,
                Math.multiplyExact(slotStride, (long) spec.slots()));
    }

    StreamDescriptor descriptor() {
        return new StreamDescriptor(spec.slots(), spec.maxReaders());
    }

    void write(MemorySegment control) {
        SegmentWords words = new SegmentWords(control);
        StreamDescriptor layout = descriptor();
        long[] shape = spec.maxShape();
        words.setInt(VERSION_AT, VERSION);
        words.setInt(DTYPE_AT, spec.dtype().code());
        words.setInt(RANK_AT, shape.length);
        words.setInt(SLOTS_AT, spec.slots());
        words.setInt(MAX_READERS_AT, spec.maxReaders());
        words.setInt(CHECKSUM_AT, spec.checksum().code());
        words.set(SLOT_BYTES_AT, spec.slotBytes());
        words.set(SLOT_STRIDE_AT, slotStride);
        words.set(PAYLOAD_BYTES_AT, payloadBytes);
        words.setInt(INDEX_LENGTH_AT, layout.indexLength());
        for (int i = 0; i < shape.length; i++) {
            words.set(SHAPE_AT + 8L * i, shape[i]);
        }
        words.set(INCARNATION_AT, incarnation);
        words.set(CREATED_AT, System.currentTimeMillis());
        words.set(CONTROL_BYTES_AT, layout.controlBytes());
        Texts.put(control, NODE_AT, NAME_BYTES, node);
        Texts.put(control, STREAM_AT, NAME_BYTES, spec.name());
        Texts.put(control, PAYLOAD_NAME_AT, PAYLOAD_NAME_BYTES, payloadFile);
        Texts.put(control, DEVICE_AT, NAME_BYTES, device);
        words.setRelease(MAGIC_AT, MAGIC);
    }

    /**
     * Reads and checks a header; nothing in it is believed that could lead outside the file or the
     * foam.
     */
    static StreamHeader read(Path path, MemorySegment control) throws LayoutException {
        if (control.byteSize() < HEADER_BYTES) {
            throw new LayoutException(
                    LayoutException.Kind.CORRUPT, path, "bytes=" + control.byteSize());
        }
        SegmentWords words = new SegmentWords(control);
        LayoutException.check(
                path, words.getAcquire(MAGIC_AT), MAGIC, words.getInt(VERSION_AT), VERSION);
        try {
            return checked(path, control, words);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new LayoutException(LayoutException.Kind.CORRUPT, path, e.getMessage());
        }
    }

    private static StreamHeader checked(Path path, MemorySegment control, SegmentWords words) {
        int rank = words.getInt(RANK_AT);
        if (rank < 0 || rank > maxRank()) {
            throw new IllegalArgumentException("rank=" + rank);
        }
        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++) {
            shape[i] = words.get(SHAPE_AT + 8L * i);
        }
        int slots = words.getInt(SLOTS_AT);
        if (slots < 1) {
            throw new IllegalArgumentException("slots=" + slots);
        }
        StreamSpec spec =
                new StreamSpec(
                        Texts.get(control, STREAM_AT, NAME_BYTES),
                        DType.ofCode(words.getInt(DTYPE_AT)),
                        shape,
                        slots,
                        words.getInt(MAX_READERS_AT),
                        Checksum.ofCode(words.getInt(CHECKSUM_AT)));
        StreamHeader header =
                of(
                        Names.checkNode(Texts.get(control, NODE_AT, NAME_BYTES)),
                        words.get(INCARNATION_AT),
                        spec,
                        deviceName(Texts.get(control, DEVICE_AT, NAME_BYTES)),
                        payloadName(Texts.get(control, PAYLOAD_NAME_AT, PAYLOAD_NAME_BYTES)));
        StreamDescriptor layout = header.descriptor();
        if (words.get(SLOT_BYTES_AT) != spec.slotBytes()
                || words.get(SLOT_STRIDE_AT) != header.slotStride
                || words.get(PAYLOAD_BYTES_AT) != header.payloadBytes
                || words.getInt(INDEX_LENGTH_AT) != layout.indexLength()
                || words.get(CONTROL_BYTES_AT) != layout.controlBytes()
                || control.byteSize() != layout.controlBytes()) {
            throw new IllegalArgumentException(
                    "sizes contradict each other: slotBytes="
                            + words.get(SLOT_BYTES_AT)
                            + " slotStride="
                            + words.get(SLOT_STRIDE_AT)
                            + " payloadBytes="
                            + words.get(PAYLOAD_BYTES_AT)
                            + " controlBytes="
                            + words.get(CONTROL_BYTES_AT)
                            + " fileBytes="
                            + control.byteSize());
        }
        return header;
    }

    private static String deviceName(String name) {
        if (!Device.isName(name)) {
            throw new IllegalArgumentException("device=" + name.replaceAll("\\p{Cntrl}", "?"));
        }
        return name;
    }

    private static String payloadName(String name) {
        if (!name.matches("[a-z0-9.@-]{1,160}") || name.startsWith(".")) {
            throw new IllegalArgumentException("payloadFile=" + name.replaceAll("\\p{Cntrl}", "?"));
        }
        return name;
    }
}
