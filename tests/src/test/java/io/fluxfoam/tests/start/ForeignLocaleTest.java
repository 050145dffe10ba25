package io.fluxfoam.tests.start;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.journal.JournalEntry;
import io.fluxfoam.journal.JournalReader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

/**
 * A foam in the C locale of a container and with Egypt's digits, whose folders, items and own
 * directory have names that are not ASCII. This process may be in the C locale too and could not
 * spell them, so a shell makes them, and a link leads there.
 */
@Timeout(180)
class ForeignLocaleTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));
    private static final String NAMES = "e=$'\\xc3\\xa9'; yu=$'\\xe8\\xaf\\xad'; ";
    private static final String FOAM = "\"$e/foam-$yu\"";

    @TempDir Path directory;
    private final List<Process> started = new ArrayList<>();
    private String said;

    @AfterEach
    void endAll() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    private Process start(String log, String script) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-c", NAMES + script)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(log).toFile());
        builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG.*"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("FOAM_HOME", HOME.toString());
        builder.environment().put("JDK_JAVA_OPTIONS", "-Duser.language=ar -Duser.country=EG");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private boolean succeeds(String script) throws IOException, InterruptedException {
        Process process = start("run.out", script);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "hangs: " + script);
        said = read("run.out");
        assertFalse(said.matches("(?s).*[\u0660-\u0669].*"), "Arabic digits: " + said);
        return process.exitValue() == 0;
    }

    private void run(String script) throws IOException, InterruptedException {
        assertTrue(succeeds(script), () -> script + ": " + said);
    }

    private Process node(String role, String options) throws IOException {
        return start(
                role + ".log",
                "exec \"$FOAM_HOME/foam\" node " + role + " --foam " + FOAM + " " + options);
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String foam(String verb) {
        return "\"$FOAM_HOME/foam\" " + verb + " --dir " + FOAM;
    }

    @Test
    void shouldSpellEveryNameAndReadItsOwnNumbers() throws Exception {
        for (int i = 1; i <= 3; i++) {
            BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
            assertTrue(ImageIO.write(picture, "png", directory.resolve(i + ".png").toFile()));
        }
        // Without these letters the three names would be one, and one item is too few.
        run(
                "mkdir -p \"$e/pictures $yu\" && ln -s \"$e\" plain"
                        + " && mv 1.png \"$e/pictures $yu/$e.png\""
                        + " && mv 2.png \"$e/pictures $yu/$yu.png\""
                        + " && mv 3.png \"$e/pictures $yu/$e$yu.png\"");
        String state = " --state \"$e/state $yu\"";
        Process sensor = node("sensor", "--source \"file:$e/pictures $yu\"" + state);
        Process evaluator = node("evaluator", "--state \"$e/state\"");
        eventually(
                () -> read("sensor.log") + read("evaluator.log") + said,
                () ->
                        succeeds(foam("ps --streams"))
                                && said.matches("(?s).*sensor +sensor +ALIVE.*sensor/picture.*")
                                && said.matches("(?s).*evaluator +evaluator +ALIVE.*"));
        run(foam("tail sensor/picture -n 1"));
        assertTrue(
                said.matches(
                        "(?s).* frame 1:\\d+ (HOLDOUT )? u8\\[120,160,3]  age \\d.* mean \\d+\\.\\d.*"),
                said);
        run(foam("stat"));
        assertTrue(said.matches("(?s).*sensor +skippedItems +0\n.*"), said);
        run(foam("down"));
        assertTrue(said.contains("/foam-\u8bed removed"), said);
        assertEquals(0, sensor.waitFor(), () -> read("sensor.log"));
        assertEquals(0, evaluator.waitFor(), () -> read("evaluator.log"));

        List<JournalEntry> facts =
                JournalReader.readAll(directory.resolve("plain/state/journal/evaluator"));
        assertEquals("heldOut", facts.getLast().kind());
        run("ls \"$e/state $yu/state/sensor\"");
        assertEquals("resume\n", said);
    }
}
