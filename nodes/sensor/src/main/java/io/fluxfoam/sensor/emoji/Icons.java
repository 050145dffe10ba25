package io.fluxfoam.sensor.emoji;

import io.fluxfoam.sensor.SourceException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The icons of all styles, as SVG. They lie where the build puts them, a file for each style with a
 * line for each thing, and are checked against the module's list of digests.
 */
final class Icons {
    private static final String THINGS = "things.txt";
    private static final String DIGESTS = "icons.sha256";
    private static final String FILE_END = ".tsv";
    private static final String GET_THEM =
            "the build fetches the icons where npm is: mvn -pl nodes/sensor -am package";

    private final Map<EmojiStyle, List<String>> svg = new EnumMap<>(EmojiStyle.class);

    /**
     * Reads all of them.
     *
     * @throws SourceException if a file is missing, or is not what it should be
     */
    Icons(Path directory) throws SourceException {
        Map<String, String> digests = new HashMap<>();
        for (String line : resource(DIGESTS)) {
            String[] fields = line.split("\\s+", 2);
            digests.put(fields[1], fields[0]);
        }
        List<String> things = things();
        for (EmojiStyle style : EmojiStyle.values()) {
            String name = style.text() + FILE_END;
            Path file = directory.resolve(name);
            byte[] bytes = read(file);
            String actual = sha256(bytes);
            if (!actual.equals(digests.get(name))) {
                throw new SourceException(
                        "icons "
                                + file
                                + " have sha256="
                                + actual
                                + ", expected "
                                + digests.get(name)
                                + " (remove them; "
                                + GET_THEM
                                + ")");
            }
            svg.put(style, icons(bytes, things, file));
        }
    }

    /** Names of the things as the icon sets have them: {@code cherry-blossom}. */
    static List<String> things() {
        return resource(THINGS);
    }

    /** The icon of a thing. */
    String svg(EmojiStyle style, int thing) {
        return Objects.requireNonNull(svg.get(style), "all are read").get(thing);
    }

    private static List<String> resource(String name) {
        try (InputStream in = Icons.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) throws SourceException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new SourceException("icons missing: " + file + " (" + GET_THEM + ")", e);
        } catch (IOException e) {
            throw new SourceException("cannot read icons " + file + ": " + e.getMessage(), e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static List<String> icons(byte[] bytes, List<String> things, Path file)
            throws SourceException {
        List<String> icons = new ArrayList<>();
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        for (String line : lines) {
            int tab = line.indexOf('\t');
            if (icons.size() == things.size()
                    || !line.substring(0, tab).equals(things.get(icons.size()))) {
                throw new SourceException(
                        "icons " + file + " are not of the things, from line " + icons.size());
            }
            icons.add(line.substring(tab + 1));
        }
        return icons;
    }
}
