package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fluxfoam.launch.StartCache;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.sensor.FrameListener.Tensor;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    void shouldShowAFolderOfTwoThousandItemsOfWhichTwentyAreBroken() throws Exception {
        Path items = Files.createDirectory(folder.resolve("items"));
        BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(picture, "png", items.resolve("0.png").toFile());
        byte[] png = Files.readAllBytes(items.resolve("0.png"));
        for (int i = 0; i < 2_000; i++) {
            boolean isBroken = i % 100 == 50;
            Files.write(items.resolve(i + ".png"), isBroken ? Arrays.copyOf(png, 30) : png);
        }
        Process sensor =
                start(
                        "--source",
                        "file:" + items,
                        "--once",
                        "--fps",
                        "1000",
                        "--picture",
                        "32x32",
                        "--sound",
                        "0.5");
        String told = new String(sensor.getErrorStream().readAllBytes(), UTF_8);
        assertEquals(0, sensor.waitFor(), told);
        assertEquals(20, told.lines().count(), told);
        assertTrue(told.lines().allMatch(line -> line.startsWith("sensor: item skipped: ")), told);
    }

    /** In the locale of a container that sets none, where Java cannot spell the names. */
    @Test
    void shouldShowAllOfAFolderInTheLocaleC() throws Exception {
        Path items = Files.createDirectory(folder.resolve("items"));
        List<String> names = List.of("%C3%A9", "%C3%A8", "%C3%AA", "%E6%97%A5");
        for (int i = 0; i < names.size(); i++) {
            BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(0, 0, 0x200000 * (i + 1));
            Path file = Path.of(URI.create(items.toUri() + names.get(i) + ".png"));
            try (OutputStream out = Files.newOutputStream(file)) {
                ImageIO.write(picture, "png", out);
            }
        }
        Files.createFile(items.resolve("z.png"));
        Files.createFile(items.resolve(".hidden.png"));
        FrameListener listener = new FrameListener();
        try (NodeRunner ears = FrameListener.launch(folder.resolve("foam"), listener)) {
            ProcessBuilder command = command("--source", "file:" + items, "--fps", "50");
            command.environment().put("LC_ALL", "C");
            Process process = start(command);
            Set<Integer> reds = new HashSet<>();
            while (reds.size() < names.size()) {
                reds.add(listener.take("picture", 1).getFirst().bytes()[0] & 0xFF);
            }
            assertEquals(Set.of(0x20, 0x40, 0x60, 0x80), reds);
            process.toHandle().destroy(); // which leaves its output open
            String told = new String(process.getErrorStream().readAllBytes(), UTF_8);
            assertEquals(0, process.waitFor(), told);
            assertEquals("sensor: item skipped: file is empty: " + items + "/z.png\n", told);
            ears.stop();
            ears.await();
        }
    }

    @Test
    void shouldSayInOneLineWhatIsWrongAndEndWithAnotherCode() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"--source", "file:" + folder.resolve("none.mkv")},
                    {"--source", "nothing:"},
                    {"--source", "emoji:"}, // of no home, so without icons
                    {"--fps", "-1"},
                    {"--slots", "3"}
                }) {
            Process process = start(wrong);
            String text = new String(process.getErrorStream().readAllBytes(), UTF_8);
            assertNotEquals(0, process.waitFor());
            assertEquals(1, text.lines().count(), text);
            assertTrue(text.startsWith("sensor: "), text);
        }
    }

    private Process start(String... arguments) throws IOException {
        return start(command(arguments));
    }

    private Process start(ProcessBuilder command) throws IOException {
        Process process = command.start();
        children.add(process);
        return process;
    }

    private ProcessBuilder command(String... arguments) {
        StartCache start = StartCache.ofThisProcess();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1"); // short lives
        command.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        command.addAll(start.options());
        command.addAll(List.of("-cp", start.classPath(), SensorMain.class.getName()));
        command.addAll(List.of("--foam", folder.resolve("foam").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }
}
