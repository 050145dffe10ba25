package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.sensor.FrameListener.Tensor;
import io.fluxfoam.tensor.FrameNumber;

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

/** The sensor as a process of its own. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SensorProcessTest {
    @TempDir private Path folder;
    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void endChildren() {
        children.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldGoOnWithNewCountersWhenItWasKilled() throws Exception {
        FrameListener listener = new FrameListener();
        try (NodeRunner ears = FrameListener.launch(folder.resolve("foam"), listener)) {
            Process killed = start("--fps", "50");
            List<Tensor> before = listener.take("picture", 20);
            killed.destroyForcibly().waitFor();
            start("--fps", "50");
            long last = before.getLast().frameNumber();
            assertEquals(
                    19,
                    FrameNumber.counter(last)
                            - FrameNumber.counter(before.getFirst().frameNumber()));
            for (int second = 0; second < 10; ) {
                long next = listener.take("picture", 1).getFirst().frameNumber();
                assertTrue(
                        FrameNumber.counter(next) > FrameNumber.counter(last),
                        next + " after " + last);
                second += FrameNumber.incarnation(next) == 2 ? 1 : 0;
                last = next;
            }
            ears.stop();
            ears.await();
        }
    }

    @Test
    void shouldEndWithCodeZeroAfterOnePass() throws Exception {
        Path items = Files.createDirectory(folder.resolve("items"));
        for (String name : List.of("a", "b", "c")) {
            BufferedImage picture = new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB);
            ImageIO.write(picture, "png", items.resolve(name + ".png").toFile());
        }
        assertEquals(0, start("--source", "file:" + items, "--once", "--fps", "50").waitFor());
    }

    @Test
    void shouldSayInOneLineWhatIsWrongAndEndWithAnotherCode() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"--source", "file:" + folder.resolve("none.mkv")},
                    {"--source", "nothing:"},
                    {"--fps", "-1"},
                    {"--slots", "3"}
                }) {
            Process process = start(wrong);
            String text =
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertNotEquals(0, process.waitFor());
            assertEquals(1, text.lines().count(), text);
            assertTrue(text.startsWith("sensor: "), text);
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1"); // short lives
        command.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), SensorMain.class.getName()));
        command.addAll(List.of("--foam", folder.resolve("foam").toString()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        children.add(process);
        return process;
    }
}
