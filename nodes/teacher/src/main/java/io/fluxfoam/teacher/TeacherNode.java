package io.fluxfoam.teacher;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.teacher.memory.Answer;
import io.fluxfoam.tensor.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A teacher's life in the foam: the newest sample of its sense is read in place under a lease, the
 * features are written straight into a claimed slot and carry the sample's frame number and capture
 * time. What the sensor publishes meanwhile goes by unread: a slow teacher is late, never wrong. So
 * does what comes more often than it is to look ({@link Pace}): an expert that costs much would
 * take from the student what more fresh frames give it. What it has computed of the same bytes
 * before it takes from its memory ({@link TeacherMemory}). Its manifest says which sensor it looks
 * at and what makes its features ({@link TeacherCard}).
 *
 * <p>Counters: {@code frames} published, {@code declined} without features, and how many
 * milliseconds of wall and of CPU time one takes that is computed ({@code inferMillis}, {@code
 * inferCpuMillis}, smoothed over the last eight).
 */
public final class TeacherNode implements NodeAgent {
    private static final long LONGEST_TURN_NS = 100_000_000L;
    private static final int EPOCH_DIGITS = 16;
    private static final long PACE_SEED = 7;
    private static final int REHEARSALS = 3;
    private static final double SMOOTHING = 1.0 / 8;
    private static final double NS_PER_MS = 1e6;

    private final Teacher teacher;
    private final TeacherSettings settings;
    private final Pace pace;
    private TeacherMemory memory;
    private Subscription samples;
    private StreamWriter features;
    private Inference inference;
    private RefusalNotice refusals;
    private Lease lease;
    private Claim claim;
    private Counter frames;
    private Counter declined;
    private Gauge inferMillis;
    private Gauge inferCpuMillis;

    /** A node for a teacher that has not been loaded. */
    public TeacherNode(Teacher teacher, TeacherSettings settings) {
        this.teacher = teacher;
        this.settings = settings;
        this.pace = new Pace(settings.most(), PACE_SEED);
    }

    @Override
    public void onStart(Node node) throws Exception {
        samples =
                node.subscribe(
                        LoopStreams.of(settings.sensor(), teacher.features().sense().stream()),
                        ReadMode.LATEST);
        features = node.publish(features(teacher));
        node.attribute("sense", teacher.features().sense().stream());
        TeacherCard card = card();
        card.attributes().forEach(node::attribute);
        memory = new TeacherMemory(node, teacher, card.epoch(), settings);
        inference = new Inference(memory::answer, node.name());
        refusals = new RefusalNotice(node, System.err::println);
        frames = node.counters().counter(LoopCounters.FRAMES);
        declined = node.counters().counter(LoopCounters.DECLINED);
        inferMillis = node.counters().gauge(LoopCounters.INFER_MILLIS);
        inferCpuMillis = node.counters().gauge(LoopCounters.INFER_CPU_MILLIS);
    }

    /**
     * The stream of a teacher's features.
     *
     * @throws IllegalArgumentException if no stream can have their shape
     */
    static StreamSpec features(Teacher teacher) {
        return StreamSpec.of(LoopStreams.FEATURES, DType.F32, teacher.features().shape());
    }

    private TeacherCard card() {
        FeatureSpec made = teacher.features();
        String all =
                made.identity()
                        + " aligned="
                        + made.aligned().text()
                        + (made.axes() == Axes.ROWS ? "" : " axes=" + made.axes().text())
                        + " features="
                        + TensorSpec.text(made.shape())
                        + " f32";
        String epoch = Digest.of(all.getBytes(StandardCharsets.UTF_8)).substring(0, EPOCH_DIGITS);
        return new TeacherCard(
                settings.sensor(), made.aligned(), made.axes(), epoch, made.scaleKnown());
    }

    @Override
    public void onPrepare() {
        teacher.load();
    }

    /** The sensor's samples may be of another shape, which this teacher takes or does not. */
    @Override
    public void onRehearse() {
        try (Arena own = Arena.ofShared()) {
            Sample sample = teacher.features().sense().example(own);
            for (int i = 0; i < REHEARSALS; i++) {
                teacher.infer(
                        sample,
                        TensorMemory.floats(own, LoopStreams.FEATURES, teacher.shapeOf(sample)));
            }
        } catch (ModelException e) {
            // then the first turn is the first try
        }
    }

    @Override
    public void onLoad() {
        memory.load();
    }

    @Override
    public int doWork() throws Exception {
        refusals.look(System.nanoTime());
        memory.tell();
        if (!inference.isRunning() && !begin()) {
            return 0;
        }
        Inference.Outcome outcome;
        try {
            outcome = inference.await(LONGEST_TURN_NS);
        } catch (Exception e) {
            end();
            throw e;
        }
        if (outcome != null) {
            publish(outcome);
            end();
        }
        return 1;
    }

    /** Whether the teacher is at work on a sample after {@link #doWork} has returned. */
    public boolean isBusy() {
        return inference.isRunning();
    }

    /**
     * Answers a sample that is no frame's, and that comes again and again; not while {@link
     * #isBusy}.
     */
    public Answer answerKnown(Sample sample, MemorySegment features) {
        return memory.answerKnown(sample, features);
    }

    private boolean begin() {
        lease = pace.isDue(System.nanoTime()) ? samples.poll() : null;
        if (lease == null) {
            return false;
        }
        pace.looked();
        Sample sample = sample(lease);
        long[] shape = teacher.shapeOf(sample);
        claim = features.claim().shape(shape);
        inference.begin(
                sample,
                claim.payload().asSlice(0, TensorMemory.floatBytes(features.name(), shape)));
        return true;
    }

    private static Sample sample(Lease lease) {
        long[] shape = new long[lease.rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = lease.dim(i);
        }
        return new Sample(lease.payload(), shape);
    }

    private void publish(Inference.Outcome outcome) {
        if (outcome.spoken()) {
            claim.commit(lease.frameNumber(), lease.captureNs());
            frames.increment();
        } else {
            declined.increment();
        }
        if (outcome.computed()) {
            smooth(inferMillis, outcome.wallNs());
            smooth(inferCpuMillis, outcome.cpuNs());
        } else if (!settings.countsKnown()) {
            pace.gaveBack();
        }
    }

    private static void smooth(Gauge gauge, long ns) {
        double before = gauge.get();
        double now = ns / NS_PER_MS;
        gauge.set(Double.isNaN(before) ? now : before + SMOOTHING * (now - before));
    }

    private void end() {
        claim.close();
        lease.close();
    }

    @Override
    public void onStop() throws Exception {
        inference.close();
        memory.close();
        teacher.close();
    }
}
