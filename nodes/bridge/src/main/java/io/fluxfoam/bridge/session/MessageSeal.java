package io.fluxfoam.bridge.session;

/**
 * Seals messages of one direction, or opens them. A number is used for one message of a stream
 * only; whoever opens them takes none that is not above all before it. A message begins with a head
 * in clear, which is proven with the rest. Belongs to one thread.
 */
public interface MessageSeal {
    /** Instead of a length: the message is not genuine. */
    int REFUSED = -1;

    /** For sessions without a key: messages go as they are. */
    MessageSeal NONE =
            new MessageSeal() {
                @Override
                public int overheadBytes() {
                    return 0;
                }

                @Override
                public int apply(
                        int stream, long number, byte[] in, int head, int length, byte[] out) {
                    System.arraycopy(in, 0, out, 0, length);
                    return length;
                }
            };

    /** Bytes that sealing adds to a message. */
    int overheadBytes();

    /**
     * Seals a message, or opens it, from one array to another.
     *
     * @param head bytes at its beginning that stay as they are
     * @param length bytes of all of it
     * @return bytes of the result, or {@link #REFUSED}
     */
    int apply(int stream, long number, byte[] in, int head, int length, byte[] out);
}
