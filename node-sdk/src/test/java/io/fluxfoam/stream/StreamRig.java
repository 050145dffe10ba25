package io.fluxfoam.stream;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A foam with a device, and what tests of a stream on it begin with. */
interface StreamRig {
    /** The longest that a test waits for anything. */
    long WATCHDOG_NS = 30_000_000_000L;

    /** A reader's owner key. */
    long READER = OwnerKey.of("reader", 1);

    /** The device that streams live on and readers work on. */
    Device device();

    /** The test's own foam. */
    FoamDirectory foam();

    /** Closes this at the end of the test, before what was opened before it. */
    <T extends AutoCloseable> T closeLater(T resource);

    /** Changes a byte of a stream's payload behind everybody's back. */
    void corrupt(Path payloadFile, long payloadBytes, long offset) throws IOException;

    /** The writer of a stream on the device. */
    default StreamWriter writer(StreamSpec spec) throws IOException {
        return closeLater(StreamWriter.create(foam(), "writer", 1, spec, device()));
    }

    /** A reader of the stream {@code x} on the device. */
    default StreamReader reader(ReadMode mode, long owner) throws IOException {
        return reader(mode, owner, 0);
    }

    /** The same, so many slots behind. */
    default StreamReader reader(ReadMode mode, long owner, int atLeastBehind) throws IOException {
        StreamReader.Join join =
                StreamReader.Join.newest(mode, owner)
                        .on(device(), WaitMode.POLL)
                        .atLeastBehind(atLeastBehind);
        return closeLater(StreamReader.open(foam(), "writer.1.x.control", join));
    }

    /** A reader of the stream {@code x} on the host. */
    default StreamReader onHost(long owner) throws IOException {
        StreamReader.Join join = StreamReader.Join.newest(ReadMode.LATEST, owner);
        return closeLater(StreamReader.open(foam(), "writer.1.x.control", join));
    }

    /** Commits and waits for the arrival. */
    default void commit(StreamWriter writer, long value) {
        try (Claim claim = writer.claim()) {
            claim.payload().set(ValueLayout.JAVA_LONG, 0, value);
            claim.commit(value, value + 1);
        }
        writer.queue().await(WATCHDOG_NS);
    }

    /** Leases once the lease before has ended. */
    default Lease poll(StreamReader reader) {
        reader.queue().await(WATCHDOG_NS);
        return reader.poll();
    }

    /** What {@link #commit} put in. */
    default long value(Lease lease) {
        return lease.payload().get(ValueLayout.JAVA_LONG, 0);
    }
}
