package io.fluxfoam.student.net;

import io.fluxfoam.distill.Width;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Builds a {@link LanguageCore}. What of the language model is not learned is shared by all
 * networks of the student and stands in no checkpoint: it is read again.
 */
public final class LanguagePlan implements CorePlan {
    private final LanguageModel model;
    private final Learned learned;
    private final Map<String, Tensor> frozen = new HashMap<>();

    /** What of the language model is learned on. */
    public enum Learned {
        FROZEN(0),
        NORMS(.5),
        ALL(.05);

        private final double rate;

        Learned(double rate) {
            this.rate = rate;
        }

        private boolean has(String weight) {
            return this == ALL || this == NORMS && isNorm(weight);
        }

        private static boolean isNorm(String weight) {
            return weight.endsWith(".gain")
                    || weight.matches("(first|\\d+\\.(attended|done))\\.bias");
        }
    }

    /**
     * A core with these layers.
     *
     * @param arena what is not learned lives in; must outlive all networks
     */
    public LanguagePlan(LanguageModel model, Learned learned, Arena arena) {
        Torch.load();
        this.model = model;
        this.learned = learned;
        try (var _ = new PointerScope()) {
            model.weights()
                    .forEach((name, values) -> {
                        if (!learned.has(name)) {
                            Tensor tensor =
                                    Torch.floats(
                                            copy(values, arena),
                                            LanguageModel.shape(name, values.length));
                            tensor.retainReference();
                            frozen.put(name, tensor);
                        }
                    });
        }
    }

    private static MemorySegment copy(float[] values, Arena arena) {
        MemorySegment memory = arena.allocate((long) values.length * Float.BYTES, 64);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
        return memory;
    }

    @Override
    public long channels(Width width) {
        return LanguageModel.WIDTH;
    }

    @Override
    public void declare(ParameterGroup.Builder trunk, Width width) {
        LanguageCore.declare(trunk, width);
    }

    @Override
    public @Nullable ParameterGroup ownGroup(Arena arena, long seed) {
        if (learned == Learned.FROZEN) {
            return null;
        }
        ParameterGroup.Builder builder = new ParameterGroup.Builder("core").rate(learned.rate);
        model.weights()
                .forEach((name, values) -> {
                    if (learned.has(name)) {
                        builder.parameter(
                                name,
                                (into, _) ->
                                        MemorySegment.copy(
                                                values,
                                                0,
                                                into,
                                                ValueLayout.JAVA_FLOAT,
                                                0,
                                                values.length),
                                LanguageModel.shape(name, values.length));
                    }
                });
        return builder.build(arena, seed);
    }

    @Override
    public Core over(TensorView trunk, @Nullable TensorView own) {
        Map<String, Tensor> weights = new HashMap<>(frozen);
        if (own != null) {
            weights.putAll(own.tensors());
        }
        return new LanguageCore(trunk, new TensorView(weights), model.layers());
    }
}
