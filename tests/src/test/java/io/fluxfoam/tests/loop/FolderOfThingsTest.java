package io.fluxfoam.tests.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.sensor.emoji.EmojiFolder;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What the loop learns of a user's folder is no less than what it learns of the world that the
 * folder's pictures and recordings are of.
 *
 * <p>Compared are the folder's held-out takes and the world's held-out renderings in trained
 * styles, each told from the captions of all things. Both ask the same: a drawing that was trained
 * on, placed, lit and coloured as never before, and a name in a voice that was trained on,
 * stretched and in noise as never before; the folder's third picture is in a hand that drew another
 * take of that thing ({@link EmojiFolder}). The world's other set, a style that was never shown,
 * the folder has none of. Both have frames of one shape and pace, mirrored as the world mirrors
 * them, and the same seconds, one after the other. The folder is not the world in two ways: it has
 * two drawings of a thing to train on where the world has four, and two recordings of its name, no
 * two alike, where the world varies one.
 */
@Tag("slow")
@Timeout(7_200)
class FolderOfThingsTest {
    private static final int SECONDS = Integer.getInteger("folder.seconds", 300);
    private static final double MOST_BELOW = .05;
    private static final int END_SECONDS = 120;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path logs;

    @TempDir Path things;

    @Test
    void shouldBeLearnedAsWellAsTheWorldThatItIsOf() throws Exception {
        assumeTrue(EmojiFolder.hasIcons(), "the icons could not be fetched at build time");
        int count = EmojiFolder.captions().size();
        assertTrue(count >= 200, count + " things");
        EmojiFolder.write(things, count, 1);
        check(count);
        JsonNode folder = learn("folder", "takes", "file:" + things, "--vary", "--mirror");
        JsonNode world = learn("world", "renderings", "emoji:");
        print("folder", folder);
        print("world", world);
        assertEquals(count, folder.get("candidates").asInt());
        assertEquals(count, world.get("candidates").asInt());
        for (String sense : List.of("picture", "sound")) {
            assertTrue(folder.get(sense).isNumber() && world.get(sense).isNumber(), "too short");
            double least = world.get(sense).asDouble() - MOST_BELOW;
            double learned = folder.get(sense).asDouble();
            assertTrue(learned >= least, sense + ": folder=" + learned + " wanted=" + least);
        }
    }

    /** As a user looks at a folder before anything is started. */
    private void check(int count) throws IOException, InterruptedException {
        Path said = logs.resolve("check.json");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("foam.home"), "foam").toString(),
                                "source",
                                "check",
                                things.toString(),
                                "--json")
                        .redirectOutput(said.toFile())
                        .redirectError(logs.resolve("check.log").toFile());
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertEquals(0, builder.start().waitFor(), () -> logs + "/check.log");
        JsonNode facts = new ObjectMapper().readTree(said.toFile());
        int items = count * EmojiFolder.TAKES;
        assertEquals(items, facts.get("items").asInt());
        assertEquals(2 * items, facts.get("takes").asInt());
        assertEquals(count, facts.get("captions").asInt());
        assertEquals(2 * count, facts.get("holdout").asInt(), "a third of the takes");
        assertEquals("[]", facts.get("skipped").toString());
    }

    /** Runs the loop on a source; returns what the summary has of this held-out set. */
    private JsonNode learn(String name, String set, String source, String... more)
            throws Exception {
        Path summary = logs.resolve(name + ".json");
        Path foam = Path.of("/dev/shm/foam-" + name + "-" + ProcessHandle.current().pid());
        List<String> options = new ArrayList<>(List.of("--source", source));
        options.addAll(List.of(more));
        options.addAll(List.of("--picture", "128x96", "--sound", "1.6", "--fps", "32"));
        options.addAll(List.of("--seed", "1", "--duration", SECONDS + "s"));
        options.addAll(List.of("--summary", summary.toString()));
        try (LiveLoop loop = LiveLoop.up(logs, foam, options.toArray(String[]::new))) {
            boolean isOver = loop.upProcess().waitFor(SECONDS + END_SECONDS, TimeUnit.SECONDS);
            assertTrue(isOver, () -> loop.log("up"));
            assertEquals(0, loop.upProcess().exitValue(), () -> loop.log("up"));
        }
        assertFalse(Files.exists(foam));
        for (JsonNode entry : new ObjectMapper().readTree(summary.toFile()).at("/heldOut/sets")) {
            if (entry.get("name").asText().equals(set)) {
                return entry;
            }
        }
        throw new AssertionError("no set " + set + " in " + Files.readString(summary));
    }

    private static void print(String name, JsonNode set) {
        System.out.printf(
                Locale.ROOT,
                "%s after %d s: %s of %d, picture %s, sound %s, both %s of %d frames%n",
                name,
                SECONDS,
                set.get("name").asText(),
                set.get("candidates").asInt(),
                set.get("picture"),
                set.get("sound"),
                set.get("both"),
                set.get("frames").asInt());
    }
}
