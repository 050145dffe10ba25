package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

@Timeout(60)
class SayCommandTest {
    private static final int SAMPLES = 1_600;

    @TempDir Path directory;
    private final StringWriter err = new StringWriter();

    /** Says its frames' own numbers, or nothing. */
    private static final class Talker implements NodeAgent {
        private final CountDownLatch said = new CountDownLatch(1);
        private final boolean hasVoice;
        private final long[] frames;
        private StreamWriter voice;

        private Talker(boolean hasVoice, long... frames) {
            this.hasVoice = hasVoice;
            this.frames = frames;
        }

        @Override
        public void onStart(Node node) throws Exception {
            voice = hasVoice ? node.publish(StreamSpec.of("voice", DType.F32, SAMPLES)) : null;
        }

        @Override
        public int doWork() {
            if (said.getCount() == 0) {
                return 0;
            }
            for (long frame : frames) {
                float[] samples = new float[SAMPLES];
                samples[7] = FrameNumber.counter(frame) / 100f;
                samples[8] = -3;
                try (Claim claim = voice.claim()) {
                    claim.payload().copyFrom(MemorySegment.ofArray(samples));
                    claim.commit(frame, System.nanoTime());
                }
            }
            said.countDown();
            return 1;
        }
    }

    private NodeRunner launch(Talker talker) throws Exception {
        NodeContext context =
                new NodeContext().foam(directory.resolve("foam")).name("student").role("student");
        NodeRunner runner = NodeRunner.launch(context, talker);
        talker.said.await();
        return runner;
    }

    private int say(String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "say";
        arguments[1] = "--dir";
        arguments[2] = directory.resolve("foam").toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        CommandLine line = Foam.line();
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private Path file() {
        return directory.resolve("said.wav");
    }

    private short[] samples() throws Exception {
        try (AudioInputStream wave = AudioSystem.getAudioInputStream(file().toFile())) {
            AudioFormat format = wave.getFormat();
            assertEquals(16_000, format.getSampleRate());
            assertEquals(1, format.getChannels());
            assertEquals(16, format.getSampleSizeInBits());
            byte[] bytes = wave.readAllBytes();
            return MemorySegment.ofArray(bytes)
                    .asSlice(0, bytes.length)
                    .toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
        }
    }

    @Test
    void shouldWriteTheNewestOrThatOfAFrameAsASoundFile() throws Exception {
        try (NodeRunner _ =
                launch(new Talker(true, FrameNumber.of(1, 25), FrameNumber.of(1, 50)))) {
            assertEquals(0, say("-o", file().toString()), err::toString);
            assertEquals(SAMPLES, samples().length);
            assertEquals(.5 * Short.MAX_VALUE, samples()[7], 1);
            assertEquals(-Short.MAX_VALUE, samples()[8], "no louder than can be");
            assertEquals(0, say("--frame", "25", "-o", file().toString()), err::toString);
            assertEquals(.25 * Short.MAX_VALUE, samples()[7], 1);
            assertEquals(0, say("--frame", "1:50", "-o", file().toString()), err::toString);
            assertEquals(.5 * Short.MAX_VALUE, samples()[7], 1);
            Files.delete(file());
            assertEquals(1, say("--frame", "26", "-o", file().toString()));
            assertEquals(
                    "foam say: student has said nothing (any more) of frame 26\n", err.toString());
            assertFalse(Files.exists(file()));
        }
    }

    @Test
    void shouldSayThatNothingWasSaidYet() throws Exception {
        try (NodeRunner _ = launch(new Talker(true))) {
            assertEquals(1, say("-o", file().toString()));
            assertEquals("foam say: student has said nothing yet\n", err.toString());
        }
    }

    @Test
    void shouldSayThatTheStudentHasNoVoice() throws Exception {
        try (NodeRunner _ = launch(new Talker(false))) {
            assertEquals(1, say("-o", file().toString()));
            assertTrue(
                    err.toString()
                            .startsWith("foam say: student (ALIVE) does not speak: start the foam"),
                    err::toString);
            assertEquals(1, err.toString().lines().count());
        }
    }
}
