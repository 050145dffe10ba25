package io.fluxfoam.student.replay;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.net.InputShape;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A very small replay of a student, for tests that damage its files. */
public final class ReplayFixture {
    private static final int ROWS = 3;
    private static final int DIM = 3;

    private ReplayFixture() {}

    /** Leaves a good one in files whose names begin with this path. */
    public static void save(Path base) throws IOException {
        use(base, new ArrayList<>());
    }

    /** Takes it up as a student does and uses it; what does not fit is an exception. */
    public static void open(Path base) throws IOException {
        List<IOException> troubles = new ArrayList<>();
        use(base, troubles);
        if (!troubles.isEmpty()) {
            throw troubles.getFirst();
        }
    }

    private static void use(Path base, List<IOException> troubles) throws IOException {
        try (ReplayFiles files =
                new ReplayFiles(base, "sensor=sensor pairing=TRUE", troubles::add)) {
            MomentArena moments = new MomentArena(files, InputShape.of(FrameShape.STANDARD), ROWS);
            TeacherRegion region =
                    new RegionTable(files, ROWS)
                            .add(
                                    "vision",
                                    2,
                                    DIM,
                                    new TargetSource(Alignment.NONE, "5eed"),
                                    Statistics.identity(DIM));
            for (int row = 0; row < moments.rowsUsed(); row++) {
                Moment moment = moments.moment(row);
                if (moment.pinTrainable() && region.targets().statistics(moment) != null) {
                    region.statistics()
                            .reexpress(
                                    region.targets().at(moment),
                                    region.targets().statistics(moment));
                }
                moment.unpin();
            }
            MemorySegment values = MemorySegment.ofArray(new float[2 * DIM]);
            for (long frame = 1; frame <= 70; frame++) {
                Moment found = moments.find(frame);
                Moment moment = found == null ? moments.open(frame, frame, frame) : found;
                values.setAtIndex(ValueLayout.JAVA_FLOAT, frame % (2 * DIM), frame);
                region.accept(moment, values);
                if (frame % 3 != 2) {
                    moment.markTrainable();
                } else {
                    moments.release(moment);
                }
            }
        }
    }
}
