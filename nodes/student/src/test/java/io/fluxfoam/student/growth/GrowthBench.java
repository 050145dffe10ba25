package io.fluxfoam.student.growth;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayFiles;
import io.fluxfoam.student.replay.TargetColumn;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Progress;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Students of several widths, and one that grows, on the same real moments for the same time: what
 * a foam's student had in its replay memory. What a student that may grow holds back is trained on
 * by none, and is what they are measured by. Prints figures and asserts none of them;
 * docs/LEARNING.md has the commands.
 */
@Tag("slow")
class GrowthBench {
    private static final Path REPLAY =
            Path.of(System.getProperty("replay", "/dev/shm/foam-replay"));
    private static final String ARMS = System.getProperty("arms", "0.25:0.25 0.25:1 1:1");
    private static final int SECONDS = Integer.getInteger("seconds", 180);
    private static final int EVERY_SECONDS = 15;
    private static final int ROWS = Integer.getInteger("moments", 1_600);
    private static final int BATCH = 16;
    private static final String SOURCE = "sensor=sensor pairing=TRUE";

    private final Random random = new Random(3);
    private final List<Moment> train = new ArrayList<>();
    private final List<Moment> test = new ArrayList<>();
    private MomentArena moments;
    private Learner learner;

    @Test
    void race() throws IOException {
        for (String arm : ARMS.split(" ")) {
            String[] widths = arm.split(":");
            try (Arena memory = Arena.ofShared();
                    ReplayFiles replay =
                            new ReplayFiles(
                                    REPLAY.resolve("student.replay"), SOURCE, GrowthBench::fail)) {
                run(memory, replay, Width.parse(widths[0]), Width.parse(widths[1]));
            }
        }
    }

    private static void fail(IOException e) {
        throw new UncheckedIOException(e);
    }

    private void run(Arena memory, ReplayFiles replay, Width width, Width growTo)
            throws IOException {
        moments = new MomentArena(replay, Scenery.SHAPE, ROWS);
        RegionTable regions = new RegionTable(replay, ROWS);
        join(regions, "teacher-vision", 40, 120, Alignment.PICTURE);
        join(regions, "teacher-whisper", 23, 96, Alignment.SOUND);
        join(regions, "teacher-llm", 1, 384, Alignment.NONE);
        Progress progress = new Progress();
        StudentNet first = new StudentNet(memory, 1, AdamW.DEFAULT, width);
        learner = new Learner(first, HeatmapStatistics.NONE, List.of(), progress);
        learner.follow(regions.snapshot());
        divide();
        ValidationSet heldBack = new ValidationSet(memory, learner, moments);
        Growth growth = new Growth(learner, progress, growTo, heldBack, Growth.Pace.DEFAULT);
        Batch batch = new Batch(memory, Scenery.SHAPE, BATCH);
        List<StudentNet.Term> terms = new ArrayList<>();
        for (TeacherRegion region : learner.regions()) {
            terms.add(
                    new StudentNet.Term(
                            new Batch.Targets(memory, region.region(), BATCH), region.weight()));
        }
        System.out.printf(
                Locale.ROOT,
                "width %s to %s, %d moments, %d for tests%n",
                width,
                growTo,
                train.size(),
                test.size());
        Progress.Verdict told = null;
        double seconds = 0;
        for (int next = EVERY_SECONDS; seconds < SECONDS; ) {
            long beganNs = System.nanoTime();
            draw(batch, terms);
            StudentNet.Step step = learner.net().step(batch, terms);
            progress.stepped(step.loss(), BATCH);
            growth.stepped(batch, terms, step.distance());
            seconds += (System.nanoTime() - beganNs) / 1e9;
            if (progress.verdict() != told) {
                told = progress.verdict();
                System.out.printf(Locale.ROOT, "%6.0f s  %s%n", seconds, told);
            }
            if (seconds >= next) {
                System.out.printf(
                        Locale.ROOT,
                        "%6.0f s  step %5d  width %-5s  %s%n",
                        seconds,
                        progress.step(),
                        learner.net().width(),
                        errors());
                next += EVERY_SECONDS;
            }
        }
    }

    private static void join(
            RegionTable regions, String teacher, int tokens, int dim, Alignment alignment)
            throws IOException {
        byte[] file = Files.readAllBytes(REPLAY.resolve("student.replay.targets." + teacher));
        Matcher epoch =
                Pattern.compile("epoch=(\\w*)")
                        .matcher(new String(file, 0, 1_024, StandardCharsets.ISO_8859_1));
        if (!epoch.find()) {
            throw new IOException("no replay of this teacher: " + teacher);
        }
        regions.add(
                        teacher,
                        tokens,
                        dim,
                        new TargetSource(alignment, epoch.group(1)),
                        Statistics.identity(dim))
                .present(true);
    }

    private void divide() {
        train.clear();
        test.clear();
        for (int row = 0; row < moments.rowsUsed(); row++) {
            Moment moment = moments.moment(row);
            if (moment.trainable()
                    && learner.regions().stream()
                            .allMatch(region -> region.targets().present(moment))) {
                (ValidationSet.isOne(moment.frameNumber()) ? test : train).add(moment);
            }
        }
    }

    private void copy(Moment moment, Batch batch, int row) {
        batch.window(row).copyFrom(moments.window(moment));
        batch.sound(row).copyFrom(moments.sound(moment));
        MemorySegment sight = moments.sight(moment);
        for (long i = 0; i < sight.byteSize(); i++) {
            float value = sight.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            batch.sight(row).setAtIndex(ValueLayout.JAVA_FLOAT, i, value / 64 - 2);
        }
    }

    private void draw(Batch batch, List<StudentNet.Term> terms) {
        terms.forEach(term -> term.targets().clear());
        for (int row = 0; row < BATCH; row++) {
            Moment moment = train.get(random.nextInt(train.size()));
            copy(moment, batch, row);
            for (int i = 0; i < terms.size(); i++) {
                terms.get(i).targets().include(row).copyFrom(target(i, moment));
            }
        }
    }

    /** As the head of its region is to say it now. */
    private MemorySegment target(int region, Moment moment) {
        TargetColumn column = learner.regions().get(region).targets();
        Statistics inUse = learner.statistics().statistics().get(region);
        MemorySegment values =
                MemorySegment.ofArray(column.at(moment).toArray(ValueLayout.JAVA_FLOAT));
        if (column.statistics(moment) != inUse) {
            inUse.reexpress(values, column.statistics(moment));
        }
        return values;
    }

    /**
     * Mean squared error of each region over the moments that are never trained on; 1 is what a
     * constant has.
     */
    private String errors() {
        double[] sums = new double[learner.regions().size()];
        try (Arena arena = Arena.ofConfined()) {
            Map<String, MemorySegment> said = new HashMap<>();
            for (TeacherRegion teacher : learner.regions()) {
                Region region = teacher.region();
                said.put(region.name(), arena.allocate((long) region.length() * Float.BYTES, 64));
            }
            Batch one = new Batch(arena, Scenery.SHAPE, 1);
            for (Moment moment : test) {
                copy(moment, one, 0);
                learner.net().predict(one, said, null, null);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] +=
                            error(
                                    said.get(learner.regions().get(i).region().name()),
                                    target(i, moment));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sums.length; i++) {
            String name = learner.regions().get(i).region().name();
            text.append(String.format(Locale.ROOT, "%s %.3f  ", name, sums[i] / test.size()));
        }
        return text.toString();
    }

    private static double error(MemorySegment one, MemorySegment other) {
        long count = one.byteSize() / Float.BYTES;
        double sum = 0;
        for (long i = 0; i < count; i++) {
            double difference =
                    one.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                            - other.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum += difference * difference;
        }
        return sum / count;
    }
}
