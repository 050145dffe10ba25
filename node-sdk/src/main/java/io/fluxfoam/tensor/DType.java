package io.fluxfoam.tensor;

/** Element type of a tensor. The code is what stands in a stream's header; never renumber. */
public enum DType {
    U8(1, 1),
    I32(2, 4),
    I64(3, 8),
    F16(4, 2),
    BF16(5, 2),
    F32(6, 4),
    F64(7, 8);

    private final int code;
    private final int bytes;

    DType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Number that stands for this type in shared memory. */
    public int code() {
        return code;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /**
     * The type with this code.
     *
     * @throws IllegalArgumentException if no type has it
     */
    public static DType ofCode(int code) {
        for (DType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("unknown dtype code=" + code);
    }
}
