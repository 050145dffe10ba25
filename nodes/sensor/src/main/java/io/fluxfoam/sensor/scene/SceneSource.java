package io.fluxfoam.sensor.scene;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * The embedded default source: an endless stream of captioned scenes, each a sentence drawn into
 * the picture and spoken in the sound window. A scene is a pure function of (seed, counter): in any
 * order, in any process, after any restart the same bytes. The sentences themselves do not depend
 * on the seed.
 */
public final class SceneSource implements FrameSource {
    private final FrameShape shape;
    private final long seed;
    private final World world = new World();
    private Painter painter;
    private Narrator narrator;
    private String caption;

    /** Scenes of this seed. */
    public SceneSource(FrameShape shape, long seed) {
        this.shape = shape;
        this.seed = seed;
    }

    /** Loads fonts and voice, which takes some 200 ms. */
    @Override
    public void load() throws SourceException {
        if (painter == null) {
            painter = new Painter(shape);
            narrator = new Narrator(shape);
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
        load();
        SplittableRandom random = random(counter);
        String sentence = world.sentence(counter, random.split());
        painter.paint(sentence, random.split(), pictureRgb);
        narrator.speak(sentence, random.split(), soundF32);
        caption = sentence;
        return true;
    }

    @Override
    public String caption() {
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
