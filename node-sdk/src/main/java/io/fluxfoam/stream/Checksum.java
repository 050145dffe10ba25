package io.fluxfoam.stream;

/**
 * What the {@code checksum} word of a slot's header holds. The code stands in the stream's header;
 * never renumber.
 */
public enum Checksum {
    /** Nothing: for latency benchmarks. */
    NONE(0),
    /** CRC-32C of the payload bytes. */
    CRC32C(1);

    private final int code;

    Checksum(int code) {
        this.code = code;
    }

    /** Number in the stream's header. */
    public int code() {
        return code;
    }

    /** The kind with this code. */
    public static Checksum ofCode(int code) {
        for (Checksum kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown checksum code=" + code);
    }
}
