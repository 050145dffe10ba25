package io.fluxfoam.counters;

/**
 * Layout of a counters file, little-endian:
 *
 * <pre>
 *      0  i64  magic                 "FOAMCNTR"; written last
 *      8  i32  layout version
 *     12  i32  capacity              number of counters
 *     16  i64  incarnation
 *     24  i64  bytes of the error log
 *   4096       metadata              capacity x 512 bytes, Agrona CountersManager; type id 1 = i64, 2 = f64 bits
 *      ..      values                capacity x 128 bytes, one counter per pair of cache lines
 *      ..      error log             Agrona DistinctErrorLog
 * </pre>
 */
final class CountersDescriptor {
    static final long MAGIC = 0x52544E434D414F46L; // "FOAMCNTR"
    static final int VERSION = 1;
    static final int CAPACITY = 256;
    static final int ERROR_LOG_BYTES = 64 * 1024;

    static final int LONG_TYPE = 1;
    static final int DOUBLE_TYPE = 2;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int CAPACITY_AT = 12;
    static final int INCARNATION_AT = 16;
    static final int ERROR_LOG_BYTES_AT = 24;
    static final int HEADER_BYTES = 4096;
    static final int METADATA_BYTES = 512;
    static final int VALUE_BYTES = 128;

    private CountersDescriptor() {}

    static int metadataBytes(int capacity) {
        return capacity * METADATA_BYTES;
    }

    static int valuesBytes(int capacity) {
        return capacity * VALUE_BYTES;
    }

    static int valuesAt(int capacity) {
        return HEADER_BYTES + metadataBytes(capacity);
    }

    static int errorLogAt(int capacity) {
        return valuesAt(capacity) + valuesBytes(capacity);
    }

    static int fileBytes(int capacity, int errorLogBytes) {
        return errorLogAt(capacity) + errorLogBytes;
    }
}
