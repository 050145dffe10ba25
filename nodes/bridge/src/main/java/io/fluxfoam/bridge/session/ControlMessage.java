package io.fluxfoam.bridge.session;

import io.fluxfoam.liveness.Names;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestJson;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the two sides of a session tell each other beside the tensors. */
public sealed interface ControlMessage {
    /** Most names, streams or patterns in one message. */
    int MAX_ENTRIES = 1024;

    /**
     * The caller's first one.
     *
     * @param box its name
     * @param port where it hears tensors
     * @param wanted patterns of the streams that it imports
     * @param newest of those, patterns of the streams of which only the newest tensor counts
     * @param known incarnation of each node that it mirrors already, from a session before
     */
    record Want(
            String box, int port, List<String> wanted, List<String> newest, Map<String, Long> known)
            implements ControlMessage {}

    /**
     * The host's first one.
     *
     * @param box its name
     * @param session what its publications are told by
     */
    record Welcome(String box, int session) implements ControlMessage {}

    /**
     * A node has begun a life, or has long had it.
     *
     * @param channels number of each exported stream in this session
     */
    record Joined(Manifest manifest, Map<String, Integer> channels) implements ControlMessage {}

    /**
     * How a node is.
     *
     * @param sent of a life that has ended: the last commit of each stream that was sent
     */
    record State(String node, long incarnation, NodeState state, Map<String, Long> sent)
            implements ControlMessage {}

    /** Asks for the other's clock. */
    record Ping(long callerNs) implements ControlMessage {}

    /**
     * The answer.
     *
     * @param callerNs as it was asked
     * @param hostNs clock of the host
     * @param lossRatio share of its bytes that it had to send again; NaN if not known
     */
    record Pong(long callerNs, long hostNs, double lossRatio) implements ControlMessage {}

    /** Why the session ends. */
    record Refusal(String reason) implements ControlMessage {}

    /** The message as bytes. */
    static byte[] encode(ControlMessage message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        switch (message) {
            case Want want -> {
                out.writeByte(1);
                out.writeUTF(want.box());
                out.writeInt(want.port());
                writeTexts(out, want.wanted());
                writeTexts(out, want.newest());
                writeNumbers(out, want.known());
            }
            case Welcome welcome -> {
                out.writeByte(2);
                out.writeUTF(welcome.box());
                out.writeInt(welcome.session());
            }
            case Joined joined -> {
                out.writeByte(3);
                byte[] manifest = ManifestJson.encode(joined.manifest());
                out.writeInt(manifest.length);
                out.write(manifest);
                out.writeInt(joined.channels().size());
                for (Map.Entry<String, Integer> entry : joined.channels().entrySet()) {
                    out.writeUTF(entry.getKey());
                    out.writeInt(entry.getValue());
                }
            }
            case State state -> {
                out.writeByte(4);
                out.writeUTF(state.node());
                out.writeLong(state.incarnation());
                out.writeByte(state.state().ordinal());
                writeNumbers(out, state.sent());
            }
            case Ping ping -> {
                out.writeByte(5);
                out.writeLong(ping.callerNs());
            }
            case Pong pong -> {
                out.writeByte(6);
                out.writeLong(pong.callerNs());
                out.writeLong(pong.hostNs());
                out.writeDouble(pong.lossRatio());
            }
            case Refusal refusal -> {
                out.writeByte(7);
                out.writeUTF(refusal.reason());
            }
        }
        return bytes.toByteArray();
    }

    private static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    private static void writeNumbers(DataOutputStream out, Map<String, Long> numbers)
            throws IOException {
        out.writeInt(numbers.size());
        for (Map.Entry<String, Long> entry : numbers.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeLong(entry.getValue());
        }
    }

    /**
     * The message of these bytes.
     *
     * @throws IOException if they are none
     */
    static ControlMessage decode(byte[] bytes, int at, int length) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, at, length));
        try {
            ControlMessage message = decode(in);
            if (in.available() > 0) {
                throw new IOException("no message: bytes left=" + in.available());
            }
            return message;
        } catch (IllegalArgumentException e) {
            throw new IOException("no message: " + e.getMessage(), e);
        }
    }

    private static ControlMessage decode(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 1 ->
                    new Want(
                            Names.checkBox(in.readUTF()),
                            between("port", in.readInt(), 1, 65_535),
                            texts(in),
                            texts(in),
                            numbers(in));
            case 2 -> new Welcome(Names.checkBox(in.readUTF()), in.readInt());
            case 3 -> {
                byte[] manifest = new byte[between("bytes", in.readInt(), 2, in.available())];
                in.readFully(manifest);
                Map<String, Integer> channels = new LinkedHashMap<>();
                for (int left = entries(in); left > 0; left--) {
                    channels.put(Names.check("stream", in.readUTF()), in.readInt());
                }
                yield new Joined(ManifestJson.decode(manifest), channels);
            }
            case 4 -> {
                String node = Names.checkNode(in.readUTF());
                long incarnation = in.readLong();
                int last = NodeState.values().length - 1;
                NodeState state =
                        NodeState.values()[between("state", in.readUnsignedByte(), 0, last)];
                yield new State(node, incarnation, state, numbers(in));
            }
            case 5 -> new Ping(in.readLong());
            case 6 -> new Pong(in.readLong(), in.readLong(), in.readDouble());
            case 7 -> new Refusal(in.readUTF());
            default -> throw new IOException("no message: kind=" + kind);
        };
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = entries(in); left > 0; left--) {
            texts.add(in.readUTF());
        }
        return List.copyOf(texts);
    }

    private static Map<String, Long> numbers(DataInputStream in) throws IOException {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (int left = entries(in); left > 0; left--) {
            numbers.put(Names.checkNode(in.readUTF()), in.readLong());
        }
        return numbers;
    }

    private static int entries(DataInputStream in) throws IOException {
        return between("entries", in.readInt(), 0, MAX_ENTRIES);
    }

    private static int between(String what, int value, int least, int most) throws IOException {
        if (value < least || value > most) {
            throw new IOException("no message: " + what + "=" + value);
        }
        return value;
    }
}
