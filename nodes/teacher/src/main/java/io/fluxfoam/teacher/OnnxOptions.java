package io.fluxfoam.teacher;

import java.util.List;

/**
 * How to open a model. Immutable; the methods return changed copies.
 *
 * @param threads threads that share one operator; 1 means the calling thread alone
 * @param fused whether to write the graph anew first, so that the runtime can fuse more of it
 * @param innerTensors float tensors inside the graph that are to be fetched like outputs
 */
public record OnnxOptions(int threads, boolean fused, List<String> innerTensors) {
    public OnnxOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads=" + threads + " must be at least 1");
        }
        innerTensors = List.copyOf(innerTensors);
    }

    /** A model as it is. */
    public static OnnxOptions threads(int threads) {
        return new OnnxOptions(threads, false, List.of());
    }

    /**
     * With the graph written anew: for convolutional models with hard-swish activations; see {@link
     * GraphFusion}.
     */
    public OnnxOptions withFusion() {
        return new OnnxOptions(threads, true, innerTensors);
    }

    /** With these tensors inside the graph as outputs. */
    public OnnxOptions exposing(String... tensors) {
        return new OnnxOptions(threads, fused, List.of(tensors));
    }
}
