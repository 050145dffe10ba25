package io.fluxfoam.sensor.scene;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The embedded default source: an endless stream of captioned scenes, each a sentence drawn into
 * the picture and spoken in the sound window. A scene is a pure function of (seed, counter): in any
 * order, in any process, after any restart the same bytes. The sentences themselves do not depend
 * on the seed.
 */
public final class SceneSource implements FrameSource {
    private static final int REHEARSALS = 20;

    /** Fewer columns have no room for a sentence that can be read. */
    private static final int MIN_WIDTH = 160;

    /** Fewer samples, 1.6 s, have no room for a sentence that can be understood. */
    private static final int MIN_SOUND_SAMPLES = 25_600;

    private final FrameShape shape;
    private final long seed;
    private final World world = new World();
    private @Nullable Studio studio;
    private @Nullable String caption;

    private record Studio(Painter painter, Narrator narrator) {}

    /**
     * Scenes of this seed.
     *
     * @throws IllegalArgumentException if a frame has no room for a sentence
     */
    public SceneSource(FrameShape shape, long seed) {
        if (shape.width() < MIN_WIDTH || shape.soundSamples() < MIN_SOUND_SAMPLES) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "scenes: frames of %s have no room for a sentence, which needs %d"
                                    + " columns and %s s",
                            shape,
                            MIN_WIDTH,
                            (double) MIN_SOUND_SAMPLES / FrameShape.SOUND_RATE));
        }
        this.shape = shape;
        this.seed = seed;
    }

    /** Loads fonts and voice, which takes some 200 ms. */
    @Override
    public void load() throws SourceException {
        loaded();
    }

    private Studio loaded() throws SourceException {
        if (studio == null) {
            studio = new Studio(new Painter(shape), new Narrator(shape));
        }
        return studio;
    }

    /** Any frame can be read at any time. */
    @Override
    public void rehearse(MemorySegment pictureRgb, MemorySegment soundF32) throws SourceException {
        for (int counter = 0; counter < REHEARSALS; counter++) {
            read(counter, pictureRgb, soundF32);
        }
    }

    @Override
    public FrameShape shape() {
        return shape;
    }

    @Override
    public boolean captioned() {
        return true;
    }

    @Override
    public Candidates candidates() {
        return world.heldOut();
    }

    @Override
    public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        Studio opened = loaded();
        SplittableRandom random = random(counter);
        String sentence = world.sentence(counter, random.split());
        opened.painter().paint(sentence, random.split(), pictureRgb);
        opened.narrator().speak(sentence, random.split(), soundF32);
        caption = sentence;
        return true;
    }

    @Override
    public @Nullable String caption() {
        return caption;
    }

    @Override
    public void close() {}

    /**
     * The seed is mixed first, so that the scenes of neighbouring seeds are not each other's
     * neighbours.
     */
    private SplittableRandom random(long counter) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + counter);
    }
}
