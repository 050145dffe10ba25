package io.fluxfoam.evaluator.verdict;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Whether teachers find the same frames alike. For a new frame each teacher's similarities to the
 * last frames are correlated with each other teacher's (representational similarity; Kriegeskorte
 * et al., Frontiers in Systems Neuroscience 2, 2008). It needs neither the student nor the same
 * values: two teachers that look at the same thing agree about which frames resemble it.
 *
 * <p>How much a pair agrees is watched for each pair. A teacher is to blame for as much as all its
 * pairs have fallen: one that has two partners does not become suspect by either alone. Of two
 * teachers nobody can say which it was.
 */
final class Agreement {
    private static final int FRAMES = 128;
    private static final int LEAST_FRAMES = 96;

    private final Map<String, @Nullable Signature[]> banks = new HashMap<>();
    private final Map<Set<String>, ShiftDetector> pairs = new HashMap<>();
    private int next;

    /**
     * Takes what was said of a frame by those who know what is usual of them.
     *
     * @param trusted those whose agreement may become part of what is usual
     */
    void measure(long frameNumber, Map<String, Signature> frame, Set<String> trusted) {
        pairs.values().forEach(ShiftDetector::skip);
        Map<String, double[]> likeness = new HashMap<>();
        frame.forEach((teacher, signature) -> likeness.put(teacher, likeness(teacher, signature)));
        likeness.forEach((teacher, own) ->
                likeness.forEach((other, its) -> {
                    double agreement =
                            teacher.compareTo(other) < 0 ? correlation(own, its) : Double.NaN;
                    if (!Double.isNaN(agreement)) {
                        pairs.computeIfAbsent(
                                        Set.of(teacher, other),
                                        _ -> new ShiftDetector(Meter.AGREEMENT))
                                .feed(
                                        frameNumber,
                                        agreement,
                                        trusted.contains(teacher) && trusted.contains(other));
                    }
                }));
    }

    private double[] likeness(String teacher, Signature signature) {
        @Nullable Signature[] bank = banks.getOrDefault(teacher, new Signature[FRAMES]);
        double[] likeness = new double[FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            Signature earlier = bank[i];
            likeness[i] = earlier == null ? Double.NaN : signature.cosine(earlier);
        }
        return likeness;
    }

    /** What all pairs of a teacher say of it. */
    Suspicion of(String teacher) {
        Suspicion least = Suspicion.NONE;
        int partners = 0;
        for (Map.Entry<Set<String>, ShiftDetector> pair : pairs.entrySet()) {
            if (pair.getKey().contains(teacher) && pair.getValue().ready()) {
                Suspicion one = pair.getValue().suspicion();
                least = partners == 0 || one.evidence() < least.evidence() ? one : least;
                partners++;
            }
        }
        return partners < 2 ? Suspicion.NONE : least;
    }

    /** Keeps a frame to compare later ones with. */
    void add(Map<String, Signature> frame) {
        for (String teacher : frame.keySet()) {
            banks.computeIfAbsent(teacher, _ -> new Signature[FRAMES]);
        }
        for (Map.Entry<String, @Nullable Signature[]> each : banks.entrySet()) {
            @Nullable Signature[] bank = each.getValue();
            bank[next] = frame.get(each.getKey());
        }
        next = (next + 1) % FRAMES;
    }

    /** Forgets a teacher. */
    void forget(String teacher) {
        banks.remove(teacher);
        pairs.keySet().removeIf(pair -> pair.contains(teacher));
    }

    /** Forgets what was suspected of a teacher's pairs. */
    void clear(String teacher) {
        pairs.forEach((pair, detector) -> {
            if (pair.contains(teacher)) {
                detector.clear();
            }
        });
    }

    /** The world has changed: what was suspected is usual now. */
    void accept() {
        pairs.values().forEach(ShiftDetector::accept);
    }

    /** Pearson's, over what both have; NaN if that is too little. */
    private static double correlation(double[] a, double[] b) {
        int count = 0;
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < a.length; i++) {
            if (!Double.isNaN(a[i] + b[i])) {
                count++;
                meanA += a[i];
                meanB += b[i];
            }
        }
        if (count < LEAST_FRAMES) {
            return Double.NaN;
        }
        meanA /= count;
        meanB /= count;
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            if (!Double.isNaN(a[i] + b[i])) {
                product += (a[i] - meanA) * (b[i] - meanB);
                squareA += (a[i] - meanA) * (a[i] - meanA);
                squareB += (b[i] - meanB) * (b[i] - meanB);
            }
        }
        double squares = squareA * squareB;
        return squares > 0 ? product / Math.sqrt(squares) : 0;
    }
}
