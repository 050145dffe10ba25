package io.fluxfoam.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Zero-padded UTF-8 fields of fixed size. */
public final class Texts {
    private Texts() {}

    /**
     * Writes the text and pads the field with zeros.
     *
     * @throws IllegalArgumentException if it does not fit
     */
    public static void put(MemorySegment segment, long offset, int fieldBytes, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > fieldBytes) {
            throw new IllegalArgumentException(
                    "text too long: bytes="
                            + bytes.length
                            + " fieldBytes="
                            + fieldBytes
                            + " text="
                            + text);
        }
        segment.asSlice(offset, fieldBytes).fill((byte) 0);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }

    /**
     * Reads a field up to its first zero. Bytes that are no UTF-8 become an error with the offset
     * in it.
     */
    public static String get(MemorySegment segment, long offset, int fieldBytes) {
        byte[] bytes = segment.asSlice(offset, fieldBytes).toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("no UTF-8 text at offset=" + offset);
        }
    }
}
