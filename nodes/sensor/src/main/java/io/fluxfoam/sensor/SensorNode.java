package io.fluxfoam.sensor;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Publishes the frames of a source at a fixed pace. Streams, all of one counter with one frame
 * number and capture time:
 *
 * <pre>
 *   picture     u8  [height, width, 3]  RGB row-major
 *   sound       f32 [soundSamples]      16 kHz mono, [-1, 1]
 *   caption     u8  [at most 512]       UTF-8; of sources that have captions
 *   candidates  u8  [its own length]    UTF-8 lines, once at the start; of sources that hold captions out
 * </pre>
 *
 * <p>A frame is written by the source straight into the claimed slots. A restarted sensor goes on
 * after the last counter that any earlier one of its name has published.
 */
public final class SensorNode implements NodeAgent {
    /** Each slot has room for all the text: few of them. */
    private static final int CANDIDATES_READERS = 6;

    /** Says whether who replays a frame may exchange left and right. */
    private static final String RESUME_FILE = "resume";

    private static final double NANOS_PER_MILLI = 1e6;

    private final FrameSource source;
    private final List<String> sourceNames;
    private final Pacer pacer;
    private final int slots;
    private final Runnable onEnd;
    private Node node;
    private StreamWriter picture;
    private StreamWriter sound;
    private @Nullable StreamWriter caption;
    private @Nullable StreamWriter candidates;
    private ResumePoint resumePoint;
    private Counter frames;
    private Counter heldOutFrames;
    private Counter skippedFrames;
    private Counter skippedItems;
    private Counter nextCounter;
    private Gauge readMillis;
    private boolean ended;

    /**
     * A sensor of an open source, which it closes at its end.
     *
     * @param sourceNames what the user calls it; several if several take turns
     * @param framesPerSecond pace, above 0
     * @param slots places in the rings of picture, sound and caption; 0 for the SDK's default
     * @param onEnd called once, on the duty-cycle thread, when the source has come to its end
     */
    public SensorNode(
            FrameSource source,
            List<String> sourceNames,
            double framesPerSecond,
            int slots,
            Runnable onEnd) {
        this.source = source;
        this.sourceNames = List.copyOf(sourceNames);
        this.pacer = new Pacer(framesPerSecond);
        this.slots = slots;
        this.onEnd = onEnd;
    }

    @Override
    public void onStart(Node owner) throws IOException {
        node = owner;
        SensorCard.attributes(source.mirrored(), sourceNames).forEach(node::attribute);
        FrameShape shape = source.shape();
        picture = publish(LoopStreams.PICTURE, DType.U8, shape.pictureShape());
        sound = publish(LoopStreams.SOUND, DType.F32, shape.soundShape());
        if (source.captioned()) {
            caption = publish(LoopStreams.CAPTION, DType.U8, FrameSource.MAX_CAPTION_BYTES);
        }
        if (!source.candidates().isEmpty()) {
            long bytes = source.candidates().text().getBytes(StandardCharsets.UTF_8).length;
            candidates =
                    node.publish(
                            StreamSpec.of(LoopStreams.CANDIDATES, DType.U8, bytes)
                                    .maxReaders(CANDIDATES_READERS)
                                    .slots(CANDIDATES_READERS + 2));
        }
        resumePoint = ResumePoint.open(node.state().resolve(RESUME_FILE));
        frames = node.counters().counter(LoopCounters.FRAMES);
        heldOutFrames = node.counters().counter(LoopCounters.HELD_OUT_FRAMES);
        skippedFrames = node.counters().counter(LoopCounters.SKIPPED_FRAMES);
        skippedItems = node.counters().counter(LoopCounters.SKIPPED_ITEMS);
        nextCounter = node.counters().counter(LoopCounters.NEXT_COUNTER);
        readMillis = node.counters().gauge(LoopCounters.READ_MILLIS);
        nextCounter.set(resumePoint.nextCounter());
        skippedItems.set(source.skippedItems());
        publishCandidates();
    }

    private StreamWriter publish(String name, DType dtype, long... shape) throws IOException {
        return node.publish(StreamSpec.of(name, dtype, shape).slots(slots));
    }

    @Override
    public void onRehearse() throws IOException {
        FrameShape shape = source.shape();
        try (Arena own = Arena.ofShared()) {
            source.rehearse(
                    own.allocate(shape.pictureBytes(), Long.BYTES),
                    own.allocate(shape.soundBytes(), Long.BYTES));
        }
    }

    @Override
    public void onPrepare() throws IOException {
        source.load();
    }

    /** They carry the frame number of the first frame that this incarnation publishes. */
    private void publishCandidates() throws IOException {
        if (candidates != null) {
            commitText(
                    candidates,
                    source.candidates().text(),
                    frameNumber(resumePoint.nextCounter()),
                    System.nanoTime());
        }
    }

    @Override
    public int doWork() throws IOException {
        if (ended || !pacer.due(System.nanoTime())) {
            return 0;
        }
        skippedFrames.set(pacer.skippedTicks());
        boolean published = publishFrame();
        skippedItems.set(source.skippedItems());
        if (!published) {
            ended = true;
            onEnd.run();
            return 0;
        }
        return 1;
    }

    private boolean publishFrame() throws IOException {
        long captureNs = System.nanoTime();
        long counter = resumePoint.nextCounter();
        long frameNumber;
        try (Claim pictureClaim = picture.claim();
                Claim soundClaim = sound.claim()) {
            while (!source.read(counter, pictureClaim.payload(), soundClaim.payload())) {
                counter = source.nextAfter(counter);
                if (counter == FrameSource.OVER) {
                    return false;
                }
            }
            frameNumber = frameNumber(counter);
            readMillis.set((System.nanoTime() - captureNs) / NANOS_PER_MILLI);
            resumePoint.reserve(counter);
            pictureClaim.commit(frameNumber, captureNs);
            soundClaim.commit(frameNumber, captureNs);
        }
        String words = source.caption();
        if (words != null) {
            commitText(Objects.requireNonNull(caption, "captioned"), words, frameNumber, captureNs);
        }
        frames.increment();
        heldOutFrames.add(HoldoutRule.isHoldout(frameNumber) ? 1 : 0);
        nextCounter.set(resumePoint.nextCounter());
        return true;
    }

    private long frameNumber(long counter) {
        return FrameNumber.of(node.incarnation(), counter);
    }

    private static void commitText(
            StreamWriter stream, String text, long frameNumber, long captureNs) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Claim claim = stream.claim()) {
            if (bytes.length > claim.payload().byteSize()) {
                throw new SourceException(
                        String.format(
                                Locale.ROOT,
                                "text too long: stream=%s bytes=%d limit=%d",
                                stream.name(),
                                bytes.length,
                                claim.payload().byteSize()));
            }
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, claim.payload(), 0, bytes.length);
            claim.shape(bytes.length).commit(frameNumber, captureNs);
        }
    }

    @Override
    public void onStop() throws IOException {
        source.close();
        resumePoint.close();
    }
}
