package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A student that says aloud what it sees, among toy nodes in a foam of its own. */
@Timeout(120)
class StudentVoiceTest {
    @TempDir private Path directory;
    private final List<NodeRunner> runners = new ArrayList<>();

    private record Said(long frameNumber, long captureNs, float... samples) {}

    /** Hears what the student says. */
    private static final class Audience implements NodeAgent {
        private final BlockingQueue<Said> heard = new LinkedBlockingQueue<>();
        private Subscription voice;

        @Override
        public void onStart(Node node) {
            voice = node.subscribe("student/voice", ReadMode.IN_ORDER);
        }

        @Override
        public int doWork() {
            try (Lease lease = voice.poll()) {
                if (lease == null) {
                    return 0;
                }
                heard.add(
                        new Said(
                                lease.frameNumber(),
                                lease.captureNs(),
                                lease.payload().toArray(ValueLayout.JAVA_FLOAT)));
                return 1;
            }
        }
    }

    @AfterEach
    void stopAll() {
        runners.reversed().forEach(NodeRunner::close);
    }

    private NodeRunner launch(String name, String role, NodeAgent agent) throws Exception {
        NodeContext context =
                new NodeContext().foam(directory.resolve("foam")).name(name).role(role);
        NodeRunner runner = NodeRunner.launch(context, agent);
        runners.add(runner);
        return runner;
    }

    private static StudentSettings settings() {
        return new StudentSettings()
                .width(Rig.WIDTH)
                .batch(4)
                .replayMoments(200)
                .momentDeadlineMs(200)
                .saveEveryMs(200)
                .speaking(true)
                .conclude();
    }

    @Test
    void shouldSayAloudWhatItSeesOfHeldOutFramesInThisLifeAndTheNext() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        NodeRunner teacher = launch("any-name", "teacher", new ToyTeacher("speech", 160, 40));
        Audience audience = new Audience();
        launch("audience", "audience", audience);
        NodeRunner student = launch("student", "student", new StudentNode(settings()));

        Said first = next(audience);
        Said second = next(audience);
        assertTrue(second.captureNs() - first.captureNs() > 500_000_000L, "one in a second");
        assertTrue(counter(student, "utterances") >= 2);
        assertTrue(counter(student, "utteranceCpuMillis") > 0);

        teacher.close();
        next(audience);
        student.close();
        assertNull(student.await());
        assertEquals(0, counter(student, "errors"));
        audience.heard.clear();
        launch("student", "student", new StudentNode(settings()));
        Said later = next(audience);
        assertTrue(later.captureNs() > second.captureNs(), "what it has learned is kept");
    }

    private static Said next(Audience audience) throws InterruptedException {
        Said said = audience.heard.poll(60, TimeUnit.SECONDS);
        assertTrue(said != null, "nothing was said for a minute");
        assertTrue(HoldoutRule.isHoldout(said.frameNumber()));
        assertEquals(40_960, said.samples().length);
        double energy = 0;
        for (float sample : said.samples()) {
            assertTrue(Math.abs(sample) <= 1, "sample=" + sample);
            energy += sample * sample;
        }
        assertTrue(energy > 0, "it was silent");
        return said;
    }

    private double counter(NodeRunner student, String label) throws Exception {
        Path file =
                FoamDirectory.create(directory.resolve("foam"))
                        .file("student", student.node().incarnation(), "counters");
        Number value = CountersSnapshot.read(file).values().get(label);
        return value == null ? Double.NaN : value.doubleValue();
    }
}
