package io.fluxfoam.student.net;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Parameters that learn together: the trunk is one group, each head another. A group that took no
 * part in a loss is left exactly as it was, its optimizer state included.
 *
 * <p>What is learned lives in six flat blocks of floats of our own, in the order the parameters
 * were declared. libtorch sees views of them, so that the optimizer works on whole blocks and the
 * checkpoint is a plain loop over memory:
 *
 * <pre>
 *   values        | a0 ........ | a1.w ..... | a1.gain | a1.bias | ...
 *   gradients     | the same order; libtorch's backward pass adds here
 *   firstMoments  | the same order; AdamW's running mean of the gradients
 *   secondMoments | the same order; AdamW's running mean of their squares
 *   buffers       | running means and variances of the batch normalisations
 *   averages      | values, then buffers, averaged over the newest updates; predictions are made of these
 * </pre>
 *
 * <p>A group whose weights resist has a seventh, {@link Friction}.
 */
public final class ParameterGroup {
    /** How much of the averages an update leaves, once there were many. */
    private static final double AVERAGED = .995;

    private final String name;
    private final double rate;
    private final List<Declared> parameters;
    private final List<Declared> statistics;
    private final MemorySegment values;
    private final MemorySegment gradients;
    private final MemorySegment firstMoments;
    private final MemorySegment secondMoments;
    private final MemorySegment buffers;
    private final MemorySegment averages;
    private final Tensor flatValues;
    private final Tensor flatBuffers;
    private final Tensor flatAverages;
    private final Tensor flatAverageBuffers;
    private final Tensor flatGradients;
    private final Tensor flatFirstMoments;
    private final Tensor flatSecondMoments;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, Tensor> averaged = new HashMap<>();
    private final Map<String, MemorySegment> segments = new HashMap<>();
    private final Arena arena;
    private Friction friction;
    private @Nullable UnitRenewal watcher;
    private long step;

    private ParameterGroup(Builder builder, Arena arena, long seed) {
        this.arena = arena;
        name = builder.name;
        rate = builder.rate;
        parameters = List.copyOf(builder.parameters);
        statistics = List.copyOf(builder.buffers);
        long valueBytes = builder.parameters.stream().mapToLong(Declared::bytes).sum();
        values = arena.allocate(valueBytes, 64);
        gradients = arena.allocate(valueBytes, 64);
        firstMoments = arena.allocate(valueBytes, 64);
        secondMoments = arena.allocate(valueBytes, 64);
        buffers = arena.allocate(builder.buffers.stream().mapToLong(Declared::bytes).sum(), 64);
        averages = arena.allocate(valueBytes + buffers.byteSize(), 64);
        flatValues = flat(values);
        flatBuffers = flat(buffers);
        flatAverages = flat(averages.asSlice(0, valueBytes));
        flatAverageBuffers = flat(averages.asSlice(valueBytes));
        flatGradients = flat(gradients);
        flatFirstMoments = flat(firstMoments);
        flatSecondMoments = flat(secondMoments);
        long offset = 0;
        for (Declared declared : builder.parameters) {
            Tensor tensor = view(values, offset, declared, seed).set_requires_grad(true);
            Tensor gradient = Torch.floats(gradients.asSlice(offset), declared.shape);
            tensor.mutable_grad().put(gradient);
            tensor.retainReference();
            tensors.put(declared.name, tensor);
            averaged.put(declared.name, average(offset, declared));
            offset += declared.bytes();
        }
        offset = 0;
        for (Declared declared : builder.buffers) {
            Tensor tensor = view(buffers, offset, declared, seed);
            tensor.retainReference();
            tensors.put(declared.name, tensor);
            averaged.put(declared.name, average(valueBytes + offset, declared));
            offset += declared.bytes();
        }
        beginAverages();
    }

    private Tensor average(long offset, Declared declared) {
        Tensor tensor = Torch.floats(averages.asSlice(offset), declared.shape);
        tensor.retainReference();
        return tensor;
    }

    /** What was never updated is its own average. */
    private void beginAverages() {
        MemorySegment.copy(values, 0, averages, 0, values.byteSize());
        MemorySegment.copy(buffers, 0, averages, values.byteSize(), buffers.byteSize());
    }

    /** Takes the values after an update into the averages. */
    void average() {
        double share = Math.max(1 - AVERAGED, 9 / (step + 10.0));
        flatAverages.lerp_(flatValues, new Scalar(share));
        flatAverageBuffers.lerp_(flatBuffers, new Scalar(share));
    }

    /** From now on who learns from it shows this what its units make of a batch. */
    void watch(UnitRenewal renewal) {
        watcher = renewal;
    }

    /** As they are learned. */
    TensorView learned() {
        return new TensorView(tensors, watcher);
    }

    /** Averaged over the newest updates. */
    TensorView averaged() {
        return new TensorView(averaged);
    }

    private static Tensor flat(MemorySegment block) {
        Tensor flat = Torch.floats(block, block.byteSize() / Float.BYTES);
        flat.retainReference();
        return flat;
    }

    private Tensor view(MemorySegment block, long offset, Declared declared, long seed) {
        MemorySegment segment = block.asSlice(offset, declared.bytes());
        segments.put(declared.name, segment);
        long ownSeed = seed ^ (name + '/' + declared.name).hashCode() * 0x9E3779B97F4A7C15L;
        declared.initializer.fill(segment, new SplittableRandom(ownSeed));
        return Torch.floats(segment, declared.shape);
    }

    /** Name of the group: "trunk", or "head/" and the teacher's name. */
    public String name() {
        return name;
    }

    /** How fast it learns, as a multiple of the optimizer's rate. */
    double rate() {
        return rate;
    }

    /** The learned values. */
    public MemorySegment values() {
        return values;
    }

    /** The gradients of the last backward pass, until the optimizer has used them. */
    public MemorySegment gradients() {
        return gradients;
    }

    /** The optimizer's running mean of the gradients. */
    public MemorySegment firstMoments() {
        return firstMoments;
    }

    /** The optimizer's running mean of the squared gradients. */
    public MemorySegment secondMoments() {
        return secondMoments;
    }

    /** Running statistics of the batch normalisations. */
    public MemorySegment buffers() {
        return buffers;
    }

    /** Values, then buffers, averaged over the newest updates. */
    public MemorySegment averages() {
        return averages;
    }

    /** The optimizer's view of all values; like the other three it knows nothing of gradients. */
    Tensor flatValues() {
        return flatValues;
    }

    /** The optimizer's view of all gradients. */
    Tensor flatGradients() {
        return flatGradients;
    }

    /** The optimizer's view of all first moments. */
    Tensor flatFirstMoments() {
        return flatFirstMoments;
    }

    /** The optimizer's view of all second moments. */
    Tensor flatSecondMoments() {
        return flatSecondMoments;
    }

    /**
     * What a viscous optimizer remembers of each value: {@code up}, {@code down}, {@code
     * temperature}, in this order; at first nothing, and hot.
     *
     * @param block all three
     * @param up how far it was pushed up
     * @param down how far it was pushed down
     * @param temperature 1 is fluid
     * @param matrices 1 where a value is a weight, 0 where it is a gain or a bias
     */
    record Friction(
            MemorySegment block, Tensor up, Tensor down, Tensor temperature, Tensor matrices) {}

    /** Makes its weights able to resist; once is enough. */
    void resist() {
        if (friction != null) {
            return;
        }
        long bytes = values.byteSize();
        MemorySegment block = arena.allocate(3 * bytes, 64);
        MemorySegment matrices = arena.allocate(bytes, 64);
        Initializer.constant(1).fill(block.asSlice(2 * bytes), null);
        long offset = 0;
        for (Declared declared : parameters) {
            float share = declared.shape.length > 1 ? 1 : 0;
            Initializer.constant(share).fill(matrices.asSlice(offset, declared.bytes()), null);
            offset += declared.bytes();
        }
        try (var _ = new PointerScope()) {
            friction =
                    new Friction(
                            block,
                            flat(block.asSlice(0, bytes)),
                            flat(block.asSlice(bytes, bytes)),
                            flat(block.asSlice(2 * bytes, bytes)),
                            flat(matrices));
        }
    }

    /** The optimizer's memory of resistance. */
    Friction friction() {
        resist();
        return friction;
    }

    /** The bytes of what a viscous optimizer remembers; null if the weights do not resist. */
    public MemorySegment frictionBlock() {
        return friction == null ? null : friction.block;
    }

    /** How many updates this group has had. */
    public long step() {
        return step;
    }

    /** Sets the number of updates, as a checkpoint knows it. */
    public void step(long step) {
        this.step = step;
    }

    /** Number of parameters. */
    public long parameterCount() {
        return values.byteSize() / Float.BYTES;
    }

    /**
     * Takes over all that a narrower group of the same layers has learned, so that this one
     * computes the same; its optimizer goes on where the other's is.
     */
    void takeOver(ParameterGroup narrower) {
        long from = 0;
        long to = 0;
        for (int i = 0; i < parameters.size(); i++) {
            Declared old = narrower.parameters.get(i);
            Declared own = parameters.get(i);
            WidenedWeights transplant =
                    new WidenedWeights(old.shape, old.parts, own.shape, own.parts);
            transplant.values(
                    narrower.values.asSlice(from, old.bytes()), values.asSlice(to, own.bytes()));
            transplant.firstMoments(
                    narrower.firstMoments.asSlice(from, old.bytes()),
                    firstMoments.asSlice(to, own.bytes()));
            transplant.secondMoments(
                    narrower.secondMoments.asSlice(from, old.bytes()),
                    secondMoments.asSlice(to, own.bytes()));
            from += old.bytes();
            to += own.bytes();
        }
        for (Declared buffer : statistics) {
            MemorySegment old = narrower.segment(buffer.name);
            segment(buffer.name).copyFrom(old); // of new channels nothing is known yet
        }
        takeOverAverages(narrower);
        if (narrower.friction != null) {
            resist();
            takeOverFriction(narrower);
        }
        step = narrower.step;
    }

    private void takeOverAverages(ParameterGroup narrower) {
        beginAverages();
        long from = 0;
        long to = 0;
        for (int i = 0; i < parameters.size(); i++) {
            Declared old = narrower.parameters.get(i);
            Declared own = parameters.get(i);
            new WidenedWeights(old.shape, old.parts, own.shape, own.parts)
                    .values(
                            narrower.averages.asSlice(from, old.bytes()),
                            averages.asSlice(to, own.bytes()));
            from += old.bytes();
            to += own.bytes();
        }
        for (int i = 0; i < statistics.size(); i++) {
            Declared old = narrower.statistics.get(i);
            averages.asSlice(to, old.bytes())
                    .copyFrom(narrower.averages.asSlice(from, old.bytes()));
            from += old.bytes();
            to += statistics.get(i).bytes();
        }
    }

    /** What is new was never pushed, and is hot. */
    private void takeOverFriction(ParameterGroup narrower) {
        for (int memory = 0; memory < 3; memory++) {
            long from = memory * narrower.values.byteSize();
            long to = memory * values.byteSize();
            for (int i = 0; i < parameters.size(); i++) {
                Declared old = narrower.parameters.get(i);
                Declared own = parameters.get(i);
                new WidenedWeights(old.shape, old.parts, own.shape, own.parts)
                        .copy(
                                narrower.friction.block.asSlice(from, old.bytes()),
                                friction.block.asSlice(to, own.bytes()));
                from += old.bytes();
                to += own.bytes();
            }
        }
    }

    /** Sets all gradients to zero. */
    void clearGradients() {
        gradients.fill((byte) 0);
    }

    /** The memory of a parameter or buffer. */
    MemorySegment segment(String parameter) {
        return segments.get(parameter);
    }

    /** Whether there is such a parameter or buffer. */
    boolean has(String parameter) {
        return segments.containsKey(parameter);
    }

    /**
     * Where a parameter or buffer is, and how it begins.
     *
     * @param isLearned whether it is a parameter
     * @param offset of its first byte among all values, or among all buffers
     * @param parts extents of the inputs that lie side by side along the second axis
     */
    record Place(
            boolean isLearned, long offset, long[] shape, long[] parts, Initializer initializer) {}

    /** Where a parameter or buffer is. */
    Place place(String parameter) {
        MemorySegment segment = segments.get(parameter);
        boolean isLearned = parameters.stream().anyMatch(one -> one.name.equals(parameter));
        Declared declared =
                (isLearned ? parameters : statistics)
                        .stream()
                                .filter(one -> one.name.equals(parameter))
                                .findFirst()
                                .orElseThrow();
        long base = (isLearned ? values : buffers).address();
        return new Place(
                isLearned,
                segment.address() - base,
                declared.shape,
                declared.parts,
                declared.initializer);
    }

    /** Parts: extents of the inputs that lie side by side along the second axis. */
    private record Declared(String name, long[] shape, long[] parts, Initializer initializer) {
        private Declared(String name, long[] shape, Initializer initializer) {
            this(name, shape, shape.length > 1 ? new long[] {shape[1]} : new long[0], initializer);
        }

        long bytes() {
            long bytes = Float.BYTES;
            for (long extent : shape) {
                bytes *= extent;
            }
            return bytes;
        }
    }

    /** Declares the parameters of a group, then makes it. */
    static final class Builder {
        private final String name;
        private final List<Declared> parameters = new ArrayList<>();
        private final List<Declared> buffers = new ArrayList<>();
        private double rate = 1;

        Builder(String name) {
            this.name = name;
        }

        /** Learns at this multiple of the optimizer's rate. */
        Builder rate(double multiple) {
            rate = multiple;
            return this;
        }

        /** A learned parameter. */
        Builder parameter(String parameter, Initializer initializer, long... shape) {
            parameters.add(new Declared(parameter, shape, initializer));
            return this;
        }

        /** Gain, bias and running statistics of a batch normalisation. */
        Builder batchNorm(String layer, long channels) {
            parameter(layer + ".gain", Initializer.constant(1), channels);
            parameter(layer + ".shift", Initializer.constant(0), channels);
            buffers.add(
                    new Declared(layer + ".mean", new long[] {channels}, Initializer.constant(0)));
            buffers.add(
                    new Declared(
                            layer + ".variance", new long[] {channels}, Initializer.constant(1)));
            return this;
        }

        /** A convolution without bias, followed by a batch normalisation. */
        Builder convolution(String layer, long... shape) {
            parameter(layer, Initializer.normal(Math.sqrt(2.0 / fanIn(shape))), shape);
            return batchNorm(layer, shape[0]);
        }

        /** A linear map with bias. */
        Builder linear(String layer, double gain, long... shape) {
            parameter(layer, Initializer.normal(gain / Math.sqrt(fanIn(shape))), shape);
            return parameter(layer + ".bias", Initializer.constant(0), shape[0]);
        }

        /**
         * A linear map, of one place or of each of many, with bias; of several inputs, one behind
         * the other.
         */
        Builder joining(String layer, double gain, long outputs, long... inputs) {
            long[] shape = {outputs, LongStream.of(inputs).sum()};
            Initializer initializer = Initializer.normal(gain / Math.sqrt(fanIn(shape)));
            parameters.add(new Declared(layer, shape, inputs, initializer));
            return parameter(layer + ".bias", Initializer.constant(0), outputs);
        }

        /** Allocates and initialises the group; its memory lives as long as the arena. */
        ParameterGroup build(Arena arena, long seed) {
            Torch.load();
            try (var _ = new PointerScope()) {
                return new ParameterGroup(this, arena, seed);
            }
        }

        private static long fanIn(long[] shape) {
            long fanIn = 1;
            for (int i = 1; i < shape.length; i++) {
                fanIn *= shape[i];
            }
            return fanIn;
        }
    }
}
