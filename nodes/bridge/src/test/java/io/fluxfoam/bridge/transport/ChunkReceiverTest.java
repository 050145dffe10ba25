package io.fluxfoam.bridge.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.logbuffer.FrameDescriptor;
import io.fluxfoam.bridge.session.MessageSeal;
import io.fluxfoam.bridge.session.SessionKeys;
import io.fluxfoam.bridge.session.TestKeys;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/** What a receiver takes, and what it refuses. */
class ChunkReceiverTest {
    private static final int CHANNEL = 7;
    private static final int BYTES = 1_000;
    private static final int CHUNK = 300;
    private static final int DATAGRAM = 128;
    private static final int FUZZED = 100_000;
    private static final long SEED = Long.getLong("seed", 20261129L);

    private final SessionKeys keys = TestKeys.session(1);
    private final CollectingSink sink = new CollectingSink(BYTES);
    private long number;

    private static ChunkReceiver receiver(MessageSeal seal, FrameSink sink) {
        return new ChunkReceiver(null, CHANNEL, seal, sink);
    }

    /** All messages of a tensor as they come from the wire. */
    private List<byte[]> messages(long frame, MessageSeal seal) {
        List<byte[]> messages = new ArrayList<>();
        FrameHead head = new FrameHead().set(frame, frame, 1, 2, 3, BYTES);
        head.rank(1);
        head.dim(0, BYTES);
        CRC32C crc = new CRC32C();
        for (int at = 0; at < BYTES; at += CHUNK) {
            int length = Math.min(CHUNK, BYTES - at);
            int flags = (at == 0 ? 1 : 0) | (at + length == BYTES ? 2 : 0);
            byte[] plain = new byte[ChunkDescriptor.FIRST_BYTES + length];
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = CollectingSink.byteOf(frame, at + i);
            }
            crc.update(payload);
            int from =
                    ChunkDescriptor.write(
                            plain, CHANNEL, ++number, head, at, (int) crc.getValue(), flags);
            System.arraycopy(payload, 0, plain, from, length);
            byte[] wire = new byte[from + length + seal.overheadBytes()];
            seal.apply(
                    CHANNEL,
                    number,
                    plain,
                    seal == MessageSeal.NONE ? 0 : ChunkDescriptor.CLEAR_BYTES,
                    from + length,
                    wire);
            messages.add(wire);
        }
        return messages;
    }

    /** A message in the fragments that datagrams make of it. */
    private static void feed(ChunkReceiver receiver, byte[] message) {
        UnsafeBuffer buffer = new UnsafeBuffer(message);
        for (int at = 0; at == 0 || at < message.length; at += DATAGRAM) {
            int length = Math.min(DATAGRAM, message.length - at);
            int flags = at == 0 ? FrameDescriptor.BEGIN_FRAG_FLAG : 0;
            flags |= at + length >= message.length ? FrameDescriptor.END_FRAG_FLAG : 0;
            receiver.onFragment(buffer, at, length, (byte) flags);
        }
    }

    @Test
    void shouldTakeWhatIsSealedForIt() {
        ChunkReceiver receiver = receiver(keys.tensors(false), sink);
        for (long frame = 1; frame <= 10; frame++) {
            messages(frame, keys.tensors(true)).forEach(message -> feed(receiver, message));
            assertEquals(frame, sink.lastFrame);
        }
        assertEquals(0, receiver.refused());
    }

    @Test
    void shouldRefuseWhatItHasHeardBefore() {
        ChunkReceiver receiver = receiver(keys.tensors(false), sink);
        List<byte[]> messages = messages(1, keys.tensors(true));
        messages.forEach(message -> feed(receiver, message));
        messages.forEach(message -> feed(receiver, message));
        assertEquals(1, sink.committed);
        assertEquals(messages.size(), receiver.refused());
    }

    @Test
    void shouldRefuseWhatIsOfAnotherSessionOrDirection() {
        ChunkReceiver receiver = receiver(keys.tensors(false), sink);
        messages(1, TestKeys.session(2).tensors(true)).forEach(one -> feed(receiver, one));
        messages(1, MessageSeal.NONE).forEach(one -> feed(receiver, one));
        assertEquals(0, sink.committed);
        assertEquals(8, receiver.refused());
    }

    @Test
    void shouldGiveUpATensorOfWhichAChunkIsMissing() {
        ChunkReceiver receiver = receiver(keys.tensors(false), sink);
        for (int missing = 0; missing < 4; missing++) {
            List<byte[]> messages = messages(missing + 1, keys.tensors(true));
            messages.remove(missing);
            messages.forEach(message -> feed(receiver, message));
        }
        assertEquals(0, sink.committed);
        messages(9, keys.tensors(true)).forEach(message -> feed(receiver, message));
        assertEquals(9, sink.lastFrame);
        assertEquals(3, sink.aborted); // the one that had no first chunk never began
        assertEquals(3, receiver.dropped());
    }

    @Test
    void shouldTakeNothingThatWasAltered() {
        Random random = new Random(SEED);
        ChunkReceiver receiver = receiver(keys.tensors(false), sink);
        List<byte[]> messages = messages(1, keys.tensors(true));
        for (int i = 0; i < FUZZED; i++) {
            feed(receiver, altered(messages.get(random.nextInt(messages.size())), random));
        }
        assertEquals(0, sink.committed);
        assertEquals(FUZZED, receiver.refused());
        messages.forEach(message -> feed(receiver, message));
        assertEquals(1, sink.committed);
    }

    /** Without a key only the CRC stands between: what is committed is what was sent. */
    @Test
    void shouldNotBeHarmedByGarbageWithoutAKey() {
        Random random = new Random(SEED);
        for (int round = 0; round < FUZZED / 1_000; round++) {
            CollectingSink fresh = new CollectingSink(BYTES);
            ChunkReceiver receiver = receiver(MessageSeal.NONE, fresh);
            number = 0;
            for (int i = 0; i < 250; i++) {
                for (byte[] message : messages(i + 1, MessageSeal.NONE)) {
                    boolean isSpoilt = random.nextInt(8) == 0;
                    feed(receiver, isSpoilt ? altered(message, random, 32) : message);
                }
            }
            assertTrue(fresh.committed > 0 || receiver.refused() > 0);
        }
    }

    private static byte[] altered(byte[] message, Random random) {
        return altered(message, random, 0);
    }

    /** Cut, lengthened, or with some bits of it turned, from this place on. */
    private static byte[] altered(byte[] message, Random random, int from) {
        int how = random.nextInt(10);
        if (how == 0) {
            return java.util.Arrays.copyOf(message, random.nextInt(message.length));
        }
        byte[] other = java.util.Arrays.copyOf(message, message.length + (how == 1 ? 1 : 0));
        if (how == 1) {
            return other;
        }
        for (int bits = 1 + random.nextInt(4); bits > 0; bits--) {
            int at = from + random.nextInt(other.length - from);
            other[at] ^= (byte) (1 << random.nextInt(8));
        }
        return java.util.Arrays.equals(other, message) ? new byte[0] : other;
    }
}
