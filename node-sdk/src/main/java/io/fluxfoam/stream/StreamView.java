package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stream's control file says at one moment. Takes no lane and no lease, and works when all
 * processes are dead.
 *
 * @param header constant facts
 * @param sequence sequence of the newest commit, 0 before the first
 * @param ratePerSecond commits a second over two seconds as its writer left it; NaN if it is not
 *     known
 * @param aborted claims given up
 * @param lanes lanes in use
 * @param slots what each slot holds, in their order
 */
public record StreamView(
        StreamHeader header,
        long sequence,
        double ratePerSecond,
        long aborted,
        List<LaneView> lanes,
        List<SlotView> slots) {

    /**
     * A lane in use.
     *
     * @param lane its index
     * @param owner {@link io.fluxfoam.liveness.OwnerKey} of the reader
     * @param heldSequence sequence under lease, 0 if none
     * @param sleeping whether the reader sleeps on the doorbell
     */
    public record LaneView(int lane, long owner, long heldSequence, boolean sleeping) {}

    /**
     * A slot.
     *
     * @param sequence commit that it holds, 0 while it is being written or before its first commit
     * @param frameNumber frame of that commit
     * @param payloadBytes size of its tensor
     */
    public record SlotView(long sequence, long frameNumber, long payloadBytes) {}

    /** Looks at a control file. */
    public static StreamView read(Path controlFile) throws IOException {
        try (MappedFile control = MappedFile.openReadOnly(controlFile)) {
            StreamHeader header = StreamHeader.read(controlFile, control.segment());
            SegmentWords words = new SegmentWords(control.segment());
            StreamDescriptor layout = header.descriptor();
            List<LaneView> lanes = new ArrayList<>();
            for (int lane = 0; lane < layout.maxReaders(); lane++) {
                long at = layout.lane(lane);
                long owner = words.getAcquire(at);
                if (owner != 0) {
                    boolean leased =
                            words.getAcquire(at + DONE_IN_LANE)
                                    != words.getAcquire(at + LEASE_ID_IN_LANE);
                    long held = leased ? Stamp.sequence(words.getAcquire(at + HELD_IN_LANE)) : 0;
                    lanes.add(
                            new LaneView(
                                    lane, owner, held, words.getInt(at + SLEEPING_IN_LANE) != 0));
                }
            }
            return new StreamView(
                    header,
                    Stamp.sequence(words.getAcquire(LATEST_AT)),
                    Double.longBitsToDouble(words.getAcquire(RATE_AT)),
                    words.get(ABORTED_AT),
                    List.copyOf(lanes),
                    slots(words, layout));
        }
    }

    private static List<SlotView> slots(SegmentWords words, StreamDescriptor layout) {
        List<SlotView> slots = new ArrayList<>();
        for (int slot = 0; slot < layout.slots(); slot++) {
            long at = layout.slot(slot);
            slots.add(
                    new SlotView(
                            sequence(words.getAcquire(at)),
                            words.get(at + FRAME_IN_SLOT),
                            words.get(at + BYTES_IN_SLOT)));
        }
        return List.copyOf(slots);
    }

    private static long sequence(long ready) {
        return ready == Stamp.ORPHANED ? 0 : Stamp.sequence(ready);
    }
}
