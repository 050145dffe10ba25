package io.fluxfoam.student.checkpoint;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.net.UnitRenewal;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Progress;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a student needs to go on after its death: everything learned, and how its heads speak. Not
 * the replay: that outlives the process by itself, and fills again from the streams if it is gone.
 *
 * @param source what the student learns from: sensor and pairing
 * @param step steps taken
 * @param loss moving average of the loss
 * @param width of the network
 * @param statistics regions and statistics of the heads
 * @param targetSources of the regions, in the layout's order
 * @param groups learned values of trunk and heads
 * @param renewal what is known of units that may begin anew; null if they may not
 */
public record Checkpoint(
        String source,
        long step,
        double loss,
        Width width,
        HeatmapStatistics statistics,
        List<TargetSource> targetSources,
        List<Group> groups,
        @Nullable MemorySegment renewal) {
    private static final int BLOCKS = 5;

    /** Of a student whose units do not begin anew. */
    public Checkpoint(
            String source,
            long step,
            double loss,
            Width width,
            HeatmapStatistics statistics,
            List<TargetSource> targetSources,
            List<Group> groups) {
        this(source, step, loss, width, statistics, targetSources, groups, null);
    }

    /**
     * State of one parameter group.
     *
     * @param name of the group
     * @param step updates it has had
     * @param blocks values, first moments, second moments, buffers, averages, and of weights that
     *     resist what is remembered of them; the network's own memory, or a file's content
     */
    public record Group(String name, long step, List<MemorySegment> blocks) {
        private static final int FRICTION = 5;
        private static final int FRICTION_PARTS = 3;

        /** How many values are learned. */
        public long parameters() {
            return blocks.getFirst().byteSize() / Float.BYTES;
        }

        /**
         * How warm its weights are in the mean, 1 hot, 0 cold; empty if they were not made to
         * resist.
         */
        public OptionalDouble temperature() {
            if (blocks.size() <= FRICTION) {
                return OptionalDouble.empty();
            }
            long count = parameters();
            MemorySegment all = blocks.get(FRICTION);
            long from = (FRICTION_PARTS - 1) * count;
            double sum = 0;
            for (long i = 0; i < count; i++) {
                sum += all.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (from + i) * Float.BYTES);
            }
            return OptionalDouble.of(sum / count);
        }
    }

    /**
     * The state of a network as it is now; looks at the network's own memory, so it must be used
     * before the next step.
     */
    public static Checkpoint of(String source, Learner learner, Progress progress) {
        List<TargetSource> targetSources =
                learner.regions().stream().map(TeacherRegion::targetSource).toList();
        List<Group> groups = new ArrayList<>();
        for (ParameterGroup group : learner.net().groups()) {
            groups.add(new Group(group.name(), group.step(), blocks(group)));
        }
        UnitRenewal renewal = learner.net().renewal();
        return new Checkpoint(
                source,
                progress.step(),
                progress.loss(),
                learner.net().width(),
                learner.statistics(),
                targetSources,
                groups,
                renewal == null ? null : renewal.state());
    }

    private static List<MemorySegment> blocks(ParameterGroup group) {
        List<MemorySegment> blocks =
                new ArrayList<>(
                        List.of(
                                group.values(),
                                group.firstMoments(),
                                group.secondMoments(),
                                group.buffers(),
                                group.averages()));
        if (group.frictionBlock() != null) {
            blocks.add(group.frictionBlock());
        }
        return blocks;
    }

    /**
     * Checks that it is of a student that learns from the same.
     *
     * @throws IOException if it is not: what was learned from other pairs must not be mixed in
     */
    public void requireSource(String wanted) throws IOException {
        if (!source.equals(wanted)) {
            throw new IOException(
                    "checkpoint is of a student that learned from other moments: has=\""
                            + source.replaceAll("\\p{Cntrl}", "?")
                            + "\" wanted=\""
                            + wanted
                            + "\"");
        }
    }

    /**
     * Gives an untrained network the heads and the learned values of this state. Units that may
     * begin anew are as old as they were, or young if it knows nothing of them.
     *
     * @throws IOException if the network has another structure
     */
    public void restore(StudentNet net) throws IOException {
        for (int i = 0; i < targetSources.size(); i++) {
            net.addHead(statistics.layout().regions().get(i), targetSources.get(i).alignment());
        }
        List<ParameterGroup> own = net.groups();
        if (own.size() != groups.size()) {
            throw new IOException(
                    "checkpoint has groups=" + groups.size() + ", the network " + own.size());
        }
        for (int i = 0; i < own.size(); i++) {
            restore(groups.get(i), own.get(i));
        }
        if (renewal != null && net.renewal() != null) {
            MemorySegment into = net.renewal().state();
            if (renewal.byteSize() != into.byteSize()) {
                throw new IOException(
                        "checkpoint has renewal bytes="
                                + renewal.byteSize()
                                + ", the network "
                                + into.byteSize());
            }
            into.copyFrom(renewal);
        }
    }

    private static void restore(Group saved, ParameterGroup group) throws IOException {
        List<MemorySegment> into = blocks(group);
        if (saved.blocks().size() != into.size()) {
            throw new IOException(
                    "checkpoint has "
                            + saved.name()
                            + " blocks="
                            + saved.blocks().size()
                            + ", the network "
                            + into.size());
        }
        for (int b = 0; b < into.size(); b++) {
            long savedBytes = saved.blocks().get(b).byteSize();
            if (!saved.name().equals(group.name()) || savedBytes != into.get(b).byteSize()) {
                throw new IOException(
                        "checkpoint has "
                                + saved.name()
                                + " block "
                                + b
                                + " bytes="
                                + savedBytes
                                + ", the network "
                                + group.name()
                                + " bytes="
                                + into.get(b).byteSize());
            }
            into.get(b).copyFrom(saved.blocks().get(b));
        }
        group.step(saved.step());
    }

    /** Everything but the blocks, as {@link DataOutputStream} writes it: big-endian. */
    byte[] describe() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(source);
            out.writeLong(step);
            out.writeDouble(loss);
            out.writeInt(width.eighths());
            out.writeInt(statistics.layout().version());
            out.writeUTF(statistics.layout().text());
            for (int i = 0; i < targetSources.size(); i++) {
                out.writeUTF(targetSources.get(i).alignment().name());
                out.writeUTF(targetSources.get(i).epoch());
                out.write(bytes(statistics.statistics().get(i)));
            }
            // A negative count says that each has a sixth block: else all is as it was before
            // those.
            boolean resists = !groups.isEmpty() && groups.getFirst().blocks().size() > BLOCKS;
            out.writeInt(resists ? -groups.size() : groups.size());
            for (Group group : groups) {
                out.writeUTF(group.name());
                out.writeLong(group.step());
                for (MemorySegment block : group.blocks()) {
                    out.writeLong(block.byteSize());
                }
            }
            if (renewal != null) { // where it ends here, it is as it was before there were any
                out.writeLong(renewal.byteSize());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(Statistics statistics) {
        ByteBuffer bytes = ByteBuffer.allocate(Statistics.bytes(statistics.dim()));
        statistics.writeTo(bytes);
        return bytes.array();
    }

    /** All blocks in the order of the description. */
    List<MemorySegment> blocks() {
        Stream<MemorySegment> learned = groups.stream().flatMap(group -> group.blocks().stream());
        return Stream.concat(learned, Stream.ofNullable(renewal)).toList();
    }

    /**
     * Reads back a state.
     *
     * @param description what {@link #describe} made
     * @param content all blocks, one behind the other; the state refers to them
     */
    static Checkpoint read(byte[] description, MemorySegment content) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(description))) {
            String source = in.readUTF();
            long step = in.readLong();
            double loss = in.readDouble();
            Width width = new Width(in.readInt());
            HeatmapLayout layout = HeatmapLayout.parse(in.readInt(), in.readUTF());
            List<TargetSource> targetSources = new ArrayList<>();
            List<Statistics> statistics = new ArrayList<>();
            for (Region region : layout.regions()) {
                targetSources.add(new TargetSource(Alignment.valueOf(in.readUTF()), in.readUTF()));
                byte[] known = in.readNBytes(Statistics.bytes(region.dim()));
                statistics.add(Statistics.readFrom(ByteBuffer.wrap(known)));
                if (statistics.getLast().dim() != region.dim()) {
                    throw new IOException(
                            "statistics dim="
                                    + statistics.getLast().dim()
                                    + " for region "
                                    + region);
                }
            }
            List<Group> groups = new ArrayList<>();
            long offset = 0;
            int count = in.readInt();
            int blocksEach = count < 0 ? BLOCKS + 1 : BLOCKS;
            for (int g = Math.absExact(count); g > 0; g--) {
                String name = in.readUTF();
                long groupStep = in.readLong();
                List<MemorySegment> blocks = new ArrayList<>();
                for (int b = 0; b < blocksEach; b++) {
                    long bytes = in.readLong();
                    blocks.add(content.asSlice(offset, bytes));
                    offset += bytes;
                }
                groups.add(new Group(name, groupStep, blocks));
            }
            MemorySegment renewal =
                    in.available() > 0 ? content.asSlice(offset, in.readLong()) : null;
            return new Checkpoint(
                    source,
                    step,
                    loss,
                    width,
                    new HeatmapStatistics(layout, statistics),
                    targetSources,
                    groups,
                    renewal);
        } catch (EOFException
                | UTFDataFormatException
                | IllegalArgumentException
                | ArithmeticException
                | IndexOutOfBoundsException e) {
            throw new IOException("it makes no sense: " + e, e);
        }
    }
}
