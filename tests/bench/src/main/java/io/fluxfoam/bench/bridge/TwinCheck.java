package io.fluxfoam.bench.bridge;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * Reads what the loop shares in both boxes, and compares: a tensor of a frame here has to be that
 * of the same frame there, byte by byte as its CRC-32C tells, and the student may train on nothing
 * but frames of the sensor of which all that was compared was the same. On a thread of its own.
 */
final class TwinCheck implements AutoCloseable {
    private static final String NAME = "twin-check";
    private static final long TURN_NS = 5_000_000;

    private final SteppedNode near;
    private final SteppedNode far;
    private final List<Twin> twins = new ArrayList<>();
    private final Subscription steps;
    private final Set<Long> differing = new HashSet<>();
    private final CRC32C crc = new CRC32C();
    private final Thread thread = new Thread(this::run, NAME);
    private long compared;
    private long trained;
    private long strangers;
    private long torn;
    private volatile boolean isStopping;
    private volatile Exception failure;

    /** A stream, in both boxes. */
    private record Twin(
            Subscription here,
            Subscription there,
            Map<Long, Long> hereCrc,
            Map<Long, Long> thereCrc) {}

    /**
     * What was found.
     *
     * @param compared tensors that were read on both sides
     * @param different of them
     * @param trained frames of the student's batches
     * @param strangers of them that are none of the sensor's, or of which a tensor was different
     * @param torn reads whose bytes did not have their checksum
     * @param missed commits that went by before they could be read
     */
    record Findings(
            long compared, long different, long trained, long strangers, long torn, long missed) {
        boolean isClean() {
            return different == 0 && strangers == 0 && torn == 0;
        }
    }

    /** Joins both, and begins to read. */
    TwinCheck(Path nearFoam, Path farFoam) throws IOException {
        near = join(nearFoam, "near");
        far = join(farFoam, "far");
        compare(LoopNodes.SENSOR, LoopStreams.PICTURE);
        compare(LoopNodes.SENSOR, LoopStreams.SOUND);
        compare(LoopNodes.SENSOR, LoopStreams.CAPTION);
        for (String teacher : BoxedLoop.TEACHERS) {
            compare(teacher, LoopStreams.FEATURES);
        }
        steps =
                near.node()
                        .subscribe(
                                LoopStreams.of(LoopNodes.STUDENT, LoopStreams.STEPS),
                                ReadMode.FROM_OLDEST);
        near.publish();
        far.publish();
        thread.setDaemon(true);
        thread.start();
    }

    private static SteppedNode join(Path foam, String side) throws IOException {
        return SteppedNode.join(new NodeContext().foam(foam).name(NAME + "-" + side).role("tool"));
    }

    private void compare(String node, String stream) {
        String name = LoopStreams.of(node, stream);
        twins.add(
                new Twin(
                        near.node().subscribe(name, ReadMode.FROM_OLDEST),
                        far.node().subscribe(name, ReadMode.FROM_OLDEST),
                        new HashMap<>(),
                        new HashMap<>()));
    }

    private void run() {
        try {
            while (!isStopping) {
                near.turn(System.nanoTime());
                far.turn(System.nanoTime());
                look();
                LockSupport.parkNanos(TURN_NS);
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void look() {
        List<Long> frames = new ArrayList<>(); // first: what they were trained on is there then
        for (Lease next = steps.poll(); next != null; next = steps.poll()) {
            try (Lease lease = next) {
                addFrames(lease.payload(), frames);
            }
        }
        for (Twin twin : twins) {
            read(twin.here, twin.hereCrc, twin.thereCrc);
            read(twin.there, twin.thereCrc, twin.hereCrc);
        }
        Set<Long> shown = twins.getFirst().hereCrc.keySet();
        trained += frames.size();
        strangers +=
                frames.stream()
                        .filter(frame -> !shown.contains(frame) || differing.contains(frame))
                        .count();
    }

    /** After the number of the step come the frames of its batch. */
    private static void addFrames(MemorySegment words, List<Long> frames) {
        for (long at = Long.BYTES; at < words.byteSize(); at += Long.BYTES) {
            frames.add(words.get(ValueLayout.JAVA_LONG, at));
        }
    }

    private void read(Subscription from, Map<Long, Long> own, Map<Long, Long> other) {
        for (Lease next = from.poll(); next != null; next = from.poll()) {
            try (Lease lease = next) {
                torn += lease.isIntact() ? 0 : 1;
                crc.reset();
                crc.update(lease.payload().asByteBuffer());
                long frame = lease.frameNumber();
                own.put(frame, crc.getValue());
                Long twin = other.get(frame);
                if (twin != null) {
                    compared++;
                    if (twin != crc.getValue()) {
                        differing.add(frame);
                    }
                }
            }
        }
    }

    synchronized Findings findings() throws IOException {
        if (failure != null) {
            throw new IOException("the check has ended: " + failure.getMessage(), failure);
        }
        long missed = steps.missed();
        for (Twin twin : twins) {
            missed += twin.here.missed() + twin.there.missed();
        }
        return new Findings(compared, differing.size(), trained, strangers, torn, missed);
    }

    @Override
    public void close() throws IOException {
        isStopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        near.depart(true);
        far.depart(true);
        near.close();
        far.close();
    }
}
