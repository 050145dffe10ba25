package io.fluxfoam.student.checkpoint;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.replay.TargetSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Checkpoints of a student, for tests that damage them. */
public final class CheckpointFiles {
    private static final long MAGIC = 0x44555453_4D414F46L;
    private static final int HEADER_BYTES = 32;
    private static final byte[] VALUES = new byte[256];

    private CheckpointFiles() {}

    private static Checkpoint checkpoint() {
        HeatmapLayout layout = HeatmapLayout.EMPTY.append("language", 1, 6).append("vision", 4, 3);
        List<Statistics> statistics = new ArrayList<>();
        layout.regions()
                .forEach(region -> statistics.add(new Standardizer(region.dim()).statistics()));
        MemorySegment block = MemorySegment.ofArray(VALUES);
        return new Checkpoint(
                "sensor=sensor pairing=TRUE",
                7,
                1.25,
                Width.PACKAGED,
                new HeatmapStatistics(layout, statistics),
                List.of(
                        new TargetSource(Alignment.NONE, ""),
                        new TargetSource(Alignment.PICTURE, "5eed")),
                List.of(new Checkpoint.Group("trunk", 3, List.of(block, block, block, block))));
    }

    /** Saves a good one in this directory; returns its file. */
    public static Path save(Path directory) throws IOException {
        new CheckpointStore(directory).save(checkpoint());
        return directory.resolve("student.checkpoint");
    }

    /** Reads the newest whole one as a student does; what is damaged is an exception. */
    public static void load(Path directory) throws IOException {
        List<IOException> damage = new ArrayList<>();
        new CheckpointStore(directory).load(damage::add);
        if (!damage.isEmpty()) {
            throw damage.getFirst();
        }
    }

    /** What stands before the learned values. */
    public static byte[] description() {
        return checkpoint().describe();
    }

    /** Puts a file in place whose description is this one, and whose checksums are right. */
    public static void forge(Path directory, byte[] description) throws IOException {
        byte[] blocks = new byte[4 * VALUES.length];
        ByteBuffer file =
                ByteBuffer.allocate(HEADER_BYTES + description.length + blocks.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(MAGIC).putInt(3).putInt(description.length).putLong(blocks.length);
        file.put(HEADER_BYTES, description);
        file.putInt(crc(file.array(), HEADER_BYTES, file.capacity() - HEADER_BYTES));
        file.putInt(crc(file.array(), 0, HEADER_BYTES - Integer.BYTES));
        Files.write(directory.resolve("student.checkpoint"), file.array());
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
