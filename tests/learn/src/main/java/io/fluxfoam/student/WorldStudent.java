package io.fluxfoam.student;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.student.train.Trainer;
import io.fluxfoam.tensor.FrameNumber;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The student as its node has it, all but the foam: it is shown frames and what teachers said of
 * them, one by one, and takes a step when it is told to. Nothing of it is saved.
 */
public final class WorldStudent implements AutoCloseable {
    /** Fewer it does not take. */
    public static final int LEAST_MOMENTS =
            MomentAssembler.MAX_PENDING + Trainer.FIRST_MOMENTS + 16;

    private static final Path NOWHERE = Path.of("nowhere");

    private final Arena memory = Arena.ofShared();
    private final SensorCard sensor;
    private final Map<String, TeacherCard> teachers;
    private final StudentPipeline body;
    private final Map<String, TeacherRegion> joined = new HashMap<>();
    private long replayBytes;
    private long shown;
    private long asked;

    /** What is shown: a picture and a sound as the sensor made them. */
    public interface Frame {
        /** Picture, as bytes. */
        MemorySegment picture();

        /** Sound, as floats. */
        MemorySegment sound();
    }

    /** An untrained one. */
    public WorldStudent(
            StudentSettings settings, SensorCard sensor, Map<String, TeacherCard> teachers)
            throws IOException {
        this.sensor = sensor;
        this.teachers = teachers;
        ReplayMemory own = ReplayMemory.in(memory);
        ReplayMemory counted =
                (name, content, bytes, check) -> {
                    replayBytes += bytes;
                    return own.part(name, content, bytes, check);
                };
        body =
                new StudentPipeline(
                        settings.conclude(),
                        sensor,
                        new CheckpointStore(NOWHERE),
                        counted,
                        trouble -> {
                            throw new IllegalStateException(trouble);
                        });
        body.loop().begin();
    }

    /**
     * Shows a frame to learn from.
     *
     * @param said for each teacher the floats of its region
     * @param dims for each teacher the values of a token
     */
    public void show(Frame frame, Map<String, float[]> said, Map<String, Integer> dims) {
        long number =
                FrameNumber.of(1, shown / 2 * 3 + shown % 2); // of those that are not held out
        shown++;
        body.assembler().picture(number, number, frame.picture(), 0);
        body.assembler().sound(number, number, frame.sound(), 0);
        said.forEach((teacher, values) -> {
            TeacherRegion region =
                    joined.computeIfAbsent(
                            teacher, name -> join(name, dims.get(name), values.length));
            body.assembler().target(region, number, number, MemorySegment.ofArray(values), 0);
        });
        joined.forEach((teacher, region) -> {
            if (!said.containsKey(teacher)) {
                body.assembler().passOver(region, number);
            }
        });
        body.assembler().expire(0);
    }

    private TeacherRegion join(String name, int dim, int floats) {
        TeacherCard card = teachers.get(name);
        TeacherRegion added =
                body.regions()
                        .add(
                                name,
                                floats / dim,
                                dim,
                                TargetSource.of(card),
                                Statistics.identity(dim));
        added.present(true);
        added.scaleKnown(card.scaleKnown());
        return added;
    }

    /** Takes a step, if it knows enough to; returns how many were taken so far. */
    public long step() {
        body.loop().turn();
        for (StepRecord record = body.records().takeFilled(); record != null; ) {
            body.records().giveBack(record);
            record = body.records().takeFilled();
        }
        drain();
        return body.progress().step();
    }

    private void drain() {
        for (Prediction made = body.predictions().takeFilled(); made != null; ) {
            body.predictions().giveBack(made);
            made = body.predictions().takeFilled();
        }
    }

    /** What it says of a frame that it learns nothing from, in the teachers' units. */
    public Map<String, float[]> say(Frame frame) {
        while (body.loop().predict() > 0) {
            drain();
        }
        long number = FrameNumber.of(1, asked++ * 3 + 2); // held out
        body.assembler().picture(number, number, frame.picture(), 0);
        body.assembler().sound(number, number, frame.sound(), 0);
        body.loop().predict();
        Prediction made = body.predictions().takeFilled();
        Map<String, float[]> said = new HashMap<>();
        for (Region region : made.scaling().layout().regions()) {
            made.scaling()
                    .of(region)
                    .ifPresent(scaling -> said.put(region.name(), inUnits(made, region, scaling)));
        }
        body.predictions().giveBack(made);
        return said;
    }

    private static float[] inUnits(Prediction made, Region region, RegionScaling scaling) {
        float[] values = new float[region.length()];
        MemorySegment standardized =
                made.heatmap()
                        .asSlice(
                                (long) region.offset() * Float.BYTES,
                                (long) region.length() * Float.BYTES);
        scaling.destandardize(standardized, MemorySegment.ofArray(values), 0);
        return values;
    }

    /** What its memory of moments takes. */
    public long replayBytes() {
        return replayBytes;
    }

    /** Units that began anew; less than 0 if they never do. */
    public long renewedUnits() {
        return body.progress().renewedUnits();
    }

    /** The teacher whose region says what is to be seen and heard, in words. */
    public static String language() {
        return LoopNodes.TEACHER_LLM;
    }

    /** Frames of this sensor are what it sees. */
    public SensorCard sensor() {
        return sensor;
    }

    @Override
    public void close() {
        memory.close();
    }
}
