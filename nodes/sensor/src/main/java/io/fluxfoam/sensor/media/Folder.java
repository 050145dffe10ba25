package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.text.CaptionTable;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in a folder and those within it: items in the order of their names, files that are not
 * usable, and how much of which kind belongs to no item. Hidden files are none of ours.
 *
 * <p>An item's caption is its text file's, else what a {@link CaptionTable} says of one of its
 * files. {@code kite.1.png} and {@code kite.2.png} are takes of {@code kite} if there is a file of
 * that name: then they have its caption, or that name for one. What else has no caption has the
 * name of the folder that it lies in, unless that is the folder itself, or a table lies in it or
 * above it.
 */
final class Folder {
    private static final int MAX_DEPTH = 16;
    private static final Pattern TAKE = Pattern.compile("(.+)\\.[0-9]{1,6}", Pattern.DOTALL);

    private final Map<String, Draft> drafts = new TreeMap<>();
    private final Map<String, String> captionByFile = new HashMap<>();
    private final Set<Path> entered = new HashSet<>();
    private final List<FolderItem> items = new ArrayList<>();
    private final List<Leftover> unusable = new ArrayList<>();
    private final List<Leftover> leftOut = new ArrayList<>();
    private final Map<String, Integer> leftOutByKind = new TreeMap<>();

    /** The files of one name. */
    private static final class Draft {
        private final String folderName;
        private @Nullable Path picture;
        private @Nullable Path sound;
        private @Nullable Path text;
        private @Nullable String caption;

        Draft(String folderName) {
            this.folderName = folderName;
        }

        boolean isShown() {
            return picture != null || sound != null;
        }
    }

    /** Lists a folder, and reads its captions. */
    Folder(Path root) throws SourceException {
        list(root, "", "", 0);
        drafts.values().removeIf(draft -> !isRead(draft));
        Set<String> bases = new HashSet<>();
        drafts.keySet().forEach(name -> bases.add(baseOf(name)));
        drafts.forEach((name, draft) -> {
            if (draft.isShown()) {
                items.add(
                        new FolderItem(
                                name, draft.picture, draft.sound, caption(name, draft, bases)));
            } else if (draft.text != null && !bases.contains(name)) {
                leaveOut(draft.text, ".txt without picture and sound");
            }
        });
    }

    /**
     * Goes through a folder, those within it last.
     *
     * @param prefix of the names of what lies in it
     * @param folderName the caption of what has no other; empty: none
     */
    private void list(Path folder, String prefix, String folderName, int depth)
            throws SourceException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> !isHidden(file)).sorted().toList();
            if (!entered.add(folder.toRealPath())) {
                leaveOut(folder, "folder twice");
                return;
            }
        } catch (IOException e) {
            SourceException reason =
                    new SourceException("cannot list folder " + folder + ": " + e.getMessage(), e);
            if (depth == 0) {
                throw reason;
            }
            refuse(folder, reason);
            return;
        }
        boolean hasTable = files.stream().anyMatch(Folder::isTable);
        String caption = hasTable || depth == 0 ? "" : folderName;
        List<Path> folders = new ArrayList<>();
        List<Path> films = new ArrayList<>();
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                folders.add(file);
            } else if (FileKind.of(file) == FileKind.FILM) {
                films.add(file); // which give what their items lack
            } else if (isTable(file)) {
                readTable(folder, file);
            } else {
                put(file, prefix, caption);
            }
        }
        films.forEach(film -> put(film, prefix, caption));
        for (Path inner : folders) {
            if (depth == MAX_DEPTH) {
                leaveOut(inner, "folder too deep");
            } else {
                String bytes = FileName.lastBytes(inner);
                boolean named = !hasTable && (depth == 0 || !folderName.isEmpty());
                list(inner, prefix + bytes + "/", named ? text(bytes) : "", depth + 1);
            }
        }
    }

    private static boolean isHidden(Path file) {
        return FileName.lastBytes(file).startsWith(".");
    }

    private static boolean isTable(Path file) {
        return CaptionTable.isNamed(FileName.lastBytes(file)) && Files.isRegularFile(file);
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private void readTable(Path folder, Path table) {
        try {
            CaptionTable read = CaptionTable.read(table);
            read.bad().forEach(line -> refuse(table, new SourceException(table + ": " + line)));
            for (CaptionTable.Row row : read.rows()) {
                readRow(folder, table, row);
            }
        } catch (IOException e) {
            refuse(
                    table,
                    new SourceException("captions not read: " + table + ": " + e.getMessage(), e));
        }
    }

    private void readRow(Path folder, Path table, CaptionTable.Row row) {
        for (String name : row.files()) {
            try {
                Path file = folder.resolve(name).normalize();
                String caption = Caption.of(row.caption(), file);
                if (!Files.exists(file)) {
                    throw new SourceException("file not found: " + file + ", named in " + table);
                }
                if (caption != null) {
                    captionByFile.put(FileName.bytes(file), caption);
                }
            } catch (SourceException e) {
                refuse(table, e);
            } catch (InvalidPathException e) {
                refuse(
                        table,
                        new SourceException(
                                table + ": row " + row.number() + " names no file: " + name, e));
            }
        }
    }

    private void put(Path file, String prefix, String folderName) {
        String name = FileName.lastBytes(file);
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            leaveOut(file, "without extension");
            return;
        }
        String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        FileKind kind = FileKind.of(extension);
        if (kind == FileKind.OTHER) {
            leaveOut(file, "." + extension);
            return;
        }
        Draft draft =
                drafts.computeIfAbsent(prefix + name.substring(0, dot), _ -> new Draft(folderName));
        switch (kind) {
            case PICTURE -> draft.picture = first(draft.picture, file, "picture");
            case SOUND -> draft.sound = first(draft.sound, file, "sound");
            case TEXT -> draft.text = first(draft.text, file, "text");
            default -> putFilm(draft, file);
        }
    }

    private Path first(@Nullable Path before, Path file, String sense) {
        if (before != null) {
            leaveOut(file, "second " + sense + " of a name");
        }
        return before == null ? file : before;
    }

    /** A film gives what its item lacks. */
    private void putFilm(Draft draft, Path file) {
        try (Demuxer film = Demuxer.open(MediaInput.file(file))) {
            boolean used = false;
            if (film.pictures().isPresent() && draft.picture == null) {
                draft.picture = file;
                used = true;
            }
            if (film.sound().isPresent() && draft.sound == null) {
                draft.sound = file;
                used = true;
            }
            if (!used) {
                leaveOut(file, "film that adds nothing to its name");
            }
        } catch (SourceException e) {
            refuse(file, e);
        }
    }

    /** Whether nothing is wrong with a name's files that can be seen without decoding. */
    private boolean isRead(Draft draft) {
        try {
            for (Path file : new Path[] {draft.picture, draft.sound}) {
                if (file != null) {
                    MediaInput.file(file);
                    String ofTable = captionByFile.get(FileName.bytes(file));
                    draft.caption = draft.caption == null ? ofTable : draft.caption;
                }
            }
            String ofText = draft.text == null ? null : Caption.read(draft.text);
            draft.caption = ofText == null ? draft.caption : ofText;
            return true;
        } catch (SourceException e) {
            refuse(whatIsShown(draft), e);
            return false;
        }
    }

    private static Path whatIsShown(Draft draft) {
        Path shown = draft.picture == null ? draft.sound : draft.picture;
        return shown == null ? Objects.requireNonNull(draft.text) : shown;
    }

    private @Nullable String caption(String name, Draft draft, Set<String> bases) {
        if (draft.caption != null) {
            return draft.caption;
        }
        String base = baseOf(name);
        Draft ofBase = drafts.get(base);
        if (ofBase != null && ofBase.caption != null) {
            return ofBase.caption;
        }
        if (!draft.folderName.isEmpty()) {
            return draft.folderName;
        }
        String taken = ofBase != null ? base : name;
        boolean hasTakes = ofBase != null || bases.contains(name);
        return hasTakes ? text(taken.substring(taken.lastIndexOf('/') + 1)) : null;
    }

    /** The name that a take is of; empty if it is none. */
    private static String baseOf(String name) {
        Matcher take = TAKE.matcher(name);
        return take.matches() ? take.group(1) : "";
    }

    private void refuse(Path file, SourceException reason) {
        unusable.add(new Leftover(file, String.valueOf(reason.getMessage())));
    }

    private void leaveOut(Path file, String kind) {
        leftOutByKind.merge(kind, 1, Integer::sum);
        leftOut.add(new Leftover(file, "left out: " + kind));
    }

    /** The items with a picture or a sound. */
    List<FolderItem> items() {
        return List.copyOf(items);
    }

    /** What would be shown if nothing were wrong with it, in the order of the names. */
    List<Leftover> unusable() {
        return unusable.stream().sorted(Comparator.comparing(Leftover::file)).toList();
    }

    /** What belongs to no item. */
    List<Leftover> leftOut() {
        return List.copyOf(leftOut);
    }

    /** How many files of which kind belong to no item, as "2 .heic, 1 .md"; empty if none. */
    String leftOutKinds() {
        return leftOutByKind.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
    }
}
