package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Progress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** A student's next life begins with what the last one had become. */
class StudentPipelineTest {
    private static final Width NARROW = Width.parse("0.125");
    private static final Width GROWN = Width.parse("0.375");

    @TempDir private Path directory;

    private static StudentSettings settings(Width width, Width growTo) {
        return new StudentSettings()
                .batch(4)
                .replayMoments(200)
                .momentDeadlineMs(200)
                .saveEveryMs(200)
                .widths(width, growTo)
                .conclude();
    }

    private StudentPipeline body(StudentSettings settings) throws IOException {
        return new StudentPipeline(
                settings,
                new SensorCard(FrameShape.STANDARD, false),
                new CheckpointStore(directory),
                ReplayMemory.in(Arena.ofAuto()),
                e -> {});
    }

    private void save(Width width) throws IOException {
        try (Arena memory = Arena.ofShared()) {
            StudentNet net = new StudentNet(memory, 1, AdamW.DEFAULT, width);
            Progress progress = new Progress();
            progress.stepped(1, 4);
            Learner learner = new Learner(net, HeatmapStatistics.NONE, List.of(), progress);
            String source = settings(NARROW, NARROW).source();
            new CheckpointStore(directory).save(Checkpoint.of(source, learner, progress));
        }
    }

    @Test
    void shouldBeginAsWideAsItIsTold() throws IOException {
        assertEquals(.125, body(settings(NARROW, GROWN)).progress().width());
    }

    @Test
    void shouldGoOnAsWideAsItHasGrown() throws IOException {
        save(GROWN);
        Progress progress = body(settings(NARROW, GROWN)).progress();
        assertEquals(.375, progress.width());
        assertEquals(1, progress.step());
        assertTrue(progress.parameters() > 0);
    }

    /** Narrower than it is it cannot become; it only grows no more. */
    @Test
    void shouldGoOnThoughItMayBecomeNoWider() throws IOException {
        save(GROWN);
        assertEquals(.375, body(settings(NARROW, NARROW)).progress().width());
    }

    @Test
    void shouldRefuseToGrowToLess() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> settings(GROWN, NARROW));
        assertEquals("growTo=0.125 is less than width=0.375", refusal.getMessage());
    }
}
