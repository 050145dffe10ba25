package io.fluxfoam.student;

import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.student.checkpoint.AttemptFile;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.growth.GrowthReport;
import io.fluxfoam.student.net.Torch;
import io.fluxfoam.student.replay.GpuFusion;
import io.fluxfoam.student.replay.ReplayFiles;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * The student in the foam: reads frames and features in place, hands them to the assembler,
 * publishes what the trainer has made. Every peer whose role is {@code teacher} and who broadcasts
 * {@code features} teaches, unless its manifest says that it looks at another sensor ({@link
 * TeacherCard}).
 */
final class StudentNode implements NodeAgent {
    private static final long CONTROL_EVERY_NS = 100_000_000L;
    private static final int TENSORS_PER_TURN = 4;

    private static final long SENSOR_GRACE_NS = 500_000_000L;
    private static final long STOP_TIMEOUT_NS = 5_000_000_000L;

    private final StudentSettings settings;
    private final Map<String, TeacherLink> teachers = new TreeMap<>();
    private VerdictLinks verdicts;
    private Node node;
    private Path state;
    private Publisher publisher;
    private StudentCounters counters;
    private GrowthReport growth;
    private volatile String lastReport = "";
    private FrameIntake frames;
    private GpuFusion fusion;
    private ReplayFiles replay;
    private final long startedNs = System.nanoTime();
    private SensorCard sensor;
    private FutureTask<StudentPipeline> opening;
    private StudentPipeline body;
    private long nextControlNs = Long.MIN_VALUE;
    private long frameClockNs;
    private LockstepTraining lockstep;
    private Vocalizer vocalizer;

    StudentNode(StudentSettings settings) {
        this.settings = settings;
    }

    @Override
    public void onStart(Node ownNode) throws IOException {
        node = ownNode;
        state = node.state();
        publisher = new Publisher(node, settings.speaking());
        growth = new GrowthReport(node);
        fusion = node.device().name().equals("host") ? null : new GpuFusion(node.device());
        frames = new FrameIntake(node, settings.sensor());
        node.reads(LoopStreams.of("*", LoopStreams.FEATURES));
        verdicts = new VerdictLinks(node);
    }

    @Override
    public void onPrepare() {
        Torch.load();
    }

    /**
     * Begins to open once it is known what the sensor's frames are, beside the duty cycle: memory
     * is allocated, and a checkpoint read.
     */
    private void open() throws IOException {
        if (opening == null) {
            Optional<SensorCard> card = sensorCard();
            if (card.isPresent()) {
                sensor = card.get();
                opening = new FutureTask<>(this::pipeline);
                Thread.ofPlatform().daemon().name("foam-open-" + node.name()).start(opening);
            }
        } else if (opening.isDone()) {
            body = opened();
            if (settings.speaking()) {
                vocalizer = new Vocalizer(body.regions(), node.name(), node::wake);
            }
            if (settings.deterministic()) {
                lockstep = new LockstepTraining(body, new AttemptFile(state));
            } else {
                body.loop().start();
            }
        }
    }

    /**
     * What the sensor says; while there is none that lives, what its last one has said. One that
     * was just started is waited for a little: its manifest may come any moment.
     */
    private Optional<SensorCard> sensorCard() throws IOException {
        SensorFile kept = new SensorFile(state, settings.sensor());
        Optional<PeerView> peer = node.peer(settings.sensor());
        Optional<SensorCard> said = peer.flatMap(PeerView::manifest).flatMap(SensorCard::of);
        if (said.isPresent()) {
            kept.save(said.get());
            return said;
        }
        boolean mayCome = peer.isPresent() && peer.get().state().isHeld();
        if (mayCome || System.nanoTime() - startedNs < SENSOR_GRACE_NS) {
            return Optional.empty();
        }
        try {
            return kept.load();
        } catch (IOException e) {
            report(e);
            return Optional.empty();
        }
    }

    private StudentPipeline pipeline() throws IOException {
        try {
            ReplayMemory memory;
            if (settings.deterministic()) { // what it was shown is read again
                memory = ReplayMemory.in(Arena.ofShared());
            } else {
                replay = new ReplayFiles(node.file("replay"), settings.source(), this::report);
                memory = replay;
            }
            return new StudentPipeline(
                    settings, sensor, new CheckpointStore(state), memory, this::report);
        } finally {
            node.wake();
        }
    }

    private StudentPipeline opened() throws IOException {
        try {
            return opening.get();
        } catch (InterruptedException e) {
            throw new IOException("interrupted while opening", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
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
        if (body == null) {
            open();
            return 0;
        }
        if (settings.deterministic()) {
            return lockstepTurn();
        }
        long nowNs = System.nanoTime();
        failWithTrainer();
        int work = frames.read(sensor.frame(), body.assembler(), nowNs);
        for (TeacherLink teacher : teachers.values()) {
            work += teacher.read(body.assembler(), nowNs, TENSORS_PER_TURN);
        }
        work += obey(nowNs);
        work += body.assembler().expire(nowNs);
        work += publish();
        if (nowNs - nextControlNs >= 0 || nextControlNs == Long.MIN_VALUE) {
            nextControlNs = nowNs + CONTROL_EVERY_NS;
            followTeachers();
            obeyAll(nowNs);
            count(nowNs);
        }
        return work;
    }

    /** Does at once what evaluators say anew. */
    private int obey(long nowNs) {
        int words = verdicts.read(nowNs);
        if (words > 0) {
            obeyAll(nowNs);
        }
        return words;
    }

    /** A verdict that nobody has said again for long holds no more. */
    private void obeyAll(long nowNs) {
        for (TeacherLink teacher : teachers.values()) {
            teacher.obey(verdicts.of(teacher.name(), nowNs), body.assembler());
        }
    }

    /**
     * One tensor after the other, and after each the steps that are due by then: so it does not
     * matter when they came, only in which order. Who teaches is looked at before each turn, since
     * who plays a tape goes on only when a death or a return has been seen.
     */
    private int lockstepTurn() throws IOException {
        followTeachers();
        int work = frames.picture(sensor.frame(), body.assembler(), this::frameClockNs);
        settle();
        work += frames.sound(sensor.frame(), body.assembler(), this::frameClockNs);
        settle();
        for (TeacherLink teacher : teachers.values()) {
            work += teacher.read(body.assembler(), frameClockNs, 1);
            settle();
        }
        work += obey(frameClockNs);
        long nowNs = System.nanoTime();
        if (nowNs - nextControlNs >= 0 || nextControlNs == Long.MIN_VALUE) {
            nextControlNs = nowNs + CONTROL_EVERY_NS;
            count(nowNs);
        }
        return work;
    }

    private void settle() throws IOException {
        body.assembler().expire(frameClockNs);
        while (lockstep.attempt()) {
            publish();
            lockstep.saveIfDue(System.nanoTime());
        }
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

    /** For a student that is deterministic it is as late as the newest frame. */
    private long frameClockNs(long captureNs) {
        frameClockNs = Math.max(frameClockNs, captureNs);
        return frameClockNs;
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
            if (vocalizer != null) {
                vocalizer.offer(prediction, System.nanoTime());
            }
            body.predictions().giveBack(prediction);
            prediction = body.predictions().takeFilled();
        }
        if (vocalizer != null && publisher.utterance(vocalizer)) {
            count++;
        }
        return count;
    }

    private void followTeachers() {
        verdicts.follow();
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
        if (body == null && opening != null) {
            opening.get(STOP_TIMEOUT_NS, TimeUnit.NANOSECONDS);
            closeReplay();
        }
        if (body == null) {
            return;
        }
        if (vocalizer != null) {
            vocalizer.close();
        }
        body.loop().stop();
        long deadlineNs = System.nanoTime() + STOP_TIMEOUT_NS;
        while (!body.loop().ended(10) && System.nanoTime() - deadlineNs < 0) {
            publish();
        }
        publish();
        failWithTrainer();
        if (lockstep != null) {
            lockstep.note();
        }
        body.loop().saveFinally();
        count(System.nanoTime());
        if (body.loop().ended(1)) {
            closeReplay();
        }
    }

    private void closeReplay() {
        if (replay != null) {
            replay.close();
        }
    }
}
