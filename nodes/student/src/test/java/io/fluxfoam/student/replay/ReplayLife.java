package io.fluxfoam.student.replay;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.Scenery;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One life of a small student's replay in files. What it is shown repeats, but never so soon that a
 * row gets the same again.
 */
final class ReplayLife implements AutoCloseable {
    static final int ROWS = 80;

    private static final int SCENES = 24;
    private static final MemorySegment[] PICTURES = new MemorySegment[SCENES];
    private static final MemorySegment[] SOUNDS = new MemorySegment[SCENES];

    static {
        for (int i = 0; i < SCENES; i++) {
            PICTURES[i] = Scenery.picture(Scenery.train(i));
            SOUNDS[i] = Scenery.sound(Scenery.train(i));
        }
    }

    final List<String> troubles = new ArrayList<>();
    final ReplayFiles files;
    final MomentArena train;
    final RegionTable regions;
    final MomentAssembler assembler;

    ReplayLife(Path base) {
        this(base, ROWS, "sensor=sensor pairing=TRUE");
    }

    ReplayLife(Path base, int rows, String source) {
        files = new ReplayFiles(base, source, trouble -> troubles.add(trouble.getMessage()));
        train = new MomentArena(files, Scenery.SHAPE, rows);
        regions = new RegionTable(files, rows);
        MomentArena holdout = new MomentArena(ReplayMemory.in(Arena.ofAuto()), Scenery.SHAPE, 2);
        assembler =
                new MomentAssembler(
                        FrameShape.STANDARD,
                        train,
                        holdout,
                        regions,
                        new PredictionQueue(),
                        Pairing.TRUE,
                        1);
    }

    TeacherRegion join(String teacher, int tokens, int dim) {
        return join(teacher, tokens, dim, new TargetSource(Alignment.NONE, "5eed"));
    }

    TeacherRegion join(String teacher, int tokens, int dim, TargetSource targetSource) {
        TeacherRegion region =
                regions.add(teacher, tokens, dim, targetSource, Statistics.identity(dim));
        region.present(true);
        return region;
    }

    void picture(int n) {
        assembler.picture(Scenery.train(n), n, PICTURES[n % SCENES], 0);
    }

    void sound(int n) {
        assembler.sound(Scenery.train(n), n, SOUNDS[n % SCENES], 0);
    }

    void target(TeacherRegion region, int n) {
        assembler.target(region, Scenery.train(n), n, features(region, n), 0);
    }

    /** What a teacher says of the n-th frame. */
    static MemorySegment features(TeacherRegion region, int n) {
        return Scenery.features(Scenery.train(n % SCENES), region.region().length(), 3, 40);
    }

    /** Shows it these frames with all targets. */
    void feed(int from, int to) {
        for (int n = from; n < to; n++) {
            picture(n);
            sound(n);
            for (TeacherRegion region : regions.snapshot().regions()) {
                target(region, n);
            }
        }
    }

    /** A moment of another arena that is shown the n-th frame, for comparison. */
    static Moment shown(int n, MomentArena arena) {
        RegionTable none = new RegionTable(ReplayMemory.in(Arena.ofAuto()), arena.capacity());
        MomentAssembler other =
                new MomentAssembler(
                        FrameShape.STANDARD,
                        arena,
                        arena,
                        none,
                        new PredictionQueue(),
                        Pairing.TRUE,
                        1);
        other.picture(Scenery.train(n), n, PICTURES[n % SCENES], 0);
        other.sound(Scenery.train(n), n, SOUNDS[n % SCENES], 0);
        return arena.find(Scenery.train(n));
    }

    /** The n-th frame if it may be trained on, else null. */
    Moment trainable(int n) {
        Moment moment = train.find(Scenery.train(n));
        return moment != null && moment.trainable() ? moment : null;
    }

    @Override
    public void close() {
        files.close();
    }
}
