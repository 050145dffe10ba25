package io.fluxfoam.student;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.net.UnitRenewal;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.Pairing;
import io.fluxfoam.student.replay.Reservoir;
import io.fluxfoam.student.train.Trainer;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a student is set up. Setters and getters share their names; {@link #conclude} checks all of
 * it once.
 */
public final class StudentSettings {
    /** Largest batch that the steps stream has room for. */
    static final int MAX_BATCH = 64;

    private static final double MAX_RENEWAL = .01;
    private static final int MAX_MATURITY = 1_000_000;

    private String sensor = LoopNodes.SENSOR;
    private String language = LoopNodes.TEACHER_LLM;
    private int batch = 16;
    private int replayMoments = 1_600;
    private int reservoirMoments;
    private double reservoirShare = .5;
    private boolean reservoirBalanced;
    private double reservoirOwn;
    private long momentDeadlineMs = 2_000;
    private long saveEveryMs = 2_000;
    private double learningRate = 2e-3;
    private Width width = Width.PACKAGED;
    private Width growTo = Width.PACKAGED;
    private CoreOptions core = new CoreOptions();
    private ViscosityOptions viscosity = new ViscosityOptions();
    private UnitRenewal.Settings renewal = UnitRenewal.Settings.OFF;
    private long seed = 1;
    private Pairing pairing = Pairing.TRUE;
    private boolean deterministic;
    private boolean speaking;
    private Path snapshot;
    private boolean trainOnHoldout;

    /** Name of the node whose picture and sound it sees. */
    public StudentSettings sensor(String name) {
        sensor = name;
        return this;
    }

    String sensor() {
        return sensor;
    }

    /** What it begins with if it has nothing of its own; null is nothing. */
    public StudentSettings snapshot(Path file) {
        snapshot = file;
        return this;
    }

    Optional<Path> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /** Name of the teacher whose region is predicted from each input alone too. */
    public StudentSettings language(String name) {
        language = name;
        return this;
    }

    String language() {
        return language;
    }

    /** Moments in a training batch. */
    public StudentSettings batch(int moments) {
        batch = moments;
        return this;
    }

    int batch() {
        return batch;
    }

    /** Rows of the replay arena. */
    public StudentSettings replayMoments(int moments) {
        replayMoments = moments;
        return this;
    }

    int replayMoments() {
        return replayMoments;
    }

    /**
     * Rows of a sample of all moments that ever were, beside the newest.
     *
     * @param moments how many; 0 for none
     * @param share of a batch that is drawn from them
     * @param balanced whether of moments that say nearly the same fewer are kept
     */
    public StudentSettings reservoir(int moments, double share, boolean balanced) {
        reservoirMoments = moments;
        reservoirShare = share;
        reservoirBalanced = balanced;
        return this;
    }

    Reservoir.Settings reservoir() {
        return new Reservoir.Settings(reservoirMoments, reservoirShare, reservoirBalanced, seed);
    }

    /** Share of what it said itself when a moment of the reservoir came, in that one's targets. */
    public StudentSettings reservoirOwn(double share) {
        reservoirOwn = share;
        return this;
    }

    double reservoirOwn() {
        return reservoirOwn;
    }

    /** How long a moment waits for a teacher. */
    public StudentSettings momentDeadlineMs(long milliseconds) {
        momentDeadlineMs = milliseconds;
        return this;
    }

    long momentDeadlineNs() {
        return TimeUnit.MILLISECONDS.toNanos(momentDeadlineMs);
    }

    /** Time between two checkpoints. */
    public StudentSettings saveEveryMs(long milliseconds) {
        saveEveryMs = milliseconds;
        return this;
    }

    long saveEveryNs() {
        return TimeUnit.MILLISECONDS.toNanos(saveEveryMs);
    }

    /** Of AdamW, after the warm-up. */
    public StudentSettings learningRate(double rate) {
        learningRate = rate;
        return this;
    }

    double learningRate() {
        return learningRate;
    }

    /**
     * Of a student that begins anew, which does not grow; one that goes on is as wide as it was.
     */
    public StudentSettings width(Width ofStudent) {
        return widths(ofStudent, ofStudent);
    }

    /**
     * Of a student that grows.
     *
     * @param from width of one that begins anew
     * @param to widest that it may become
     */
    public StudentSettings widths(Width from, Width to) {
        width = from;
        growTo = to;
        return this;
    }

    Width width() {
        return width;
    }

    Width growTo() {
        return growTo;
    }

    /** Its core. */
    public StudentSettings core(CoreOptions options) {
        core = options;
        return this;
    }

    CoreOptions core() {
        return core;
    }

    /** How its weights resist. */
    public StudentSettings viscosity(ViscosityOptions options) {
        viscosity = options;
        return this;
    }

    ViscosityOptions viscosity() {
        return viscosity;
    }

    /**
     * How often its units begin anew.
     *
     * @param rate share of the old enough ones of a layer at each step; 0 for never
     * @param maturity steps before one is old enough to be judged
     */
    public StudentSettings renewal(double rate, int maturity) {
        renewal = new UnitRenewal.Settings(rate, maturity);
        return this;
    }

    UnitRenewal.Settings renewal() {
        return renewal;
    }

    /** Of initial values and of what is random in a step. */
    public StudentSettings seed(long number) {
        seed = number;
        return this;
    }

    long seed() {
        return seed;
    }

    /** Whose targets a frame learns from. */
    public StudentSettings pairing(Pairing frames) {
        pairing = frames;
        return this;
    }

    Pairing pairing() {
        return pairing;
    }

    /**
     * Whether what it learns follows from the tensors and their order alone: one thread, a fixed
     * number of steps for each moment, the frames' own time.
     */
    public StudentSettings deterministic(boolean isDeterministic) {
        deterministic = isDeterministic;
        return this;
    }

    boolean deterministic() {
        return deterministic;
    }

    /** Whether it says aloud what it sees, as far as a teacher has taught it to. */
    public StudentSettings speaking(boolean isSpeaking) {
        speaking = isSpeaking;
        return this;
    }

    boolean speaking() {
        return speaking;
    }

    /** Whether one HOLDOUT frame is trained on, for tests of the audit. */
    public StudentSettings trainOnHoldout(boolean isFaulty) {
        trainOnHoldout = isFaulty;
        return this;
    }

    boolean trainOnHoldout() {
        return trainOnHoldout;
    }

    /** What moments are made of, as far as it is a setting: others must not be mixed with them. */
    String source() {
        return "sensor=" + sensor + " pairing=" + pairing;
    }

    /** What a checkpoint must be of: one of other moments, or of another core, is of no use. */
    String learner() {
        return source() + core.identity(seed) + viscosity.identity();
    }

    /**
     * Checks every value and the relations between them.
     *
     * @throws IllegalArgumentException with the offending values
     */
    public StudentSettings conclude() {
        require(batch >= 2 && batch <= MAX_BATCH, "batch=" + batch + " not in 2.." + MAX_BATCH);
        int least = MomentAssembler.MAX_PENDING + Trainer.FIRST_MOMENTS + batch;
        require(
                replayMoments >= least && replayMoments <= 1_000_000,
                "replay=" + replayMoments + " not in " + least + "..1000000");
        require(
                reservoirMoments >= 0 && reservoirMoments <= 1_000_000,
                "reservoir=" + reservoirMoments + " not in 0..1000000");
        require(
                reservoirShare >= 0 && reservoirShare < 1,
                "reservoirShare=" + reservoirShare + " not in [0, 1)");
        require(
                !reservoirBalanced || reservoirMoments > 0,
                "reservoirBalanced without a reservoir");
        require(
                reservoirOwn >= 0 && reservoirOwn < 1,
                "reservoirOwn=" + reservoirOwn + " not in [0, 1)");
        require(reservoirOwn == 0 || reservoirMoments > 0, "reservoirOwn without a reservoir");
        require(
                momentDeadlineMs >= 1,
                "momentDeadlineMs=" + momentDeadlineMs + " must be positive");
        require(saveEveryMs >= 100, "saveEveryMs=" + saveEveryMs + " must be at least 100");
        require(
                learningRate > 0 && learningRate < 1,
                "learningRate=" + learningRate + " not in (0, 1)");
        require(
                renewal.rate() >= 0 && renewal.rate() <= MAX_RENEWAL,
                "renewal=" + renewal.rate() + " not in 0.." + MAX_RENEWAL);
        require(
                renewal.maturity() >= 0 && renewal.maturity() <= MAX_MATURITY,
                "renewalMaturity=" + renewal.maturity() + " not in 0.." + MAX_MATURITY);
        core.conclude();
        viscosity.conclude();
        require(!width.isWiderThan(growTo), "growTo=" + growTo + " is less than width=" + width);
        return this;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
