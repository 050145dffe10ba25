package io.fluxfoam.sensor.emoji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.Sprite;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The icons as the build has fetched them. */
class IconPainterTest {
    private static final int SIDE = 48;
    private static final Path ICONS =
            FoamHome.resolve("nodes", "sensor", "target", "models").orElseThrow();

    @BeforeEach
    void requireIcons() {
        assumeTrue(Files.exists(ICONS.resolve("noto.tsv")), "no npm at the build, or no network");
    }

    @ParameterizedTest
    @EnumSource(EmojiStyle.class)
    void shouldDrawEachThingInEachStyleAndNoTwoAlike(EmojiStyle style) throws SourceException {
        IconPainter painter = new IconPainter(new Icons(ICONS), SIDE);
        Map<String, String> seen = new HashMap<>();
        List<String> things = Icons.things();
        for (int thing = 0; thing < things.size(); thing++) {
            byte[] rgba = painter.paint(style, thing);
            Sprite sprite = new Sprite(SIDE, SIDE, rgba);
            assertFalse(sprite.isOpaque(), things.get(thing) + " has no outline");
            int opacity = 0;
            for (int at = 0; at < rgba.length; at += Sprite.PIXEL_BYTES) {
                opacity += rgba[at + 3] & 0xFF;
            }
            double covered = opacity / 255.0 / (SIDE * SIDE);
            assertTrue(covered > .03 && covered < .99, things.get(thing) + " covers " + covered);
            String pixels = HexFormat.of().formatHex(rgba);
            String other = seen.put(pixels, things.get(thing));
            assertTrue(other == null, things.get(thing) + " looks like " + other);
        }
    }

    @Test
    void shouldGiveTheSameFramesFromOtherProcessesIcons() throws SourceException {
        try (EmojiSource one = source(ICONS);
                EmojiSource other = source(ICONS);
                Arena arena = Arena.ofConfined()) {
            MemorySegment picture = arena.allocate(one.shape().pictureBytes());
            MemorySegment sound = arena.allocate(one.shape().soundBytes(), Float.BYTES);
            List<byte[]> pictures = new ArrayList<>();
            for (long counter = 0; counter < 30; counter++) {
                one.read(counter, picture, sound);
                pictures.add(picture.toArray(ValueLayout.JAVA_BYTE));
            }
            for (int counter = 29; counter >= 0; counter--) {
                other.read(counter, picture, sound);
                assertEquals(-1, picture.mismatch(MemorySegment.ofArray(pictures.get(counter))));
            }
        }
    }

    @Test
    void shouldSayHowToGetIconsThatAreNotThere(@TempDir Path empty) {
        SourceException failure = assertThrows(SourceException.class, () -> source(empty));
        assertEquals(
                "icons missing: "
                        + empty.resolve("noto.tsv")
                        + " (the build fetches the icons where npm is: mvn -pl nodes/sensor -am"
                        + " package)",
                failure.getMessage());
    }

    @Test
    void shouldRefuseIconsThatAreNotTheOnesItKnows(@TempDir Path folder) throws IOException {
        for (EmojiStyle style : EmojiStyle.values()) {
            String name = style.text() + ".tsv";
            Files.copy(ICONS.resolve(name), folder.resolve(name));
        }
        Path spoiled = folder.resolve("twemoji.tsv");
        Files.writeString(spoiled, Files.readString(spoiled).replaceFirst("ant\t", "bee\t"));
        SourceException failure = assertThrows(SourceException.class, () -> source(folder));
        assertTrue(failure.getMessage().startsWith("icons " + spoiled + " have sha256="));
        assertEquals(1, failure.getMessage().lines().count());
    }

    @Test
    void shouldSayThatTheHeldStylesKinIsWithheldToo() throws SourceException {
        List<String> notices = new ArrayList<>();
        new EmojiSource(FrameShape.STANDARD, 1, "noto", ICONS, notices::add).close();
        assertEquals(
                List.of(
                        "emoji: noto-v1 is kin to noto, which is held out: no frame is drawn in"
                                + " it"),
                notices);
    }

    private static EmojiSource source(Path icons) throws SourceException {
        return new EmojiSource(EmojiSource.SHAPE, 3, "openmoji", icons, line -> {});
    }
}
