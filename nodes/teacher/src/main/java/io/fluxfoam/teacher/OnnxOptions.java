package io.fluxfoam.teacher;

import java.util.List;

/**
 * How to open a model. Immutable; the methods return changed copies.
 *
 * @param threads threads that share one operator; 1 means the calling thread alone
 * @param fused whether to write the graph anew first, so that the runtime can fuse more of it
 * @param innerTensors tensors inside the graph that are to be fetched like outputs
 * @param converted tensors, inner ones or outputs, that are to be fetched as f32, by the name of
 *     {@link GraphOutputs#converted}
 */
public record OnnxOptions(
        int threads, boolean fused, List<String> innerTensors, List<String> converted) {
    public OnnxOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads=" + threads + " must be at least 1");
        }
        innerTensors = List.copyOf(innerTensors);
        converted = List.copyOf(converted);
    }

    /** A model as it is. */
    public static OnnxOptions threads(int threads) {
        return new OnnxOptions(threads, false, List.of(), List.of());
    }

    /**
     * With the graph written anew: for convolutional models with hard-swish activations; see {@link
     * GraphFusion}.
     */
    public OnnxOptions withFusion() {
        return new OnnxOptions(threads, true, innerTensors, converted);
    }

    /** With these tensors inside the graph as outputs. */
    public OnnxOptions exposing(String... tensors) {
        return new OnnxOptions(threads, fused, List.of(tensors), converted);
    }

    /** With these tensors as f32. */
    public OnnxOptions converting(String... tensors) {
        return new OnnxOptions(threads, fused, innerTensors, List.of(tensors));
    }

    /** Whether the model is taken as it stands in its file. */
    boolean isPlain() {
        return !fused && innerTensors.isEmpty() && converted.isEmpty();
    }
}
