package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of pictures, sounds and captions that belong together by name: {@code kite.png}, {@code
 * kite.wav}, {@code kite.txt}. An item, in the order of names, is one frame: its picture, the
 * beginning of its sound, its caption. What an item lacks is black, the noise floor, no caption.
 * Every third item is held out: TRAIN frames walk the others, HOLDOUT frames walk these.
 */
public final class FolderSource implements FrameSource {
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "bmp", "gif", "webp");
    private static final Set<String> SOUNDS = Set.of("wav", "flac", "mp3", "ogg");
    private static final String TEXT = "txt";
    private static final int MIN_ITEMS = 3;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final FrameShape shape;
    private final boolean once;
    private final long seed;
    private final boolean captioned;
    private final List<Item> train = new ArrayList<>();
    private final List<Item> heldOut = new ArrayList<>();
    private long framesRead;
    private String caption;

    /** What belongs to one name; null where it has none. */
    private record Item(Path picture, Path sound, String caption) {
        private static final Item EMPTY = new Item(null, null, null);

        private Item with(Path file, String extension) throws SourceException {
            if (PICTURES.contains(extension)) {
                return new Item(file, sound, caption);
            }
            if (SOUNDS.contains(extension)) {
                return new Item(picture, file, caption);
            }
            return extension.equals(TEXT) ? new Item(picture, sound, readCaption(file)) : this;
        }
    }

    /**
     * Lists the folder and reads its captions; what is added later is not seen.
     *
     * @param once end after one pass instead of beginning again
     * @param seed of the noise floor
     * @throws SourceException if it cannot be listed, a caption is too long, or it has fewer than
     *     three items with a picture or a sound
     */
    public FolderSource(Path folder, FrameShape shape, boolean once, long seed)
            throws SourceException {
        this.shape = shape;
        this.once = once;
        this.seed = seed;
        List<Item> items = items(folder);
        if (items.size() < MIN_ITEMS) {
            throw new SourceException(
                    "folder %s has %d items with a picture or a sound, needs %d: every third is held out"
                            .formatted(folder, items.size(), MIN_ITEMS));
        }
        for (int i = 0; i < items.size(); i++) {
            (HoldoutRule.isHoldout(i) ? heldOut : train).add(items.get(i));
        }
        this.captioned = items.stream().anyMatch(item -> item.caption() != null);
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
        if (once && framesRead >= train.size() + heldOut.size()) {
            return false;
        }
        framesRead++;
        Item item = item(counter);
        readPicture(item, pictureRgb);
        readSound(item, soundF32);
        caption = item.caption();
        return true;
    }

    @Override
    public String caption() {
        return caption;
    }

    @Override
    public void close() {}

    private Item item(long counter) {
        long heldOutBefore = HoldoutRule.ordinal(counter);
        if (HoldoutRule.isHoldout(counter)) {
            return heldOut.get((int) (heldOutBefore % heldOut.size()));
        }
        return train.get((int) ((counter - heldOutBefore) % train.size()));
    }

    private void readPicture(Item item, MemorySegment pictureRgb) throws SourceException {
        if (item.picture() == null) {
            pictureRgb.fill((byte) 0);
            return;
        }
        MediaInput input = MediaInput.file(item.picture());
        try (PictureReader reader =
                PictureReader.open(input, shape).orElseThrow(() -> nothingIn(item.picture()))) {
            if (!reader.next(pictureRgb)) {
                throw nothingIn(item.picture());
            }
        }
    }

    private void readSound(Item item, MemorySegment soundF32) throws SourceException {
        if (item.sound() == null) {
            new SoundRing(seed).window(0, soundF32);
            return;
        }
        MediaInput input = MediaInput.file(item.sound());
        SoundReader reader = SoundReader.open(input).orElseThrow(() -> nothingIn(item.sound()));
        try (SoundTrack track = new SoundTrack(reader, seed)) {
            track.readAt(
                    shape.soundSamples() * MICROS_PER_SECOND / FrameShape.SOUND_RATE, soundF32);
        }
    }

    private static String readCaption(Path file) throws SourceException {
        try {
            String caption = Files.readString(file).strip().replaceAll("\\s+", " ");
            int bytes = caption.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_CAPTION_BYTES) {
                throw new SourceException(
                        "caption too long: file=%s bytes=%d limit=%d"
                                .formatted(file, bytes, MAX_CAPTION_BYTES));
            }
            return caption.isEmpty() ? null : caption;
        } catch (CharacterCodingException e) {
            throw new SourceException("caption is not UTF-8: " + file, e);
        } catch (SourceException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException("cannot read caption " + file + ": " + e.getMessage(), e);
        }
    }

    private static SourceException nothingIn(Path file) {
        return new SourceException("nothing to decode in " + file);
    }

    private static List<Item> items(Path folder) throws SourceException {
        Map<String, Item> byName = new TreeMap<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            int dot = name.lastIndexOf('.');
            if (dot > 0) {
                String stem = name.substring(0, dot);
                String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
                byName.put(stem, byName.getOrDefault(stem, Item.EMPTY).with(file, extension));
            }
        }
        return byName.values().stream()
                .filter(item -> item.picture() != null || item.sound() != null)
                .toList();
    }

    private static List<Path> files(Path folder) throws SourceException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new SourceException("cannot list folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
