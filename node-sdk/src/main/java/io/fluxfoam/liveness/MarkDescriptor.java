package io.fluxfoam.liveness;

/**
 * Layout of a mark file, 4,096 bytes, little-endian:
 *
 * <pre>
 *      0  i64  magic            "FOAMMARK"; written last when the file is new
 *      8  i32  layout version
 *     12  i32  phase            0 never started, 1 running, 2 stopped cleanly
 *     16  i64  incarnation      of the newest start; kept over all starts
 *     24  i64  process id
 *     32  i64  started          milliseconds since the epoch
 *     40  i64  heartbeat        CLOCK_MONOTONIC nanoseconds of the last turn of the duty cycle
 *     48  i32  phase before     2 if the incarnation before this one stopped cleanly
 *     52  u8[12]  reserved, 0
 *     64  u8[64]  node name     zero-padded UTF-8
 *    128  u8[64]  role
 *    192  u8[64]  device
 *    256  i32  length of the command line in bytes
 *    260  u8[3836] command line, arguments separated by a zero byte
 * </pre>
 *
 * The whole file is locked by the living process (open-file-description lock). Only the lock's
 * holder writes. If it dies between taking the lock and writing the incarnation, the next process
 * sees the incarnation before it, with a free lock, and goes on from there; the phase is written
 * first, so that a start that died is DEAD and not STOPPED.
 */
final class MarkDescriptor {
    static final long MAGIC = 0x4B52414D4D414F46L; // "FOAMMARK" read as a little-endian long
    static final int VERSION = 1;
    static final int BYTES = 4096;

    static final int PHASE_RUNNING = 1;
    static final int PHASE_STOPPED = 2;

    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long PHASE_AT = 12;
    static final long INCARNATION_AT = 16;
    static final long PID_AT = 24;
    static final long STARTED_AT = 32;
    static final long HEARTBEAT_AT = 40;
    static final long PHASE_BEFORE_AT = 48;
    static final long NODE_AT = 64;
    static final long ROLE_AT = 128;
    static final long DEVICE_AT = 192;
    static final int TEXT_BYTES = 64;
    static final long COMMAND_LENGTH_AT = 256;
    static final long COMMAND_AT = 260;
    static final int COMMAND_BYTES = BYTES - (int) COMMAND_AT;

    private MarkDescriptor() {}
}
