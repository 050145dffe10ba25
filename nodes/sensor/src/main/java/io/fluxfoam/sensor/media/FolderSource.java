package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A folder of pictures, sounds and captions that belong together by name: {@code kite.png}, {@code
 * kite.wav}, {@code kite.txt}. An item, in the order of names, is one frame: its picture, the
 * beginning of its sound, its caption. What an item lacks is black, the noise floor, no caption.
 * Every third item is held out: TRAIN frames walk the others, HOLDOUT frames walk these.
 *
 * <p>An item of which a part is empty or broken is skipped. Which items are held out depends on the
 * folder alone, never on when a broken one is found: an item of one kind never becomes one of the
 * other.
 */
public final class FolderSource implements FrameSource {
    private static final int MIN_ITEMS = 3;

    /** The rest is only counted: a line for each of a million files would tell nobody more. */
    private static final int MAX_TOLD = 20;

    private final Path folder;
    private final FrameShape shape;
    private final boolean once;
    private final long seed;
    private final Consumer<String> notices;
    private final boolean captioned;
    private final Map<Folder.Item, String> captions = new HashMap<>();
    private final Set<Folder.Item> skipped = new HashSet<>();
    private final List<String> toTell = new ArrayList<>();
    private Walk<Folder.Item> train;
    private Walk<Folder.Item> heldOut;
    private boolean opened;
    private @Nullable String caption;

    /**
     * Lists the folder and reads its captions; what is added later is not seen.
     *
     * @param once end after one pass instead of beginning again
     * @param seed of the noise floor
     * @param notices told in one line what is skipped or left out
     * @throws SourceException if it cannot be listed, or has fewer than three items with a picture
     *     or a sound that can be used
     */
    public FolderSource(
            Path folder, FrameShape shape, boolean once, long seed, Consumer<String> notices)
            throws SourceException {
        this.folder = folder;
        this.shape = shape;
        this.once = once;
        this.seed = seed;
        this.notices = notices;
        Folder listed = new Folder(folder);
        List<Folder.Item> items = new ArrayList<>(listed.items());
        items.removeIf(item -> !isWhole(item));
        deal(items, listed.leftOut());
        this.captioned = !captions.isEmpty();
        opened = true;
        toTell.forEach(this::tell);
        if (!listed.leftOut().isEmpty()) {
            notices.accept("left out of folder " + folder + ": " + listed.leftOut());
        }
    }

    /** Whether nothing is wrong that can be seen without decoding. */
    private boolean isWhole(Folder.Item item) {
        try {
            if (item.picture() != null) {
                MediaInput.file(item.picture());
            }
            if (item.sound() != null) {
                MediaInput.file(item.sound());
            }
            String text = item.text() == null ? null : Caption.read(item.text());
            if (text != null) {
                captions.put(item, text);
            }
            return true;
        } catch (SourceException e) {
            skip(item, e);
            return false;
        }
    }

    /**
     * Holds out every third item. Of each kind one must be there that can be decoded, else what was
     * found broken is taken out and the rest dealt anew; to decode all would take minutes.
     */
    private void deal(List<Folder.Item> items, String leftOut) throws SourceException {
        do {
            items.removeIf(skipped::contains);
            if (items.size() < MIN_ITEMS) {
                items.removeIf(item -> !anyDecodes(List.of(item)));
                throw tooFew(items.size(), leftOut);
            }
            List<Folder.Item> trained = new ArrayList<>();
            List<Folder.Item> held = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                (HoldoutRule.isHoldout(i) ? held : trained).add(items.get(i));
            }
            train = new Walk<>(trained);
            heldOut = new Walk<>(held);
        } while (!anyDecodes(heldOut.items()) || !anyDecodes(train.items()));
    }

    private boolean anyDecodes(List<Folder.Item> items) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment picture = arena.allocate(shape.pictureBytes());
            MemorySegment sound = arena.allocate(shape.soundBytes(), Float.BYTES);
            return items.stream().anyMatch(item -> isRead(item, picture, sound));
        }
    }

    private SourceException tooFew(int items, String leftOut) {
        StringBuilder message = new StringBuilder();
        message.append("folder ").append(folder).append(" has ").append(items);
        message.append(" items with a picture or a sound that can be used, needs ");
        message.append(MIN_ITEMS).append(": every third is held out");
        if (!skipped.isEmpty()) {
            message.append("; skipped ").append(skipped.size());
            message.append(", the first: ").append(toTell.getFirst());
        }
        if (!leftOut.isEmpty()) {
            message.append("; left out: ").append(leftOut);
        }
        return new SourceException(message.toString());
    }

    @Override
    public FrameShape shape() {
        return shape;
    }

    @Override
    public boolean captioned() {
        return captioned;
    }

    @Override
    public Candidates candidates() {
        return Candidates.NONE;
    }

    @Override
    public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        long heldOutBefore = HoldoutRule.ordinal(counter);
        boolean holdout = HoldoutRule.isHoldout(counter);
        Walk<Folder.Item> walk = holdout ? heldOut : train;
        long ordinal = holdout ? heldOutBefore : counter - heldOutBefore;
        for (int i = 0; i < walk.items().size(); i++) {
            if (once && train.isOver() && heldOut.isOver()) {
                return false;
            }
            Folder.Item item = walk.at(ordinal);
            if (!skipped.contains(item) && isRead(item, pictureRgb, soundF32)) {
                walk.step();
                caption = captions.get(item);
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

    @Override
    public @Nullable String caption() {
        return caption;
    }

    @Override
    public long skippedItems() {
        return skipped.size();
    }

    @Override
    public void close() {}

    private boolean isRead(Folder.Item item, MemorySegment pictureRgb, MemorySegment soundF32) {
        try {
            readPicture(item.picture(), pictureRgb);
            readSound(item.sound(), soundF32);
            return true;
        } catch (SourceException e) {
            skip(item, e);
            return false;
        }
    }

    private void readPicture(@Nullable Path file, MemorySegment pictureRgb) throws SourceException {
        if (file == null) {
            pictureRgb.fill((byte) 0);
            return;
        }
        try (PictureReader reader =
                PictureReader.open(MediaInput.file(file), shape)
                        .orElseThrow(() -> nothingIn(file))) {
            if (!reader.next(pictureRgb)) {
                throw nothingIn(file);
            }
        }
    }

    private void readSound(@Nullable Path file, MemorySegment soundF32) throws SourceException {
        SoundRing ring = new SoundRing(seed);
        if (file == null) {
            ring.window(0, soundF32);
            return;
        }
        SoundReader reader =
                SoundReader.open(MediaInput.file(file)).orElseThrow(() -> nothingIn(file));
        try (SoundTrack track = new SoundTrack(reader, ring, 0)) {
            track.advance(shape.soundSamples() * Ffmpeg.MICROS_PER_SECOND / FrameShape.SOUND_RATE);
            if (track.endUs() == 0) {
                throw nothingIn(file);
            }
            ring.appendSilence(shape.soundSamples());
            ring.window(shape.soundSamples(), soundF32);
        }
    }

    private void tell(String reason) {
        notices.accept("item skipped: " + reason);
    }

    private static SourceException nothingIn(Path file) {
        return new SourceException("nothing to decode in " + file);
    }

    private void skip(Folder.Item item, SourceException reason) {
        if (skipped.add(item) && skipped.size() <= MAX_TOLD) {
            String more = skipped.size() == MAX_TOLD ? "; more are only counted" : "";
            String line = reason.getMessage() + more;
            if (opened) {
                tell(line);
            } else {
                toTell.add(line);
            }
        }
    }
}
