package io.fluxfoam.student.train;

import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.InputShape;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.PredictionQueue;
import io.fluxfoam.student.replay.TeacherRegion;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Predicts the heatmap of frames that wait, between two steps of the trainer, so that neither
 * weights nor running statistics change meanwhile. HOLDOUT frames get the language region in three
 * views too. Belongs to the trainer.
 */
public final class Predictor {
    /** Between two steps; on a starved machine the trainer must get its turns too. */
    private static final int MOST_PER_TURN = 4;

    private final Learner learner;
    private final PredictionQueue queue;
    private final RecyclingQueue<Prediction> results;
    private final String viewedRegion;
    private final Batch frame;
    private final MomentInputs inputs;
    private final Map<String, MemorySegment> outputs = new HashMap<>();
    private Prediction prediction;

    /**
     * Predicts what the queue holds.
     *
     * @param memory what a frame's inputs live in
     * @param viewedRegion the region that is predicted from each input alone too
     */
    public Predictor(
            Arena memory,
            InputShape shape,
            Learner learner,
            PredictionQueue queue,
            RecyclingQueue<Prediction> results,
            String viewedRegion) {
        this.learner = learner;
        this.queue = queue;
        this.results = results;
        this.viewedRegion = viewedRegion;
        frame = new Batch(memory, shape, 1);
        inputs = new MomentInputs(frame, false);
    }

    /**
     * Predicts some of the frames that wait; returns how many. Those that were overwritten
     * meanwhile are passed over; those for which there is no room go on waiting.
     */
    public int turn() {
        HeatmapScaling scaling = learner.scaling();
        if (scaling.layout().regions().isEmpty()) {
            return 0;
        }
        int count = 0;
        while (count < MOST_PER_TURN && hasRoom()) {
            PredictionQueue.Waiting next = queue.poll();
            if (next == null) {
                break;
            }
            if (next.moment().pinComplete()) {
                try {
                    predict(scaling, next.arena(), next.moment());
                    count++;
                } finally {
                    next.moment().unpin();
                }
            }
        }
        return count;
    }

    private boolean hasRoom() {
        prediction = prediction == null ? results.takeEmpty() : prediction;
        return prediction != null;
    }

    private void predict(HeatmapScaling scaling, MomentArena arena, Moment moment) {
        prediction.begin(scaling, moment);
        outputs.clear();
        for (Region region : scaling.layout().regions()) {
            outputs.put(region.name(), prediction.region(region));
        }
        inputs.plain(0, arena, moment);
        Optional<Region> viewed =
                HoldoutRule.isHoldout(moment.frameNumber())
                        ? scaling.layout().find(viewedRegion).filter(one -> hasViews(scaling, one))
                        : Optional.empty();
        learner.net()
                .predict(
                        frame,
                        outputs,
                        viewed.map(Region::name).orElse(null),
                        viewed.map(prediction::view).orElse(null));
        if (!HoldoutRule.isHoldout(moment.frameNumber())) {
            remember(moment);
        }
        results.hand(prediction);
        prediction = null;
    }

    /** Keeps what was said of a TRAIN moment when it came, where a region wants that. */
    private void remember(Moment moment) {
        List<TeacherRegion> regions = learner.regions();
        for (int i = 0; i < regions.size(); i++) {
            TeacherRegion region = regions.get(i);
            Statistics inUse = learner.statistics().statistics().get(i);
            if (region.own() != null && inUse.usable()) {
                region.own().said(moment, outputs.get(region.region().name()), inUse);
            }
        }
    }

    private static boolean hasViews(HeatmapScaling scaling, Region region) {
        return scaling.of(region).isPresent() && region.length() <= Prediction.MAX_VIEW_FLOATS;
    }
}
