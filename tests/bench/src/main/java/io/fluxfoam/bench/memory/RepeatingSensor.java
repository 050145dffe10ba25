package io.fluxfoam.bench.memory;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Shows the same frames again and again, as a folder does, but made beforehand: what it shows costs
 * next to nothing, so that the teacher is what is measured. Frames have the size of the default
 * loop's.
 */
final class RepeatingSensor implements NodeAgent {
    private static final List<String> CAPTIONS =
            List.of(
                    "red kite above the harbour",
                    "old bridge",
                    "quiet dog beside the river",
                    "green parrot under the meadow",
                    "broken drum inside the tower",
                    "blue lamp behind the garden wall",
                    "dusty turtle",
                    "seven boats in the morning",
                    "a pillow",
                    "empty kitchen with a window",
                    "frozen lake above the tunnel",
                    "small horse");
    private static final int MAX_CAPTION_BYTES = 512;
    private static final int RECTANGLES = 40;
    private static final long SEED = 4;

    private final long everyNs;
    private final List<MemorySegment> pictures = new ArrayList<>();
    private final List<MemorySegment> sounds = new ArrayList<>();
    private final List<MemorySegment> captions = new ArrayList<>();
    private StreamWriter picture;
    private StreamWriter sound;
    private StreamWriter caption;
    private long incarnation;
    private long counter;
    private long nextNs;

    /** Shows so many frames in a second. */
    RepeatingSensor(int framesPerSecond) {
        everyNs = 1_000_000_000L / framesPerSecond;
        SplittableRandom random = new SplittableRandom(SEED);
        for (String words : CAPTIONS) {
            pictures.add(rectangles(random));
            sounds.add(tone(random));
            captions.add(MemorySegment.ofArray(words.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static MemorySegment rectangles(SplittableRandom random) {
        FrameShape shape = FrameShape.STANDARD;
        MemorySegment picture = Arena.ofAuto().allocate(shape.pictureBytes(), 64);
        for (int i = 0; i < RECTANGLES; i++) {
            int colour = random.nextInt();
            int top = random.nextInt(shape.height());
            int left = random.nextInt(shape.width());
            int bottom = Math.min(shape.height(), top + random.nextInt(shape.height() / 2));
            int right = Math.min(shape.width(), left + random.nextInt(shape.width() / 4));
            for (int row = top; row < bottom; row++) {
                for (int at = left * 3; at < right * 3; at++) {
                    byte value = (byte) (colour >> at % 3 * 8);
                    picture.set(ValueLayout.JAVA_BYTE, (long) row * shape.width() * 3 + at, value);
                }
            }
        }
        return picture;
    }

    private static MemorySegment tone(SplittableRandom random) {
        int samples = FrameShape.STANDARD.soundSamples();
        MemorySegment sound = Arena.ofAuto().allocate((long) samples * Float.BYTES, 64);
        double pitch = random.nextDouble(100, 400);
        for (int i = 0; i < samples; i++) {
            double value = Math.sin(2 * Math.PI * pitch * i / FrameShape.SOUND_RATE) / 4;
            sound.setAtIndex(
                    ValueLayout.JAVA_FLOAT, i, (float) (value + random.nextDouble(-.01, .01)));
        }
        return sound;
    }

    @Override
    public void onStart(Node node) throws IOException {
        FrameShape shape = FrameShape.STANDARD;
        incarnation = node.incarnation();
        picture = node.publish(StreamSpec.of(LoopStreams.PICTURE, DType.U8, shape.pictureShape()));
        sound = node.publish(StreamSpec.of(LoopStreams.SOUND, DType.F32, shape.soundShape()));
        caption = node.publish(StreamSpec.of(LoopStreams.CAPTION, DType.U8, MAX_CAPTION_BYTES));
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        if (nowNs - nextNs < 0) {
            return 0;
        }
        nextNs = nowNs + everyNs;
        int shown = (int) (counter % CAPTIONS.size());
        long frame = FrameNumber.of(incarnation, counter++);
        commit(picture, pictures.get(shown), frame, nowNs);
        commit(sound, sounds.get(shown), frame, nowNs);
        commit(caption, captions.get(shown), frame, nowNs);
        return 1;
    }

    private static void commit(StreamWriter writer, MemorySegment payload, long frame, long nowNs) {
        try (Claim claim = writer.claim()) {
            MemorySegment.copy(payload, 0, claim.payload(), 0, payload.byteSize());
            if (writer.name().equals(LoopStreams.CAPTION)) {
                claim.shape(payload.byteSize());
            }
            claim.commit(frame, nowNs);
        }
    }
}
