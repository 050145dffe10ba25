package io.fluxfoam.student.net;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * The parameters and buffers of a group by their names, as layers use them: as they are learned, or
 * averaged over the newest steps.
 *
 * @param watcher is shown what units do in training; null for none
 */
record TensorView(Map<String, Tensor> tensors, @Nullable UnitRenewal watcher) {
    TensorView(Map<String, Tensor> tensors) {
        this(tensors, null);
    }

    /** Shows what the units behind a layer made of a batch that is learned from. */
    void made(String layer, Tensor activity) {
        if (watcher != null) {
            watcher.see(layer, activity);
        }
    }

    /** A parameter or buffer. */
    Tensor tensor(String name) {
        return tensors.get(name);
    }

    /** The same as libtorch wants what may be absent. */
    TensorOptional optional(String name) {
        return new TensorOptional(tensors.get(name));
    }
}
