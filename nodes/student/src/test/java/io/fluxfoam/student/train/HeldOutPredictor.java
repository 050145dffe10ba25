package io.fluxfoam.student.train;

import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.Region;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.InputShape;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** Predicts a moment when it is asked to, as {@link Predictor} does when it comes. */
public final class HeldOutPredictor {
    private final Learner learner;
    private final String viewedRegion;
    private final Prediction prediction;
    private final Batch frame;
    private final MomentInputs inputs;

    public HeldOutPredictor(Arena memory, InputShape shape, Learner learner, String viewedRegion) {
        this.learner = learner;
        this.viewedRegion = viewedRegion;
        prediction = new Prediction(memory);
        frame = new Batch(memory, shape, 1);
        inputs = new MomentInputs(frame, false);
    }

    /** What is predicted, until the next call. */
    public Prediction predict(MomentArena arena, Moment moment) {
        HeatmapScaling scaling = learner.scaling();
        prediction.begin(scaling, moment);
        Map<String, MemorySegment> outputs = new HashMap<>();
        for (Region region : scaling.layout().regions()) {
            outputs.put(region.name(), prediction.region(region));
        }
        inputs.plain(0, arena, moment);
        Region viewed = scaling.layout().find(viewedRegion).orElseThrow();
        learner.net().predict(frame, outputs, viewedRegion, prediction.view(viewed));
        return prediction;
    }
}
