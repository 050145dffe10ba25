package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.zeros;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** What a language model's layers make of some tokens. */
public final class LayersOf {
    private LayersOf() {}

    /** Of {@code x [tokens, width]}; of tokens that are not there nothing is looked at. */
    public static float[] model(Arena arena, LanguageModel model, float[] x, boolean[] there) {
        Torch.load();
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Map<String, Tensor> weights = new HashMap<>();
            model.weights()
                    .forEach((name, values) ->
                            weights.put(
                                    name,
                                    Torch.floats(
                                            memory(arena, values),
                                            LanguageModel.shape(name, values.length))));
            Tensor y = Torch.floats(memory(arena, x), 1, there.length, LanguageModel.WIDTH);
            Tensor mask = zeros(1, 1, 1, there.length);
            float[] added = new float[there.length];
            for (int i = 0; i < there.length; i++) {
                added[i] = there[i] ? 0 : -1e4f;
            }
            mask.copy_(Torch.floats(memory(arena, added), 1, 1, 1, there.length));
            for (int n = 0; n < model.layers(); n++) {
                y = new TransformerLayer(new TensorView(weights), n).apply(y, mask);
            }
            MemorySegment out = arena.allocate((long) x.length * Float.BYTES, 64);
            Torch.floats(out, y.shape()).copy_(y);
            return out.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private static MemorySegment memory(Arena arena, float[] values) {
        MemorySegment memory = arena.allocate((long) values.length * Float.BYTES, 64);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
        return memory;
    }
}
