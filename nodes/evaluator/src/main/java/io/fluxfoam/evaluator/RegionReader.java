package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.FeatureReader;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the student's {@code heatmap} and the {@code features} of every teacher in its layout. All
 * frames go to the verdicts; HOLDOUT frames go through the teachers' {@link RegionEvaluator}s,
 * whose figures it shows as counters.
 */
final class RegionReader {
    private final Node node;
    private final LeaseDrain drain;
    private final ScalingReader scaling;
    private final String sensor;
    private final Subscription heatmap;
    private final VerdictReader verdicts;
    private final JudgeReader judges;
    private final Counter copiedBytes;
    private final Map<String, Teacher> teachers = new LinkedHashMap<>();

    /** A teacher in the student's layout. */
    private static final class Teacher {
        private final Subscription features;
        private final RegionEvaluator.Pairs pairs;
        private final ScoreCounters counters;
        private final FeatureReader reader = new FeatureReader();
        private RegionEvaluator evaluation;
        private long metIncarnation;
        private boolean isJudgedBy;
        private @Nullable TeacherCard card;

        private Teacher(Node node, Region region, RegionEvaluator.Pairs pairs) {
            this.pairs = pairs;
            features =
                    node.subscribe(
                            LoopStreams.of(region.name(), LoopStreams.FEATURES), ReadMode.IN_ORDER);
            counters = new ScoreCounters(node.counters(), region.name());
            evaluation = new RegionEvaluator(region, pairs);
        }

        private void follow(Region region) {
            if (!evaluation.region().equals(region)) {
                evaluation = new RegionEvaluator(region, pairs);
            }
        }

        /**
         * One that looks at another sensor says nothing of our frames; one of another epoch begins
         * its figures anew.
         */
        private void meet(Manifest manifest, String sensor) {
            metIncarnation = manifest.incarnation();
            isJudgedBy = false;
            TeacherCard now = TeacherCard.of(manifest);
            isJudgedBy = TeacherCard.looksAt(manifest, sensor);
            if (card == null || !now.epoch().equals(card.epoch())) {
                evaluation = new RegionEvaluator(evaluation.region(), pairs);
            }
            card = now;
        }

        private TeacherCard met() {
            return Objects.requireNonNull(card, "a teacher that was not met");
        }

        private String epoch() {
            return met().epoch();
        }

        private float[] floats(Lease lease) {
            return reader.read(lease, met()).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    RegionReader(
            Node node,
            LeaseDrain drain,
            ScalingReader scaling,
            PeerNames names,
            VerdictReader verdicts,
            JudgeReader judges,
            Counter copiedBytes) {
        this.node = node;
        this.drain = drain;
        this.scaling = scaling;
        this.verdicts = verdicts;
        this.judges = judges;
        this.copiedBytes = copiedBytes;
        sensor = names.sensor();
        node.reads(LoopStreams.of("*", LoopStreams.FEATURES));
        heatmap =
                node.subscribe(
                        LoopStreams.of(names.student(), LoopStreams.HEATMAP), ReadMode.IN_ORDER);
    }

    int turn() {
        int work = drain.read(heatmap, this::prediction);
        for (Teacher teacher : teachers.values()) {
            work += drain.read(teacher.features, lease -> truth(teacher, lease));
        }
        return work;
    }

    private void prediction(Lease lease) {
        if (!scaling.fit(lease)) {
            return;
        }
        for (Region region : scaling.layout().regions()) {
            if ((long) region.end() * Float.BYTES <= lease.payloadBytes()) {
                prediction(lease, region);
            }
        }
    }

    private void prediction(Lease lease, Region region) {
        Optional<RegionScaling> known = scaling.of(region);
        Teacher teacher =
                teachers.computeIfAbsent(
                        region.name(), _ -> new Teacher(node, region, judges::heldOut));
        teacher.follow(region);
        if (known.isPresent()) {
            float[] values = Payloads.floats(lease, region.offset(), region.length());
            copiedBytes.add((long) values.length * Float.BYTES);
            verdicts.predicted(lease.frameNumber(), region.name(), values);
            if (HoldoutRule.isHoldout(lease.frameNumber())) {
                show(
                        teacher,
                        teacher.evaluation.prediction(lease.frameNumber(), values, known.get()));
            }
        }
    }

    private void truth(Teacher teacher, Lease lease) {
        if (lease.incarnation() != teacher.metIncarnation) {
            node.peer(teacher.features.node())
                    .flatMap(PeerView::manifest)
                    .filter(manifest -> manifest.incarnation() == lease.incarnation())
                    .ifPresent(manifest -> teacher.meet(manifest, sensor));
        }
        if (lease.incarnation() != teacher.metIncarnation || !teacher.isJudgedBy) {
            return;
        }
        float[] values = teacher.floats(lease);
        copiedBytes.add((long) values.length * Float.BYTES);
        Region region = teacher.evaluation.region();
        verdicts.said(lease.frameNumber(), region, teacher.epoch(), values);
        Optional<RegionScaling> known = scaling.of(region);
        if (known.isPresent() && HoldoutRule.isHoldout(lease.frameNumber())) {
            show(teacher, teacher.evaluation.truth(lease.frameNumber(), values, known.get()));
        }
    }

    private static void show(Teacher teacher, boolean judged) {
        if (judged) {
            teacher.counters.show(teacher.evaluation.score());
        }
    }

    /** Adds the figures as facts for the journal. */
    void describe(Map<String, Object> facts) {
        Map<String, Object> scores = new LinkedHashMap<>();
        teachers.forEach((name, teacher) ->
                scores.put(name, ScoreCounters.facts(teacher.evaluation.score())));
        facts.put("teachers", scores);
    }
}
