package io.fluxfoam.sensor.emoji;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.PictureVariation;
import io.fluxfoam.sensor.vary.SoundVariation;
import io.fluxfoam.sensor.vary.VariationStrength;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * An endless stream of things: animals, food, vehicles, tools, weather; each drawn by one of
 * several hands, and its name spoken, varied anew. A frame is a pure function of (seed, counter):
 * in any order, in any process, after any restart the same bytes.
 *
 * <p>TRAIN frames draw a thing and a trained style at random. HOLDOUT frames take turns: a thing in
 * a trained style, in a rendering of its own, and a thing in the style that no TRAIN frame shows;
 * both walk all things.
 */
public final class EmojiSource implements FrameSource {
    private static final int REHEARSALS = 20;

    /**
     * The shape that suits things: they are as high as they are wide, and their names, 0.5 to 1.4 s
     * but for one, take no more than 1.6 s however they are stretched.
     */
    public static final FrameShape SHAPE = new FrameShape(96, 128, 25_600);

    /** The held-out set of things in trained styles. */
    static final String RENDERINGS = "renderings";

    /** The held-out set of things in a style never trained on. */
    static final String STYLE = "style";

    private static final int TURNS = 2;
    private static final int STYLE_TURN = 1;
    private static final long WALK_SEED = 20_261_128;
    private static final int MIN_SPRITE_SIDE = 32;
    private static final int MAX_SPRITE_SIDE = 512;

    private final FrameShape shape;
    private final long seed;
    private final EmojiStyle held;
    private final List<EmojiStyle> trained;
    private final List<String> captions;
    private final List<Integer> walk;
    private final Drawing drawing;
    private final IntFunction<float[]> names;
    private final PictureVariation picture;
    private final SoundVariation sound;
    private @Nullable String caption;

    /**
     * Things of this seed.
     *
     * @param heldStyle name of the style that no TRAIN frame is drawn in
     * @param icons directory into which the build puts them
     * @param notices told in one line what else is withheld
     * @throws IllegalArgumentException if there is no such style
     * @throws SourceException if the icons are not there, or not what they should be
     */
    public EmojiSource(
            FrameShape shape, long seed, String heldStyle, Path icons, Consumer<String> notices)
            throws SourceException {
        this(
                shape,
                seed,
                EmojiStyle.parse(heldStyle),
                painter(shape, icons),
                new SpokenNames(captions())::spoken);
        for (EmojiStyle kin : held.kin()) {
            notices.accept(
                    "emoji: "
                            + kin.text()
                            + " is kin to "
                            + held.text()
                            + ", which is held out: no frame is drawn in it");
        }
    }

    /** Things that look and sound as these two say. */
    EmojiSource(
            FrameShape shape,
            long seed,
            EmojiStyle held,
            Drawing drawing,
            IntFunction<float[]> names) {
        this.shape = shape;
        this.seed = seed;
        this.held = held;
        this.trained = held.trained();
        this.captions = captions();
        this.walk = shuffled(captions.size());
        this.drawing = drawing;
        this.names = names;
        this.picture = new PictureVariation(shape, VariationStrength.STRONG, mirrored());
        this.sound = new SoundVariation(shape, VariationStrength.STRONG);
    }

    /** The things' names, as one says them. */
    static List<String> captions() {
        return Icons.things().stream().map(name -> name.replace('-', ' ')).toList();
    }

    private static Drawing painter(FrameShape shape, Path icons) throws SourceException {
        int side =
                Math.clamp(
                        Math.min(shape.width(), shape.height()), MIN_SPRITE_SIDE, MAX_SPRITE_SIDE);
        return new SpriteCache(new IconPainter(new Icons(icons), side), side);
    }

    /** Neighbours in the list are alike; the last few hundred frames should not all be animals. */
    private static List<Integer> shuffled(int count) {
        List<Integer> walk = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            walk.add(i);
        }
        Collections.shuffle(walk, new Random(WALK_SEED));
        return walk;
    }

    /** Loads the voice and what draws, which takes a second. */
    @Override
    public void load() throws SourceException {
        var _ = names.apply(0);
        var _ = drawing.draw(trained.getFirst(), 0);
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
    public boolean mirrored() {
        return true;
    }

    @Override
    public Candidates candidates() {
        return Candidates.of(
                new CandidateSet(RENDERINGS, HoldoutKind.RENDERINGS, 0, 0, TURNS, captions),
                new CandidateSet(STYLE, HoldoutKind.STYLE, 0, STYLE_TURN, TURNS, captions));
    }

    @Override
    public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        SplittableRandom random = random(counter);
        int thing = random.nextInt(captions.size());
        EmojiStyle style = trained.get(random.nextInt(trained.size()));
        if (HoldoutRule.isHoldout(counter)) {
            long ordinal = HoldoutRule.ordinal(counter);
            boolean inHeldStyle = ordinal % TURNS == STYLE_TURN;
            thing = heldOutThing(ordinal / TURNS, inHeldStyle);
            style = inHeldStyle ? held : style;
        }
        picture.draw(drawing.draw(style, thing), random.split(), pictureRgb);
        sound.play(names.apply(thing), random.split(), soundF32);
        caption = captions.get(thing);
        return true;
    }

    /** The sets walk the same way, half of it apart: neighbouring frames show other things. */
    private int heldOutThing(long step, boolean inHeldStyle) {
        long ahead = inHeldStyle ? walk.size() / 2 : 0;
        return walk.get((int) ((step + ahead) % walk.size()));
    }

    @Override
    public @Nullable String caption() {
        return caption;
    }

    @Override
    public void close() {}

    /** The seed is mixed first, so that neighbouring seeds have no frames in common. */
    private SplittableRandom random(long counter) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + counter);
    }
}
