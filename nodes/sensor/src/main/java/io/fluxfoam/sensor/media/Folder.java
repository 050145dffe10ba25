package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in a folder: items in the order of their names, and how much of which kind belongs to
 * none. Hidden files are none of ours.
 */
final class Folder {
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "bmp", "gif", "webp");
    private static final Set<String> SOUNDS = Set.of("wav", "flac", "mp3", "ogg");
    private static final String TEXT = "txt";

    private final Map<String, Item> byName = new TreeMap<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();

    /** What belongs to one name; null where it has none. */
    record Item(@Nullable Path picture, @Nullable Path sound, @Nullable Path text) {
        private static final Item EMPTY = new Item(null, null, null);

        boolean isShown() {
            return picture != null || sound != null;
        }
    }

    /** Lists a folder. */
    Folder(Path folder) throws SourceException {
        try (Stream<Path> files = Files.list(folder)) {
            files.sorted().forEach(this::put);
        } catch (IOException e) {
            throw new SourceException("cannot list folder " + folder + ": " + e.getMessage(), e);
        }
        for (Item item : byName.values()) {
            if (!item.isShown()) {
                leaveOut("." + TEXT + " without picture and sound");
            }
        }
        byName.values().removeIf(item -> !item.isShown());
    }

    private void put(Path file) {
        if (file.getFileName().toString().startsWith(".")) {
            return;
        }
        if (Files.isDirectory(file)) {
            leaveOut("folder");
            return;
        }
        String name = FileName.lastBytes(file);
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            leaveOut("without extension");
            return;
        }
        String stem = name.substring(0, dot);
        String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        Item before = byName.getOrDefault(stem, Item.EMPTY);
        if (PICTURES.contains(extension)) {
            put(stem, before.picture(), "picture", new Item(file, before.sound(), before.text()));
        } else if (SOUNDS.contains(extension)) {
            put(stem, before.sound(), "sound", new Item(before.picture(), file, before.text()));
        } else if (extension.equals(TEXT)) {
            put(stem, before.text(), "text", new Item(before.picture(), before.sound(), file));
        } else {
            leaveOut("." + extension);
        }
    }

    private void put(String stem, @Nullable Path before, String sense, Item item) {
        if (before == null) {
            byName.put(stem, item);
        } else {
            leaveOut("second " + sense + " of a name");
        }
    }

    private void leaveOut(String kind) {
        leftOut.merge(kind, 1, Integer::sum);
    }

    /** The items with a picture or a sound. */
    List<Item> items() {
        return List.copyOf(byName.values());
    }

    /** How many files of which kind belong to no item, as "2 .heic, 1 folder"; empty if none. */
    String leftOut() {
        return leftOut.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
    }
}
