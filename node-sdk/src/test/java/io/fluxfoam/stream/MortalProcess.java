package io.fluxfoam.stream;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with a mark of its own that lives a reader's or a writer's life and halts at a named
 * point of it, without any goodbye. Arguments: foam, name, control file to read, point.
 */
public final class MortalProcess {
    /** Exit code of a process that halted where it should. */
    public static final int HALTED = 42;

    private static final long PACE_NS = 100_000;
    private static final long LAP_TIMEOUT_NS = 20_000_000_000L;

    private MortalProcess() {}

    /**
     * All points at which such a process may be told to halt; found by living both lives to their
     * ends.
     */
    public static Set<String> points(FoamDirectory foam) throws Exception {
        Set<String> points = new LinkedHashSet<>();
        try (StreamWriter writer =
                StreamWriter.create(foam, "points", 1, spec(), Device.of("host"))) {
            Runnable lap =
                    () -> {
                        for (int i = 0; i <= spec().slots(); i++) {
                            Lives.commit(writer);
                        }
                    };
            lap.run();
            Life reader = Life.full();
            Lives.reader(reader, foam, "points.1.x.control", join(OwnerKey.of("points", 1)), lap);
            reader.bury();
            points.addAll(reader.points().keySet());
            writer.remove();
        }
        Life writer = Life.full();
        Lives.writer(writer, foam, "points", 2, spec(), new Undisturbed());
        writer.bury();
        points.addAll(writer.points().keySet());
        return points;
    }

    private static StreamSpec spec() {
        return StreamSpec.of("x", DType.I64, 64);
    }

    private static StreamReader.Join join(long owner) {
        return StreamReader.Join.newest(ReadMode.LATEST, owner);
    }

    private static class Undisturbed implements Lives.Witness {
        @Override
        public void born(StreamWriter writer) {}

        @Override
        public void between() {}
    }

    public static void main(String[] args) throws IOException {
        ChildJvm.endWithParent();
        FoamDirectory foam = FoamDirectory.open(Path.of(args[0]));
        String name = args[1];
        String point = args[3];
        Mark mark = Mark.acquire(foam, name, "victim", "host", new String[0]);
        Life life = new Life(point, 1, () -> Runtime.getRuntime().halt(HALTED));
        if (point.startsWith("reader.")) {
            Lives.reader(
                    life,
                    foam,
                    args[2],
                    join(OwnerKey.of(name, mark.incarnation())),
                    () -> awaitLap(life));
        } else {
            Lives.writer(
                    life,
                    foam,
                    name,
                    mark.incarnation(),
                    spec(),
                    new Undisturbed() {
                        @Override
                        public void between() {
                            LockSupport.parkNanos(PACE_NS);
                        }
                    });
        }
        Runtime.getRuntime().halt(0);
    }

    /** The writer is in another process and goes on by itself. */
    private static void awaitLap(Life life) {
        long from = Stamp.sequence(life.words().getAcquire(StreamDescriptor.LATEST_AT));
        long slots = life.words().getInt(StreamDescriptor.SLOTS_AT);
        long deadlineNs = System.nanoTime() + LAP_TIMEOUT_NS;
        while (Stamp.sequence(life.words().getAcquire(StreamDescriptor.LATEST_AT))
                < from + 2 * slots) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("the writer does not go on");
            }
            LockSupport.parkNanos(PACE_NS);
        }
    }
}
