package io.fluxfoam.student.net;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

import java.util.Map;

/**
 * The parameters and buffers of a group by their names, as layers use them: as they are learned, or
 * averaged over the newest steps.
 */
record TensorView(Map<String, Tensor> tensors) {
    /** A parameter or buffer. */
    Tensor tensor(String name) {
        return tensors.get(name);
    }

    /** The same as libtorch wants what may be absent. */
    TensorOptional optional(String name) {
        return new TensorOptional(tensors.get(name));
    }
}
