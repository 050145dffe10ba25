package io.fluxfoam.bench.transport;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The transports that are compared, and how their readers wait: each in the way in which it is
 * naturally used.
 */
public enum TransportKind {
    /** Ours: streams in shared memory. */
    FOAM(1L << 32, List.of(Wait.SPIN, Wait.BACKOFF, Wait.BLOCKING)),
    /** The same, read by a process in C. */
    FOAM_C(1L << 32, List.of(Wait.SPIN, Wait.BLOCKING)),
    /** The same, read by a process in Python. */
    FOAM_PYTHON(1L << 32, List.of(Wait.SPIN, Wait.BLOCKING)),
    /** Aeron IPC. */
    AERON(1L << 32, List.of(Wait.SPIN)),
    /** Chronicle Queue on tmpfs, written and read in place. */
    CHRONICLE_QUEUE((1L << 30) - 1, List.of(Wait.SPIN)),
    /** A Unix domain socket. */
    UNIX_SOCKET(Integer.MAX_VALUE, List.of(Wait.BLOCKING)),
    /** TCP through the loopback interface. */
    TCP(Integer.MAX_VALUE, List.of(Wait.BLOCKING)),
    /** A gRPC stream through the loopback interface. */
    GRPC(Integer.MAX_VALUE, List.of(Wait.BLOCKING));

    private final long maxPayloadBytes;
    private final List<Wait> waits;

    TransportKind(long maxPayloadBytes, List<Wait> waits) {
        this.maxPayloadBytes = maxPayloadBytes;
        this.waits = waits;
    }

    /** What is compared if nothing else is said: all whose both ends are Java's. */
    public static List<TransportKind> ofJava() {
        return Arrays.stream(values())
                .filter(kind -> kind != FOAM_C && kind != FOAM_PYTHON)
                .toList();
    }

    /** Size of the largest payload that it can carry here. */
    public long maxPayloadBytes() {
        return maxPayloadBytes;
    }

    /** How readers of this transport wait for a message. */
    public List<Wait> waits() {
        return waits;
    }

    /** Name in tables, options and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The kind with this label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TransportKind ofLabel(String label) {
        for (TransportKind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "unknown transport="
                        + label
                        + " known="
                        + List.of(values()).stream().map(TransportKind::label).toList());
    }

    /** This process's side of it. {@code directory} is common to both processes. */
    public Transport open(Wait wait, Path directory) {
        return switch (this) {
            case FOAM -> new FoamTransport(wait, false);
            case FOAM_C, FOAM_PYTHON -> new FoamTransport(wait, true);
            case AERON -> new AeronTransport(directory);
            case CHRONICLE_QUEUE -> new ChronicleQueueTransport();
            case UNIX_SOCKET -> SocketTransport.unix();
            case TCP -> SocketTransport.tcp();
            case GRPC -> new GrpcTransport();
        };
    }
}
