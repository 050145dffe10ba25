package io.fluxfoam.student.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.OneRow;
import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Progress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A student that is too small grows, one that a wider one cannot help does not. Seeded throughout.
 */
class GrowthTest {
    private static final Width NARROW = new Width(1);
    private static final Width WIDE = new Width(4);
    private static final Growth.Pace PACE = new Growth.Pace(40, 120);
    private static final int BATCH = 4;

    /** A trial is asked for at the end of a window that is slow beside the one before it. */
    private static final int LEAST_STEPS = 2 * PACE.windowSteps() + PACE.trialSteps();

    @TempDir private Path directory;
    private final Arena memory = Arena.ofShared();
    private final RegionTable regions = new RegionTable(ReplayMemory.in(memory), 1);
    private final Progress progress = new Progress();
    private final Learner learner =
            new Learner(
                    new StudentNet(memory, 1, AdamW.DEFAULT, NARROW),
                    HeatmapStatistics.NONE,
                    List.of(),
                    progress);
    private final Batch batch = new Batch(memory, Scenery.SHAPE, BATCH);
    private final List<StudentNet.Term> terms = new ArrayList<>();
    private long[] examSeeds = {0, 1, 2, 3, 4, 5, 6, 7};
    private boolean ready = true;
    private Growth growth;

    @AfterEach
    void free() {
        memory.close();
    }

    private void learn(Width growTo) {
        join("vision", 40, 6, Alignment.PICTURE);
        join("language", 1, 24, Alignment.NONE);
        learner.follow(regions.snapshot());
        for (TeacherRegion region : learner.regions()) {
            terms.add(
                    new StudentNet.Term(
                            new Batch.Targets(memory, region.region(), BATCH), region.weight()));
        }
        growth = new Growth(learner, progress, growTo, new SeededValidation(), PACE);
    }

    private void join(String teacher, int tokens, int dim, Alignment alignment) {
        Standardizer known = new Standardizer(dim);
        for (int m = 0; !known.statistics().usable(); m++) {
            known.collect(Scenery.features(m, tokens * dim, 1, 0));
        }
        regions.add(teacher, tokens, dim, new TargetSource(alignment, ""), known.statistics())
                .present(true);
    }

    /**
     * Moments and targets that have nothing to do with each other; the same seed, the same batch.
     */
    private void draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int row = 0; row < BATCH; row++) {
            fill(random, batch.window(row), 2);
            fill(random, batch.sight(row), 1);
            fill(random, batch.sound(row), .2);
        }
        for (StudentNet.Term term : terms) {
            term.targets().clear();
            for (int row = 0; row < BATCH; row++) {
                fill(random, term.targets().include(row), 3);
            }
        }
    }

    private void step(long seed) {
        draw(seed);
        StudentNet.Step step = learner.net().step(batch, terms);
        assertTrue(step.applied());
        progress.stepped(step.loss(), BATCH);
        growth.stepped(batch, terms, step.distance());
    }

    /** Compares by the moments of {@link #examSeeds}. */
    private final class SeededValidation implements Growth.Validation {
        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public double gain(StudentNet narrow, StudentNet wider) {
            double narrows = 0;
            double widers = 0;
            for (long seed : examSeeds) {
                draw(seed);
                narrows += narrow.distance(batch, terms);
                widers += wider.distance(batch, terms);
            }
            return 1 - widers / narrows;
        }
    }

    private static void fill(SplittableRandom random, MemorySegment floats, double scale) {
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            floats.setAtIndex(
                    ValueLayout.JAVA_FLOAT, i, (float) ((random.nextDouble() - .5) * scale));
        }
    }

    /** A few moments again and again, to be learned by heart. */
    private Progress.Verdict verdictOnFewMoments(int mostSteps) {
        Progress.Verdict last = progress.verdict();
        for (int step = 0; step < mostSteps && progress.verdict() == last; step++) {
            step(progress.step() % 8);
        }
        return progress.verdict();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldGrowWhenItIsTooSmallAndGoOnAsWideInTheNextLife() throws IOException {
        learn(WIDE);
        long parameters = progress.parameters();
        Progress.Verdict first = verdictOnFewMoments(2_000);
        assertTrue(first.grown(), first.toString());
        assertEquals(NARROW, first.from());
        assertEquals(new Width(2), first.to());
        assertTrue(first.step() >= LEAST_STEPS, first.toString());
        assertEquals(new Width(2), learner.net().width());
        assertTrue(progress.parameters() > parameters);
        assertEquals(learner.net().parameterCount(), progress.parameters());
        assertEquals(1, progress.growths());
        assertGoesOnAlike();
        Progress.Verdict second = verdictOnFewMoments(3_000);
        assertEquals(WIDE, second.to(), second.toString());
    }

    private void assertGoesOnAlike() throws IOException {
        CheckpointStore store = new CheckpointStore(directory);
        store.save(Checkpoint.of("", learner, progress));
        Checkpoint saved = store.load(e -> {}).orElseThrow();
        StudentNet next = new StudentNet(memory, 99, AdamW.DEFAULT, saved.width());
        saved.restore(next);
        assertArrayEquals(prediction(learner.net()), prediction(next));
        List<ParameterGroup> groups = learner.net().groups();
        for (int i = 0; i < groups.size(); i++) {
            ParameterGroup group = next.groups().get(i);
            assertEquals(groups.get(i).step(), group.step());
            assertEquals(-1, groups.get(i).secondMoments().mismatch(group.secondMoments()));
        }
    }

    private float[] prediction(StudentNet net) {
        Region language = learner.statistics().layout().find("language").orElseThrow();
        MemorySegment out = memory.allocate((long) language.length() * Float.BYTES, 64);
        net.predict(OneRow.of(memory, batch, 0), Map.of("language", out), null, null);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldNotAskWhenItMayNotGrow() {
        learn(NARROW);
        assertNull(verdictOnFewMoments(2 * LEAST_STEPS));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldNotAskBeforeThereIsEnoughToCompareBy() {
        learn(WIDE);
        ready = false;
        assertNull(verdictOnFewMoments(LEAST_STEPS + 1));
        ready = true;
        assertTrue(verdictOnFewMoments(LEAST_STEPS).grown());
    }

    /** Both students lose and get the same, so they can still be compared. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldGoOnWithATrialWhenTeachersDieAndJoin() {
        learn(WIDE);
        while (!progress.trying()) {
            step(progress.step() % 8);
        }
        long asked = progress.step();
        regions.snapshot().find("vision").present(false);
        terms.removeFirst();
        step(0);
        join("touch", 1, 8, Alignment.NONE);
        learner.follow(regions.snapshot());
        Region touch = learner.regions().getLast().region();
        terms.add(new StudentNet.Term(new Batch.Targets(memory, touch, BATCH), 1));
        Progress.Verdict verdict = verdictOnFewMoments(PACE.trialSteps());
        assertEquals(asked + PACE.trialSteps(), verdict.step());
        assertTrue(verdict.grown(), verdict.toString());
        assertFalse(progress.trying());
        assertEquals(
                List.of("trunk", "head/vision", "head/language", "head/touch"),
                learner.net().groups().stream().map(ParameterGroup::name).toList());
    }

    /** Else a window that began with a teacher would be compared with one that it was gone from. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldNotTakeTheReturnOfATeacherForSlowLearning() {
        learn(WIDE);
        for (int window = 0; window < 8; window++) {
            regions.snapshot().find("vision").present(window % 2 == 0);
            for (int step = 0; step < PACE.windowSteps() + PACE.windowSteps() / 2; step++) {
                step(progress.step() % 8);
            }
        }
        assertFalse(progress.trying());
        assertNull(progress.verdict());
    }

    /** Targets that nobody can know: the distance does not fall, but not for want of channels. */
    @Test
    @Tag("slow")
    @Execution(ExecutionMode.CONCURRENT)
    void shouldStaySmallWhereAWiderOneIsNoBetterAndAskLessAndLessOften() {
        learn(WIDE);
        examSeeds = new long[] {50, 51, 52, 53, 54, 55};
        List<Long> verdicts = new ArrayList<>();
        for (long seed = 100; verdicts.size() < 3; seed++) {
            step(seed);
            if (progress.refusedGrowths() > verdicts.size()) {
                verdicts.add(progress.verdict().step());
            }
            assertEquals(0, progress.growths(), () -> progress.verdict().toString());
            assertTrue(seed < 5_000, "asks too seldom: " + verdicts);
        }
        assertEquals(NARROW, learner.net().width());
        for (int i = 1; i < verdicts.size(); i++) {
            long rest = (1L << i - 1) * PACE.windowSteps();
            assertTrue(
                    verdicts.get(i) - verdicts.get(i - 1) >= LEAST_STEPS + rest,
                    verdicts.toString());
        }
    }
}
