package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.LanguagePlan.Learned;
import io.fluxfoam.student.net.OneRow;
import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Progress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What a student with the language core leaves behind, and who may go on with it. */
class CoreCheckpointTest {
    private static final int BATCH = 4;
    private static final Width NARROW = Width.parse("0.125");
    private static final Width GROWN = Width.parse("0.375");
    private static final Region LANGUAGE =
            HeatmapLayout.EMPTY.append("language", 1, 24).regions().getFirst();

    private final Arena memory = Arena.ofShared();
    private final SplittableRandom random = new SplittableRandom(5);
    @TempDir private Path directory;

    @AfterEach
    void free() {
        memory.close();
    }

    private static CoreOptions pooled() {
        return new CoreOptions();
    }

    /** With random weights: the model need not be there. */
    private static CoreOptions language(Learned learned, int layers) {
        return new CoreOptions(CoreOptions.Kind.LANGUAGE, layers, learned, null, true);
    }

    private static StudentSettings settings(CoreOptions core) {
        return new StudentSettings()
                .batch(BATCH)
                .replayMoments(200)
                .widths(NARROW, GROWN)
                .core(core)
                .conclude();
    }

    private Batch batch() {
        Batch batch = new Batch(memory, Scenery.SHAPE, BATCH);
        batch.readers(BATCH);
        for (int row = 0; row < BATCH; row++) {
            fill(batch.sound(row), .1);
            fill(batch.window(row), 1);
            fill(batch.sight(row), 1);
        }
        return batch;
    }

    private List<StudentNet.Term> terms() {
        Batch.Targets targets = new Batch.Targets(memory, LANGUAGE, BATCH);
        targets.clear();
        for (int row = 0; row < BATCH; row++) {
            fill(targets.include(row), 1);
        }
        return List.of(new StudentNet.Term(targets, 1));
    }

    private void fill(MemorySegment floats, double scale) {
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() * scale));
        }
    }

    private float[] prediction(StudentNet net, Batch batch) {
        MemorySegment out = memory.allocate((long) LANGUAGE.length() * Float.BYTES, 64);
        net.predict(OneRow.of(memory, batch, 0), Map.of(LANGUAGE.name(), out), null, null);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    /** A life's network, made anew of nothing but the settings. */
    private StudentNet net(StudentSettings settings, Width width) throws IOException {
        return new StudentNet(
                memory,
                settings.seed(),
                AdamW.DEFAULT,
                width,
                settings.core().plan(memory, settings.seed()),
                settings.renewal());
    }

    private StudentNet trained(StudentSettings settings, Batch batch, List<StudentNet.Term> terms)
            throws IOException {
        StudentNet net = net(settings, NARROW);
        net.addHead(LANGUAGE, Alignment.NONE);
        for (int step = 0; step < 5; step++) {
            assertTrue(net.step(batch, terms).applied());
        }
        return net;
    }

    private void save(StudentSettings settings, StudentNet net) throws IOException {
        RegionTable regions = new RegionTable(ReplayMemory.in(memory), 1);
        Standardizer known = new Standardizer(LANGUAGE.dim());
        for (int m = 0; !known.statistics().usable(); m++) {
            known.collect(Scenery.features(m, LANGUAGE.dim(), 1, 0));
        }
        regions.add(
                LANGUAGE.name(),
                LANGUAGE.tokens(),
                LANGUAGE.dim(),
                new TargetSource(Alignment.NONE, ""),
                known.statistics());
        Progress progress = new Progress();
        progress.stepped(1, BATCH);
        HeatmapStatistics statistics =
                new HeatmapStatistics(
                        HeatmapLayout.EMPTY.append("language", 1, 24), List.of(known.statistics()));
        Learner learner = new Learner(net, statistics, regions.snapshot().regions(), progress);
        new CheckpointStore(directory).save(Checkpoint.of(settings.learner(), learner, progress));
    }

    private StudentPipeline pipeline(StudentSettings settings) throws IOException {
        return new StudentPipeline(
                settings,
                new SensorCard(FrameShape.STANDARD, false),
                new CheckpointStore(directory),
                ReplayMemory.in(Arena.ofAuto()),
                e -> {});
    }

    @ParameterizedTest
    @EnumSource(Learned.class)
    void shouldGoOnToTheLastBit(Learned learned) throws IOException {
        StudentSettings settings = settings(language(learned, 1));
        Batch batch = batch();
        List<StudentNet.Term> terms = terms();
        StudentNet net = trained(settings, batch, terms);
        save(settings, net);
        Checkpoint saved = new CheckpointStore(directory).load(e -> {}).orElseThrow();
        StudentNet next = net(settings, saved.width());
        saved.restore(next);
        assertArrayEquals(prediction(net, batch), prediction(next, batch));
        for (int i = 0; i < net.groups().size(); i++) {
            ParameterGroup group = net.groups().get(i);
            ParameterGroup restored = next.groups().get(i);
            assertEquals(group.name(), restored.name());
            assertEquals(group.step(), restored.step());
            assertEquals(-1, group.values().mismatch(restored.values()), group.name());
            assertEquals(-1, group.averages().mismatch(restored.averages()), group.name());
            assertEquals(
                    -1, group.secondMoments().mismatch(restored.secondMoments()), group.name());
        }
        assertEquals(1, pipeline(settings).progress().step());
    }

    @Test
    void shouldGoOnAsWideAsItHasGrown() throws IOException {
        StudentSettings settings = settings(language(Learned.NORMS, 1));
        Batch batch = batch();
        StudentNet net = trained(settings, batch, terms()).widened(memory, GROWN);
        save(settings, net);
        assertEquals(.375, pipeline(settings).progress().width());
        Checkpoint saved = new CheckpointStore(directory).load(e -> {}).orElseThrow();
        StudentNet next = net(settings, saved.width());
        saved.restore(next);
        assertArrayEquals(prediction(net, batch), prediction(next, batch));
    }

    @Test
    void shouldBeginTheSameUnitsAnewInTheNextLife() throws IOException {
        StudentSettings settings = settings(pooled()).renewal(.01, 3);
        Batch batch = batch();
        List<StudentNet.Term> terms = terms();
        StudentNet net = trained(settings, batch, terms);
        save(settings, net);
        Checkpoint saved = new CheckpointStore(directory).load(e -> {}).orElseThrow();
        StudentNet next = net(settings, saved.width());
        saved.restore(next);
        assertEquals(-1, net.renewal().state().mismatch(next.renewal().state()));
        long before = net.renewal().renewed();
        for (int step = 0; step < 10; step++) {
            net.step(batch, terms);
            next.step(batch, terms);
        }
        assertTrue(net.renewal().renewed() > before, "renewed=" + before);
        assertEquals(net.renewal().renewed() - before, next.renewal().renewed());
        for (int i = 0; i < net.groups().size(); i++) {
            ParameterGroup group = net.groups().get(i);
            assertEquals(-1, group.values().mismatch(next.groups().get(i).values()), group.name());
        }
    }

    /** Whether units begin anew is no condition: what is known of them is left, or begins anew. */
    @Test
    void shouldGoOnWithAndWithoutUnitsThatBeginAnew() throws IOException {
        StudentSettings without = settings(pooled());
        StudentSettings with = settings(pooled()).renewal(.01, 3);
        Batch batch = batch();
        for (boolean isFirst : new boolean[] {true, false}) {
            StudentNet net = trained(isFirst ? with : without, batch, terms());
            save(without, net);
            Checkpoint saved = new CheckpointStore(directory).load(e -> {}).orElseThrow();
            assertEquals(isFirst, saved.renewal() != null);
            StudentNet next = net(isFirst ? without : with, saved.width());
            saved.restore(next);
            assertArrayEquals(prediction(net, batch), prediction(next, batch));
            assertEquals(1, pipeline(isFirst ? without : with).progress().step());
        }
    }

    private String refusal(StudentSettings settings) {
        IOException refusal = assertThrows(IOException.class, () -> pipeline(settings));
        String line = refusal.getMessage();
        assertFalse(line.contains("\n"), line);
        assertTrue(line.contains("wanted=\"" + settings.learner() + "\""), line);
        assertTrue(line.endsWith("; to begin anew, empty " + directory), line);
        return line;
    }

    @Test
    void shouldRefuseInOneLineWhatWasLearnedWithAnotherCore() throws IOException {
        StudentSettings own = settings(language(Learned.NORMS, 1));
        save(own, trained(own, batch(), terms()));
        assertTrue(refusal(settings(pooled())).contains("core=language layers=1 train=norms"));
        refusal(settings(language(Learned.NORMS, 2)));
        refusal(settings(language(Learned.ALL, 1)));
        refusal(settings(language(Learned.NORMS, 1)).seed(2));
        StudentSettings other = settings(pooled());
        save(other, trained(other, batch(), terms()));
        refusal(own);
        assertEquals(1, pipeline(settings(pooled()).seed(2)).progress().step());
    }
}
