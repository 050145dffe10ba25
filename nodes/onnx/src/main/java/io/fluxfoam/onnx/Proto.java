package io.fluxfoam.onnx;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Protobuf's wire format, as much of it as an ONNX model needs: a message is a sequence of fields,
 * each with a number and one of four wire types.
 */
public final class Proto {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;
    private static final int MAX_VARINT_BITS = 64;
    private static final int MAX_VARINT_BYTES = 10;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private Proto() {}

    /**
     * One field of a message.
     *
     * @param number which field
     * @param wireType how it is written
     * @param value its number, 0 if it is length-delimited
     * @param body its bytes, little-endian, empty unless it is length-delimited; a view of the
     *     message
     */
    public record Field(int number, int wireType, long value, ByteBuffer body) {
        /** Whether this is a field of that number with a body. */
        public boolean isBody(int wanted) {
            return number == wanted && wireType == LENGTH_DELIMITED;
        }

        /** The body as text. */
        public String text() {
            return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
        }
    }

    /**
     * The fields of a message, in their order.
     *
     * @throws IllegalArgumentException if the bytes are no message
     */
    public static List<Field> fields(ByteBuffer message) {
        ByteBuffer bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<Field> fields = new ArrayList<>();
        try {
            while (bytes.hasRemaining()) {
                fields.add(field(bytes));
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "message ends inside a field, bytes=" + bytes.limit(), e);
        }
        return fields;
    }

    private static Field field(ByteBuffer bytes) {
        long key = varint(bytes);
        int number = (int) (key >>> 3);
        int wireType = (int) (key & 7);
        return switch (wireType) {
            case VARINT -> new Field(number, wireType, varint(bytes), EMPTY);
            case FIXED_64 -> new Field(number, wireType, bytes.getLong(), EMPTY);
            case FIXED_32 -> new Field(number, wireType, bytes.getInt() & 0xFFFFFFFFL, EMPTY);
            case LENGTH_DELIMITED -> new Field(number, wireType, 0, body(bytes));
            default ->
                    throw new IllegalArgumentException(
                            "wire type " + wireType + " of field " + number);
        };
    }

    private static ByteBuffer body(ByteBuffer bytes) {
        int length = Math.toIntExact(varint(bytes));
        ByteBuffer body = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        return body;
    }

    /** Reads one variable-length number. */
    public static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number longer than " + MAX_VARINT_BITS + " bits");
    }

    /**
     * A message being written. Bodies that were read before are not copied until {@link #writeTo}.
     */
    public static final class Message {
        private final List<ByteBuffer> parts = new ArrayList<>();
        private int bytes;

        /** A message that is written already; it is not copied. */
        public static Message encoded(ByteBuffer message) {
            return new Message().append(message);
        }

        /** Appends a number. */
        public Message number(int field, long value) {
            return key(field, VARINT).varint(value);
        }

        /** Appends a float. */
        public Message real(int field, float value) {
            return key(field, FIXED_32).append(littleEndian(value));
        }

        /** Appends a text. */
        public Message text(int field, String value) {
            return body(field, StandardCharsets.UTF_8.encode(value));
        }

        /** Appends floats as one body. */
        public Message floats(int field, float... values) {
            return body(field, littleEndian(values));
        }

        /** Appends bytes as one body; they are not copied. */
        public Message body(int field, ByteBuffer body) {
            return key(field, LENGTH_DELIMITED).varint(body.remaining()).append(body);
        }

        /** Appends a message, as it is now, as one field. */
        public Message message(int field, Message value) {
            return key(field, LENGTH_DELIMITED).varint(value.bytes).fields(value);
        }

        /** Appends all fields of another message, as it is now. */
        public Message fields(Message other) {
            other.parts.forEach(this::append);
            return this;
        }

        /** Appends a field that was read; its body is not copied. */
        public Message field(Field field) {
            return switch (field.wireType()) {
                case VARINT -> number(field.number(), field.value());
                case FIXED_64 -> key(field.number(), FIXED_64).append(littleEndian(field.value()));
                case FIXED_32 -> real(field.number(), Float.intBitsToFloat((int) field.value()));
                case LENGTH_DELIMITED -> body(field.number(), field.body());
                default ->
                        throw new IllegalArgumentException(
                                "wire type " + field.wireType() + " of field " + field.number());
            };
        }

        private Message key(int field, int wireType) {
            return varint((long) field << 3 | wireType);
        }

        private Message varint(long value) {
            ByteBuffer number = ByteBuffer.allocate(MAX_VARINT_BYTES);
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                number.put((byte) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            return append(number.put((byte) rest).flip());
        }

        private Message append(ByteBuffer part) {
            parts.add(part);
            bytes = Math.addExact(bytes, part.remaining());
            return this;
        }

        private static ByteBuffer littleEndian(long value) {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return bytes.putLong(0, value);
        }

        private static ByteBuffer littleEndian(float... values) {
            ByteBuffer floats =
                    ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            floats.asFloatBuffer().put(values);
            return floats;
        }

        /** Size of the message. */
        public int bytes() {
            return bytes;
        }

        /** Writes the message at the target's position. */
        public void writeTo(ByteBuffer target) {
            parts.forEach(part -> target.put(part.duplicate()));
        }

        /** The message on its own. */
        public ByteBuffer toBuffer() {
            ByteBuffer message = ByteBuffer.allocate(bytes);
            writeTo(message);
            return message.flip();
        }
    }
}
