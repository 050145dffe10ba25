package io.fluxfoam.student.net;

import org.bytedeco.pytorch.Tensor;

import java.util.List;

/** Makes features of the whole of a frame of what the trunks have sensed. */
interface Core {
    /**
     * The features of each {@link View}, {@code [batch, channels]}, in their order: the trunks,
     * which cost most, look once, and every frame teaches all three.
     */
    List<Tensor> views(Senses senses, boolean training);
}
