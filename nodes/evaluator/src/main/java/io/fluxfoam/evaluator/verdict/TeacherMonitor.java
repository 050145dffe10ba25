package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.distill.Reduction;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Statistics;

import org.jspecify.annotations.Nullable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * All meters of one epoch of a teacher but for its agreement with others, each with what is usual
 * of it. Values are standardised by the teacher's first 64 tensors and never anew, so that nothing
 * which changes later moves its own yardstick.
 */
final class TeacherMonitor {
    private static final int MAX_BYTES = Statistics.bytes(Reduction.MOST_FLOATS);
    private static final double LEAST = 1e-9; // of what a logarithm is taken of
    private static final Set<Meter> STEADY = Set.of(Meter.SCALE, Meter.CHANGE);

    private final int length;
    private Standardizer first;
    private final Map<Meter, ShiftDetector> detectors = new EnumMap<>(Meter.class);
    private final BlockMean drift;
    private final BlockMean rank;
    private @Nullable RegionScaling scaling;
    private double @Nullable [] before;
    private @Nullable Double residual;
    private double @Nullable [] now;
    private @Nullable Signature signature;

    /**
     * Nothing is known yet of tensors of this shape.
     *
     * @param meters that it has
     */
    TeacherMonitor(int length, int dim, Set<Meter> meters) {
        this.length = length;
        first = new Standardizer(dim);
        drift = new BlockMean(Meter.DRIFT.frames(), length);
        rank = new BlockMean(Meter.RANK.frames(), length);
        for (Meter meter : Meter.values()) {
            if (meter != Meter.AGREEMENT && meters.contains(meter)) {
                detectors.put(meter, new ShiftDetector(meter));
            }
        }
    }

    /** Whether it was made for such tensors. */
    boolean fits(int otherLength, int dim) {
        return length == otherLength && first.statistics().dim() == dim;
    }

    /**
     * Takes what the teacher said of the next frame, all finite.
     *
     * @param prediction what the student made of the same frame, in the teacher's units, or null
     * @return its signature; null while too little is known of the teacher
     */
    @Nullable Signature take(float[] tensor, float @Nullable [] prediction) {
        RegionScaling known = scaling;
        if (known == null) {
            if (first.collect(MemorySegment.ofArray(tensor))) {
                scaling = first.statistics().scaling();
            }
            return null;
        }
        double[] values = known.standardize(tensor);
        residual =
                prediction == null || prediction.length != tensor.length
                        ? null
                        : meanSquare(values, known.standardize(prediction));
        now = values;
        Signature made = Signature.of(values);
        signature = made;
        return made;
    }

    /**
     * Feeds the meters with the frame that was taken last.
     *
     * @param isTrusted whether it may become part of what is usual
     */
    void measure(long frame, boolean isTrusted) {
        double[] values = now;
        Signature made = signature;
        if (values == null || made == null) {
            return;
        }
        detectors.values().forEach(ShiftDetector::skip);
        feed(Meter.RESIDUAL, frame, residual == null ? null : log(residual), isTrusted);
        feed(Meter.SCALE, frame, log(meanSquare(values, null)), isTrusted);
        feed(
                Meter.CHANGE,
                frame,
                before == null ? null : log(meanSquare(values, before)),
                isTrusted);
        if (detectors.containsKey(Meter.DRIFT) && drift.add(values, made)) {
            feed(Meter.DRIFT, frame, log(drift.meanSquare()), isTrusted);
        }
        if (detectors.containsKey(Meter.RANK) && rank.add(values, made)) {
            feed(Meter.RANK, frame, log(rank.directions()), isTrusted);
        }
        before = values;
        now = null;
    }

    private void feed(Meter meter, long frame, @Nullable Double value, boolean isTrusted) {
        ShiftDetector detector = detectors.get(meter);
        if (detector != null && value != null && Double.isFinite(value)) {
            detector.feed(frame, value, isTrusted);
        }
    }

    private static double log(double value) {
        return Math.log(Math.max(LEAST, value));
    }

    private static double meanSquare(double[] values, double @Nullable [] less) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double value = less == null ? values[i] : values[i] - less[i];
            sum += value * value;
        }
        return sum / values.length;
    }

    /** Whether enough was seen of it to judge it, by all meters that wait for nobody else. */
    boolean ready() {
        return STEADY.stream().map(detectors::get).allMatch(one -> one == null || one.ready());
    }

    /** What is surest of all that is suspected. */
    Suspicion surest() {
        Suspicion surest = Suspicion.NONE;
        for (ShiftDetector detector : detectors.values()) {
            surest = surest.orSurer(detector.suspicion());
        }
        return surest;
    }

    /**
     * Whether the newest frame is as far from the student's prediction as one in a hundred usual
     * ones.
     */
    boolean odd() {
        ShiftDetector detector = detectors.get(Meter.RESIDUAL);
        return detector != null && detector.rare();
    }

    /** How far off the newest frame is in the thing in which it is farthest, in deviations. */
    double farthest() {
        double farthest = 0;
        for (Map.Entry<Meter, ShiftDetector> each : detectors.entrySet()) {
            if (each.getKey().frames() == 1) {
                farthest = Math.max(farthest, each.getValue().suspicion().score());
            }
        }
        return farthest;
    }

    /** Forgets what was suspected. */
    void clear() {
        detectors.values().forEach(ShiftDetector::clear);
    }

    /** The world has changed: what was suspected is usual now. */
    void accept() {
        detectors.values().forEach(ShiftDetector::accept);
    }

    /** Whether it has a yardstick, without which there is nothing to write. */
    boolean hasYardstick() {
        return scaling != null;
    }

    /** Writes shape, yardstick, and what is usual of each meter. */
    void writeTo(DataOutput out) throws IOException {
        ByteBuffer statistics = ByteBuffer.allocate(Statistics.bytes(first.statistics().dim()));
        first.statistics().writeTo(statistics);
        out.writeInt(length);
        out.writeInt(statistics.capacity());
        out.write(statistics.array());
        for (ShiftDetector detector : detectors.values()) {
            detector.writeTo(out);
        }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IOException if it cannot have been
     */
    static TeacherMonitor readFrom(DataInput in, Set<Meter> meters) throws IOException {
        int length = in.readInt();
        int bytes = in.readInt();
        if (length < 1 || length > Reduction.MOST_FLOATS || bytes < 0 || bytes > MAX_BYTES) {
            throw new IOException("length=" + length + " bytes of statistics=" + bytes);
        }
        byte[] statistics = new byte[bytes];
        in.readFully(statistics);
        Statistics known = Statistics.readFrom(ByteBuffer.wrap(statistics));
        if (!known.usable() || known.dim() > length) {
            throw new IOException("length=" + length + " dim=" + known.dim());
        }
        TeacherMonitor monitor = new TeacherMonitor(length, known.dim(), meters);
        monitor.first = new Standardizer(known);
        monitor.scaling = known.scaling();
        for (ShiftDetector detector : monitor.detectors.values()) {
            detector.readFrom(in);
        }
        return monitor;
    }
}
