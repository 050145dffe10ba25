package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.SourceSettings;
import io.fluxfoam.sensor.media.Showing.Sense;
import io.fluxfoam.sensor.vary.VariationStrength;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A folder of pictures, recordings, films and captions that belong together by name, see {@link
 * Folder}. What TRAIN and what HOLDOUT frames show says {@link FolderPlan}. What an item lacks is
 * black, the noise floor, no caption. A frame follows from the folder, the seed and its counter.
 *
 * <p>What is empty or broken is skipped. Which items are held out depends on the folder alone,
 * never on when a broken one is found: an item of one kind never becomes one of the other.
 */
public final class FolderSource implements FrameSource {
    /** Without captions, so that every third can be held out. */
    private static final int MIN_ITEMS = 3;

    /** The rest is only counted: a line for each of a million files would tell nobody more. */
    private static final int MAX_TOLD = 20;

    private static final long RENDERING_SEED = 20_261_129;

    private final Path folder;
    private final FrameShape shape;
    private final SourceSettings settings;
    private final Consumer<String> notices;
    private final Folder listed;
    private final TakeReader reader;
    private final Set<Path> skipped = new HashSet<>();
    private final List<String> toTell = new ArrayList<>();
    private FolderPlan plan;
    private Walk<Showing> train;
    private Walk<Showing> heldOut;
    private long skippedCount;
    private boolean opened;
    private @Nullable String caption;

    /**
     * Lists the folder and reads its captions; what is added later is not seen.
     *
     * @param notices told in one line what is skipped or left out
     * @throws SourceException if it cannot be listed, or has too few items that can be used
     */
    public FolderSource(
            Path folder, FrameShape shape, SourceSettings settings, Consumer<String> notices)
            throws SourceException {
        this.folder = folder;
        this.shape = shape;
        this.settings = settings;
        this.notices = notices;
        this.reader =
                new TakeReader(
                        shape,
                        settings.seed(),
                        settings.varied() ? VariationStrength.STRONG : VariationStrength.MILD,
                        settings.mirrored());
        this.listed = new Folder(folder);
        listed.unusable().forEach(leftover -> count(leftover.reason()));
        deal(new ArrayList<>(listed.items()));
        opened = true;
        toTell.forEach(this::tell);
        if (!listed.leftOut().isEmpty()) {
            notices.accept("left out of folder " + folder + ": " + listed.leftOutKinds());
        }
        plan.remarks().forEach(remark -> notices.accept("folder " + folder + ": " + remark));
    }

    /**
     * Plans what is held out. Of each kind one must be there that can be decoded, else what was
     * found broken is taken out and the rest planned anew; to decode all would take minutes.
     */
    private void deal(List<FolderItem> items) throws SourceException {
        do {
            items.removeIf(
                    item -> skipped.contains(item.picture()) || skipped.contains(item.sound()));
            plan = new FolderPlan(items);
            if (items.size() < (plan.captioned() ? 1 : MIN_ITEMS)) {
                items.removeIf(item -> !anyDecodes(new FolderPlan(List.of(item)).train()));
                throw tooFew(items.size());
            }
            train = new Walk<>(plan.train());
            heldOut = new Walk<>(plan.heldOut());
        } while (!anyDecodes(plan.heldOut()) || !anyDecodes(plan.train()));
    }

    private boolean anyDecodes(List<Showing> showings) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment picture = arena.allocate(shape.pictureBytes());
            MemorySegment sound = arena.allocate(shape.soundBytes(), Float.BYTES);
            return showings.stream()
                    .anyMatch(showing -> isRead(showing, 0, trainRandom(0), picture, sound));
        }
    }

    private SourceException tooFew(int items) {
        StringBuilder message = new StringBuilder();
        message.append("folder ").append(folder).append(" has ").append(items);
        message.append(" items with a picture or a sound that can be used, needs ");
        message.append(MIN_ITEMS).append(": every third is held out");
        if (skippedCount > 0) {
            message.append("; skipped ").append(skippedCount);
            message.append(", the first: ").append(toTell.getFirst());
        }
        if (!listed.leftOut().isEmpty()) {
            message.append("; left out: ").append(listed.leftOutKinds());
        }
        return new SourceException(message.toString());
    }

    @Override
    public FrameShape shape() {
        return shape;
    }

    @Override
    public boolean captioned() {
        return plan.captioned();
    }

    @Override
    public boolean mirrored() {
        return settings.mirrored();
    }

    @Override
    public Candidates candidates() {
        return plan.candidates();
    }

    @Override
    public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        long heldOutBefore = HoldoutRule.ordinal(counter);
        boolean holdout = HoldoutRule.isHoldout(counter);
        Walk<Showing> walk = holdout ? heldOut : train;
        long ordinal = holdout ? heldOutBefore : counter - heldOutBefore;
        for (int i = 0; i < walk.items().size(); i++) {
            if (settings.once() && train.isOver() && heldOut.isOver()) {
                return false;
            }
            Showing showing = walk.at(ordinal);
            long round = walk.round(ordinal);
            SplittableRandom random =
                    holdout ? renderingRandom(showing, round) : trainRandom(counter);
            if (isRead(showing, round, random, pictureRgb, soundF32)) {
                walk.step();
                caption = showing.caption();
                return true;
            }
            walk.stepOver();
        }
        throw new SourceException(
                "folder "
                        + folder
                        + " has no item left that can be used "
                        + (holdout ? "and is held out" : "and is not held out"));
    }

    /** The seed is mixed first, so that neighbouring seeds give no shifted copies. */
    private SplittableRandom trainRandom(long counter) {
        return new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() + counter);
    }

    /** Of a few renderings for ever, the same for each seed: runs can be compared. */
    private static SplittableRandom renderingRandom(Showing showing, long round) {
        long what = RENDERING_SEED + showing.turn();
        for (char letter : String.valueOf(showing.caption()).toCharArray()) {
            what = 31 * what + letter;
        }
        long rendering = round % FolderPlan.RENDERINGS_OF_EACH;
        return new SplittableRandom(new SplittableRandom(what).nextLong() + rendering);
    }

    @Override
    public @Nullable String caption() {
        return caption;
    }

    @Override
    public long skippedItems() {
        return skippedCount;
    }

    @Override
    public void close() {}

    /** Reads the senses' takes, in each round others together. */
    private boolean isRead(
            Showing showing,
            long round,
            SplittableRandom random,
            MemorySegment pictureRgb,
            MemorySegment soundF32) {
        SplittableRandom eye = random.split();
        SplittableRandom ear = random.split();
        Sense seen = showing.pictures();
        Sense heard = showing.sounds();
        return isRead(
                        seen,
                        showing.turn(),
                        file -> {
                            if (settings.varied() || seen.rendered()) {
                                reader.showVaried(file, eye, pictureRgb);
                            } else {
                                reader.show(file, pictureRgb);
                            }
                        })
                && isRead(
                        heard,
                        showing.turn() + round,
                        file -> {
                            if (settings.varied() || heard.rendered()) {
                                reader.playVaried(file, ear, soundF32);
                            } else {
                                reader.play(file, soundF32);
                            }
                        });
    }

    private interface Reading {
        void of(@Nullable Path file) throws SourceException;
    }

    /** Reads the take of this index; in the place of a broken one the next. */
    private boolean isRead(Sense sense, long index, Reading reading) {
        int count = Math.max(1, sense.takes().size());
        for (int i = 0; i < count; i++) {
            Path take =
                    sense.takes().isEmpty() ? null : sense.takes().get((int) ((index + i) % count));
            if (take == null || !skipped.contains(take)) {
                try {
                    reading.of(take);
                    return true;
                } catch (SourceException e) {
                    skip(take, e);
                }
            }
        }
        return false;
    }

    private void skip(@Nullable Path take, SourceException reason) {
        if (take != null && skipped.add(take)) {
            count(String.valueOf(reason.getMessage()));
        }
    }

    private void count(String reason) {
        skippedCount++;
        if (skippedCount <= MAX_TOLD) {
            String line = reason + (skippedCount == MAX_TOLD ? "; more are only counted" : "");
            if (opened) {
                tell(line);
            } else {
                toTell.add(line);
            }
        }
    }

    private void tell(String reason) {
        notices.accept("item skipped: " + reason);
    }
}
