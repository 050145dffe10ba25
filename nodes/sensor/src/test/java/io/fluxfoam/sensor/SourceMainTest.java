package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;

class SourceMainTest {
    @TempDir private Path folder;
    private String out = "";
    private String err = "";

    private int run(String... arguments) {
        StringWriter errors = new StringWriter();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            return SourceMain.line().setErr(new PrintWriter(errors, true)).execute(arguments);
        } finally {
            System.setOut(before);
            out = output.toString(StandardCharsets.UTF_8);
            err = errors.toString();
        }
    }

    private void writePicture(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(image, "png", file.toFile());
    }

    @Test
    void shouldSayWhatAFolderHas() throws IOException {
        for (int i = 0; i < 6; i++) {
            writePicture("kite/" + i + ".png");
        }
        writePicture("boat/x.png");
        Files.write(folder.resolve("boat/broken.png"), new byte[20]);
        Files.createFile(folder.resolve("kite/empty.wav"));
        Files.createFile(folder.resolve("README"));
        assertEquals(0, run("check", folder.toString(), "--json"), err);
        JsonNode facts = new ObjectMapper().readTree(out);
        assertEquals(7, facts.get("items").asInt());
        assertEquals(7, facts.get("takes").asInt());
        assertEquals(2, facts.get("captions").asInt());
        assertEquals(3, facts.get("holdout").asInt(), "two kites and a boat");
        assertEquals(3, facts.get("skipped").size());
        for (JsonNode skipped : facts.get("skipped")) {
            assertTrue(skipped.get("file").asText().startsWith(folder.toString()), out);
            assertTrue(skipped.get("reason").asText().length() > 5, out);
        }
        assertEquals(0, run("check", folder.toString()), err);
        assertEquals(
                List.of(
                        "items     7",
                        "takes     7 pictures, 0 recordings",
                        "captions  2",
                        "held out  takes: 2 captions, about a third of the takes of each",
                        "skipped   2 not usable, 1 left out",
                        "          file is empty: " + folder.resolve("kite/empty.wav"),
                        "          nothing to decode in " + folder.resolve("boat/broken.png"),
                        "          " + folder.resolve("README") + ": left out: without extension"),
                out.lines().toList());
    }

    @Test
    void shouldRefuseInOneLineWhatCannotBeShown() throws IOException {
        writePicture("a.png");
        assertEquals(1, run("check", folder.toString(), "--json"));
        assertEquals("", out);
        assertEquals(
                "foam source check: folder "
                        + folder
                        + " has 1 items with a picture or a sound that can be used, needs 3: every"
                        + " third is held out\n",
                err);
        assertEquals(1, run("check", folder.resolve("none").toString()));
        assertEquals("foam source check: folder not found: " + folder.resolve("none") + "\n", err);
        assertEquals(1, run("check", folder.resolve("a.png").toString()));
        assertEquals("foam source check: not a folder: " + folder.resolve("a.png") + "\n", err);
        assertEquals(2, run("check"));
        assertEquals(1, err.lines().count(), err);
    }

    @Test
    void shouldListDevicesOrSayThatThereAreNone() {
        assertEquals(0, run("list"), err);
        assertTrue(out.contains("camera "), out);
        assertTrue(out.contains("microphone "), out);
    }
}
