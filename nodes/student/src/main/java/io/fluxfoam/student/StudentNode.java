package io.fluxfoam.student;

import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.growth.GrowthReport;
import io.fluxfoam.student.replay.GpuFusion;
import io.fluxfoam.student.replay.PictureNorm;
import io.fluxfoam.student.replay.ReplayFiles;
import io.fluxfoam.student.replay.SoundNorm;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The student in the foam: reads frames and features in place, hands them to the assembler,
 * publishes what the trainer has made. Every peer whose role is {@code teacher} and who broadcasts
 * {@code features} teaches, unless its manifest says that it looks at another sensor ({@link
 * TeacherCard}).
 */
final class StudentNode implements NodeAgent {
    private static final long CONTROL_EVERY_NS = 100_000_000L;
    private static final int FRAMES_PER_TURN = 4;
    private static final long STOP_TIMEOUT_NS = 5_000_000_000L;

    private final StudentSettings settings;
    private final Map<String, TeacherLink> teachers = new HashMap<>();
    private Node node;
    private Path state;
    private Publisher publisher;
    private StudentCounters counters;
    private GrowthReport growth;
    private volatile String lastReport = "";
    private Subscription pictures;
    private Subscription sounds;
    private GpuFusion fusion;
    private ReplayFiles replay;
    private StudentPipeline body;
    private long nextControlNs = Long.MIN_VALUE;

    StudentNode(StudentSettings settings) {
        this.settings = settings;
    }

    @Override
    public void onStart(Node ownNode) throws IOException {
        node = ownNode;
        state = node.state();
        publisher = new Publisher(node);
        growth = new GrowthReport(node);
        fusion = node.device().name().equals("host") ? null : new GpuFusion(node.device());
        pictures =
                node.subscribe(
                        LoopStreams.of(settings.sensor(), LoopStreams.PICTURE), ReadMode.IN_ORDER);
        sounds =
                node.subscribe(
                        LoopStreams.of(settings.sensor(), LoopStreams.SOUND), ReadMode.IN_ORDER);
        node.reads(LoopStreams.of("*", LoopStreams.FEATURES));
    }

    @Override
    public void onLoad() throws IOException {
        replay = new ReplayFiles(node.file("replay"), settings.source(), this::report);
        body = new StudentPipeline(settings, new CheckpointStore(state), replay, this::report);
        body.loop().start();
    }

    /** Printed once until there is something else to say; the error log counts. From any thread. */
    private void report(IOException trouble) {
        if (!trouble.getMessage().equals(lastReport)) {
            lastReport = trouble.getMessage();
            System.err.println(node.name() + ": " + lastReport);
        }
        node.error(trouble);
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
            count(nowNs);
        }
        return work;
    }

    /** The counters appear when there is something to count: before, a zero would be a lie. */
    private void count(long nowNs) {
        if (counters == null) {
            counters = new StudentCounters(node.counters());
        }
        counters.update(body.progress(), body.assembler(), fusion, nowNs);
        growth.tell(body.progress());
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
                if (lease != null && fits(lease, LoopStreams.PICTURE, PictureNorm.PICTURE_BYTES)) {
                    body.assembler()
                            .picture(
                                    lease.frameNumber(), lease.captureNs(), lease.payload(), nowNs);
                }
                count += lease == null ? 0 : 1;
            }
            try (Lease lease = sounds.poll()) {
                if (lease != null && fits(lease, LoopStreams.SOUND, SoundNorm.WINDOW_BYTES)) {
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
            if (peer.role().equals(Roles.TEACHER)) {
                TeacherLink link = teachers.get(peer.name());
                if (link == null && peer.manifest().isPresent()) {
                    link = join(peer.manifest().get());
                }
                if (link != null) {
                    link.follow(peer);
                }
            }
        }
    }

    private TeacherLink join(Manifest manifest) {
        Optional<StreamCard> features =
                manifest.stream(LoopStreams.FEATURES).filter(card -> card.dtype() == DType.F32);
        if (features.isEmpty() || !TeacherCard.looksAt(manifest, settings.sensor())) {
            return null;
        }
        String name = manifest.node();
        TeacherLink link =
                new TeacherLink(
                        name,
                        settings.sensor(),
                        () -> node.peer(name).flatMap(PeerView::manifest),
                        node.subscribe(name + "/" + LoopStreams.FEATURES, ReadMode.IN_ORDER),
                        fusion,
                        body.regions(),
                        node.counters(),
                        node::error);
        teachers.put(name, link);
        return link;
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
        count(System.nanoTime());
        if (body.loop().ended(1)) {
            replay.close();
        }
    }
}
