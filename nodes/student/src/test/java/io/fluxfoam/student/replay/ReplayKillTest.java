package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Statistics;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a process that does nothing but fill a replay, again and again, and looks at every byte of
 * what it leaves. Each life goes on with the replay of the one before, with other teachers.
 */
class ReplayKillTest {
    private static final long SEED = 11;
    private static final int KILLS = Integer.getInteger("kills", 3);

    @TempDir private Path directory;

    @Test
    @Timeout(300)
    void shouldOnlyEverLeaveWholeMoments() throws Exception {
        Random random = new Random(SEED);
        int checked = 0;
        int from = 0;
        for (int life = 0; life < KILLS; life++) {
            Path sign = directory.resolve("works." + life);
            try (ChildJvm child =
                    ChildJvm.start(
                            directory.resolve(life + ".log"),
                            Filler.class,
                            directory,
                            life,
                            from,
                            sign)) {
                while (!Files.exists(sign)) {
                    assertTrue(child.isAlive(), child::toString);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
                LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(60)));
                child.kill();
                assertEquals("", child.output(), "seed=" + SEED);
            }
            try (ReplayLife left = new ReplayLife(base(directory))) {
                joinAll(left, life);
                assertEquals("[]", left.troubles.toString(), "seed=" + SEED);
                int newest = check(left);
                assertTrue(newest > from, "seed=" + SEED + " newest=" + newest + " from=" + from);
                checked += count(left);
                from = newest + 2;
            }
        }
        assertTrue(checked >= KILLS * (ReplayLife.ROWS - 2), "checked=" + checked);
    }

    private static Path base(Path directory) {
        return directory.resolve("student.replay");
    }

    /** Every region that any life has had. */
    private static void joinAll(ReplayLife left, int life) {
        left.join("vision", 40, 6);
        left.join("language", 1, 12);
        for (int i = 0; i <= life; i++) {
            left.join("late" + i, 3, 5);
        }
    }

    private static int count(ReplayLife left) {
        int count = 0;
        for (int row = 0; row < left.train.rowsUsed(); row++) {
            count += left.train.moment(row).trainable() ? 1 : 0;
        }
        return count;
    }

    /** Compares all moments with what they must be; returns which is the newest. */
    private static int check(ReplayLife left) {
        MomentArena fresh =
                new MomentArena(ReplayMemory.in(Arena.ofAuto()), Scenery.SHAPE, ReplayLife.ROWS);
        int newest = -1;
        for (int row = 0; row < left.train.rowsUsed(); row++) {
            Moment moment = left.train.moment(row);
            if (moment.trainable()) {
                int n = number(moment.frameNumber());
                newest = Math.max(newest, n);
                assertEquals(n, moment.captureNs());
                Moment wanted = ReplayLife.shown(n, fresh);
                assertEquals(
                        -1, left.train.window(moment).mismatch(fresh.window(wanted)), "frame " + n);
                assertEquals(
                        -1, left.train.sight(moment).mismatch(fresh.sight(wanted)), "frame " + n);
                assertEquals(
                        -1, left.train.sound(moment).mismatch(fresh.sound(wanted)), "frame " + n);
                int targets = 0;
                for (TeacherRegion region : left.regions.snapshot().regions()) {
                    targets += checkTarget(region, moment, n) ? 1 : 0;
                }
                assertTrue(targets > 0, "frame " + n + " has no target");
            }
        }
        return newest;
    }

    private static int number(long frame) {
        long counter = FrameNumber.counter(frame);
        return (int) (counter / 3 * 2 + counter % 3);
    }

    private static boolean checkTarget(TeacherRegion region, Moment moment, int n) {
        Statistics statistics = region.targets().statistics(moment);
        if (statistics == null) {
            return false;
        }
        MemorySegment wanted = ReplayLife.features(region, n);
        MemorySegment found = MemorySegment.ofArray(new float[region.region().length()]);
        statistics.scaling().destandardize(region.targets().at(moment), found, 0);
        for (int i = 0; i < region.region().length(); i++) {
            float value = wanted.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            assertEquals(
                    value,
                    found.getAtIndex(ValueLayout.JAVA_FLOAT, i),
                    1e-3,
                    region.region() + " frame " + n);
        }
        return true;
    }

    /** Fills a replay until it is killed. */
    static final class Filler {
        private static final int SETTLED = 2 * ReplayLife.ROWS;
        private static final int LATE = 3;

        private Filler() {}

        /** Arguments: directory, life, number of the first frame, file that says that it works. */
        public static void main(String[] args) throws IOException {
            ChildJvm.endWithParent();
            int life = Integer.parseInt(args[1]);
            int from = Integer.parseInt(args[2]);
            ReplayLife student = new ReplayLife(base(Path.of(args[0])));
            student.join("vision", 40, 6);
            if (life % 2 == 0) {
                student.join("language", 1, 12);
            }
            for (int n = from; ; n++) {
                student.feed(n, n + 1);
                if (n == from + SETTLED) {
                    Files.createFile(Path.of(args[3]));
                }
                if (n == from + SETTLED + life) {
                    student.join("late" + life, 3, 5).present(false);
                }
                TeacherRegion late = student.regions.snapshot().find("late" + life);
                if (late != null && n % 2 == 0) {
                    student.target(late, n - LATE);
                }
                if (!student.troubles.isEmpty()) {
                    System.out.println(student.troubles);
                }
            }
        }
    }
}
