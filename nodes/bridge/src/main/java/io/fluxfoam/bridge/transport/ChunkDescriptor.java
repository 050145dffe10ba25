package io.fluxfoam.bridge.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A message of the tensors' way: one chunk of one tensor, little-endian.
 *
 * <pre>
 *    0  i32     magic "FBC1"
 *    4  i32     channel of the stream in this session
 *    8  i64     number of the message in its channel, from 1           } in clear, proven
 *   ------------------------------------------------------------------
 *   16  i64     sequence of the tensor's commit in its stream          } sealed
 *   24  i64     place of the chunk in the tensor
 *   32  i32     CRC-32C of the tensor's bytes up to the chunk's end
 *   36  i32     1 the first chunk, 2 the last
 *   40          the chunk's bytes; of the first one after
 *   40  i64     frame number
 *   48  i64     captured, 56 i64 published, in the sender's clock
 *   64  i64     tag
 *   72  i64     bytes of the tensor
 *   80  i32     rank
 *   88  i64[8]  shape
 *  152          the chunk's bytes
 * </pre>
 */
final class ChunkDescriptor {
    static final int MAGIC = 0x31434246;
    static final int CHANNEL_AT = 4;
    static final int NUMBER_AT = 8;
    static final int CLEAR_BYTES = 16;
    static final int SEQUENCE_AT = 16;
    static final int OFFSET_AT = 24;
    static final int CRC_AT = 32;
    static final int FLAGS_AT = 36;
    static final int NEXT_BYTES = 40;
    static final int FRAME_AT = 40;
    static final int CAPTURED_AT = 48;
    static final int PUBLISHED_AT = 56;
    static final int TAG_AT = 64;
    static final int PAYLOAD_BYTES_AT = 72;
    static final int RANK_AT = 80;
    static final int SHAPE_AT = 88;
    static final int FIRST_BYTES = SHAPE_AT + 8 * FrameHead.MAX_RANK;

    static final int FIRST = 1;
    static final int LAST = 2;

    /** Bytes of a tensor in one message, at most. */
    static final int MAX_PAYLOAD_BYTES = 64 << 10;

    static final int MAX_MESSAGE_BYTES = FIRST_BYTES + MAX_PAYLOAD_BYTES;

    static final VarHandle I32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle I64 =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private ChunkDescriptor() {}

    /** Writes all of a chunk but its bytes; returns where those begin. */
    static int write(
            byte[] to, int channel, long number, FrameHead head, long offset, int crc, int flags) {
        I32.set(to, 0, MAGIC);
        I32.set(to, CHANNEL_AT, channel);
        I64.set(to, NUMBER_AT, number);
        I64.set(to, SEQUENCE_AT, head.sequence());
        I64.set(to, OFFSET_AT, offset);
        I32.set(to, CRC_AT, crc);
        I32.set(to, FLAGS_AT, flags);
        if ((flags & FIRST) == 0) {
            return NEXT_BYTES;
        }
        I64.set(to, FRAME_AT, head.frameNumber());
        I64.set(to, CAPTURED_AT, head.captureNs());
        I64.set(to, PUBLISHED_AT, head.publishNs());
        I64.set(to, TAG_AT, head.tag());
        I64.set(to, PAYLOAD_BYTES_AT, head.payloadBytes());
        I32.set(to, RANK_AT, head.rank());
        I32.set(to, RANK_AT + 4, 0);
        for (int i = 0; i < FrameHead.MAX_RANK; i++) {
            I64.set(to, SHAPE_AT + 8 * i, i < head.rank() ? head.dim(i) : 0);
        }
        return FIRST_BYTES;
    }

    /** Bytes before a chunk's own, by its flags. */
    static int headBytes(byte[] chunk) {
        return (flags(chunk) & FIRST) == 0 ? NEXT_BYTES : FIRST_BYTES;
    }

    static int flags(byte[] chunk) {
        return (int) I32.get(chunk, FLAGS_AT);
    }

    /** Reads what a first chunk says of its tensor; false if it makes no sense. */
    static boolean read(byte[] chunk, FrameHead head) {
        int rank = (int) I32.get(chunk, RANK_AT);
        if (rank < 0 || rank > FrameHead.MAX_RANK) {
            return false;
        }
        head.set(
                (long) I64.get(chunk, SEQUENCE_AT),
                (long) I64.get(chunk, FRAME_AT),
                (long) I64.get(chunk, CAPTURED_AT),
                (long) I64.get(chunk, PUBLISHED_AT),
                (long) I64.get(chunk, TAG_AT),
                (long) I64.get(chunk, PAYLOAD_BYTES_AT));
        head.rank(rank);
        for (int i = 0; i < rank; i++) {
            head.dim(i, (long) I64.get(chunk, SHAPE_AT + 8 * i));
        }
        return true;
    }
}
