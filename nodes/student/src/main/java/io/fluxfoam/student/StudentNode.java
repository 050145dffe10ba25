package io.fluxfoam.student;

import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.student.net.Alignment;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The student in the foam: reads frames and features in place, hands them to the assembler,
 * publishes what the trainer has made. Every peer whose role is {@code teacher} and who broadcasts
 * {@code features} teaches; it may say in its manifest which grid its tokens stand on ({@code
 * aligned} = {@code picture}, {@code sound} or {@code none}) or at least what it looks at ({@code
 * sense} = {@code picture}, {@code sound}, {@code caption}).
 */
final class StudentNode implements NodeAgent {
    private static final long CONTROL_EVERY_NS = 100_000_000L;
    private static final int FRAMES_PER_TURN = 4;
    private static final long STOP_TIMEOUT_NS = 5_000_000_000L;
    private static final String TEACHER_ROLE = "teacher";
    private static final String FEATURES = "features";
    private static final String ALIGNED = "aligned";
    private static final String SENSE = "sense";

    private final StudentSettings settings;
    private final Map<String, TeacherLink> teachers = new HashMap<>();
    private Node node;
    private Path state;
    private Publisher publisher;
    private StudentCounters counters;
    private Subscription pictures;
    private Subscription sounds;
    private GpuFusion fusion;
    private ReplayFiles replay;
    private StudentBody body;
    private long nextControlNs = Long.MIN_VALUE;

    StudentNode(StudentSettings settings) {
        this.settings = settings;
    }

    @Override
    public void onStart(Node ownNode) throws IOException {
        node = ownNode;
        state = node.state();
        publisher = new Publisher(node);
        fusion = node.device().name().equals("host") ? null : new GpuFusion(node.device());
        counters = new StudentCounters(node.counters());
        pictures = node.subscribe(settings.sensor() + "/picture", ReadMode.IN_ORDER);
        sounds = node.subscribe(settings.sensor() + "/sound", ReadMode.IN_ORDER);
    }

    @Override
    public void onLoad() throws IOException {
        replay = new ReplayFiles(node.file("replay"), settings.source(), this::report);
        body = new StudentBody(settings, new CheckpointStore(state), replay, this::report);
        body.loop().start();
    }

    private void report(IOException damage) {
        System.err.println(node.name() + ": " + damage.getMessage());
        node.error(damage);
    }

    @Override
    public int doWork() throws IOException {
        long nowNs = System.nanoTime();
        failWithTrainer();
        int work = readFrames(nowNs);
        for (TeacherLink teacher : teachers.values()) {
            work += teacher.read(body.assembler(), nowNs);
        }
        work += body.assembler().expire(nowNs);
        work += publish();
        if (nowNs - nextControlNs >= 0 || nextControlNs == Long.MIN_VALUE) {
            nextControlNs = nowNs + CONTROL_EVERY_NS;
            followTeachers();
            counters.update(body.progress(), body.assembler(), fusion, nowNs);
        }
        return work;
    }

    private void failWithTrainer() {
        Throwable failure = body.loop().failure();
        if (failure != null) {
            throw new IllegalStateException("the trainer failed: " + failure, failure);
        }
    }

    private int readFrames(long nowNs) {
        int count = 0;
        for (int i = 0; i < FRAMES_PER_TURN; i++) {
            int before = count;
            try (Lease lease = pictures.poll()) {
                if (lease != null && fits(lease, "picture", PictureNorm.PICTURE_BYTES)) {
                    body.assembler()
                            .picture(
                                    lease.frameNumber(), lease.captureNs(), lease.payload(), nowNs);
                }
                count += lease == null ? 0 : 1;
            }
            try (Lease lease = sounds.poll()) {
                if (lease != null && fits(lease, "sound", SoundNorm.WINDOW_BYTES)) {
                    body.assembler()
                            .sound(lease.frameNumber(), lease.captureNs(), lease.payload(), nowNs);
                }
                count += lease == null ? 0 : 1;
            }
            if (count == before) {
                break;
            }
        }
        return count;
    }

    private boolean fits(Lease lease, String stream, long bytes) {
        boolean fits = lease.payloadBytes() == bytes;
        if (!fits) {
            node.error(
                    new IllegalArgumentException(
                            "cannot take this in: stream="
                                    + settings.sensor()
                                    + "/"
                                    + stream
                                    + " payloadBytes="
                                    + lease.payloadBytes()
                                    + " wanted="
                                    + bytes));
        }
        return fits;
    }

    /**
     * Publishes what the trainer has made. Predictions count as work; the records of steps do not:
     * nobody waits for them, and while no frames come a few at a time are as good as one by one.
     */
    private int publish() {
        int count = 0;
        for (StepRecord record = body.records().takeFilled(); record != null; ) {
            publisher.step(record);
            body.records().giveBack(record);
            record = body.records().takeFilled();
        }
        for (Prediction prediction = body.predictions().takeFilled(); prediction != null; count++) {
            publisher.prediction(prediction);
            body.predictions().giveBack(prediction);
            prediction = body.predictions().takeFilled();
        }
        return count;
    }

    private void followTeachers() {
        for (PeerView peer : node.peers()) {
            if (peer.role().equals(TEACHER_ROLE)) {
                TeacherLink link = teachers.get(peer.name());
                if (link == null && peer.manifest().isPresent()) {
                    link = join(peer.manifest().get());
                }
                if (link != null) {
                    link.alive(peer.state().isHeld());
                }
            }
        }
    }

    private TeacherLink join(Manifest manifest) {
        Optional<StreamCard> features =
                manifest.stream(FEATURES).filter(card -> card.dtype() == DType.F32);
        if (features.isEmpty()) {
            return null;
        }
        String name = manifest.node();
        Alignment alignment;
        try {
            alignment = alignment(manifest, features.get());
        } catch (IllegalArgumentException e) {
            node.error(
                    new IllegalArgumentException(
                            "teacher=" + name + " is not understood: " + e.getMessage(), e));
            return null;
        }
        TeacherLink link =
                new TeacherLink(
                        name,
                        alignment,
                        node.subscribe(name + "/" + FEATURES, ReadMode.IN_ORDER),
                        fusion,
                        body.regions(),
                        node.counters(),
                        node::error);
        teachers.put(name, link);
        return link;
    }

    /**
     * What the teacher says; or else the tokens of one that looks at a picture or sound stand on
     * its grid.
     */
    private static Alignment alignment(Manifest manifest, StreamCard features) {
        String sense = manifest.attributes().getOrDefault(SENSE, "");
        boolean manyTokens = features.maxShape().length > 1 && features.maxShape()[0] > 1;
        String looksAligned =
                manyTokens && (sense.equals("picture") || sense.equals("sound")) ? sense : "none";
        return Alignment.parse(manifest.attributes().getOrDefault(ALIGNED, looksAligned));
    }

    @Override
    public void onStop() throws Exception {
        if (body == null) {
            return;
        }
        body.loop().stop();
        long deadlineNs = System.nanoTime() + STOP_TIMEOUT_NS;
        while (!body.loop().ended(10) && System.nanoTime() - deadlineNs < 0) {
            publish();
        }
        publish();
        failWithTrainer();
        body.loop().saveFinally();
        counters.update(body.progress(), body.assembler(), fusion, System.nanoTime());
        if (body.loop().ended(1)) {
            replay.close();
        }
    }
}
