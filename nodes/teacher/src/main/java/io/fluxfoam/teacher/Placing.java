package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.Reduction;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import org.jspecify.annotations.Nullable;

/**
 * What the axes of a model's tensor are: what its user says, else what is likely. Three axes or
 * more of a model that looks at a picture are a map in the order of its input. A tensor that is too
 * large to be learned whole stands on the grid of what the model takes in, if it is such a map or
 * what a model made of sound: means over parts of it say more than one over all.
 *
 * @param aligned which grid it stands on; null if nobody said
 * @param axes what its axes are; null if nobody said
 * @param layout of the model's own pictures
 */
record Placing(@Nullable Alignment aligned, @Nullable Axes axes, Layout layout) {
    private static final int MAP_RANK = 3;

    Axes axes(Sense sense, long... shape) {
        if (axes != null) {
            return axes;
        }
        if (sense != Sense.PICTURE || shape.length < MAP_RANK) {
            return Axes.ROWS;
        }
        return layout == Layout.NCHW ? Axes.CHW : Axes.HWC;
    }

    Alignment aligned(Sense sense, long... shape) {
        if (aligned != null) {
            return aligned;
        }
        Axes as = axes(sense, shape);
        if (TensorSpec.elements(shape) <= Reduction.MOST_FLOATS) {
            return Alignment.NONE;
        }
        return switch (sense) {
            case PICTURE -> as == Axes.ROWS ? Alignment.NONE : Alignment.PICTURE;
            case SOUND -> shape.length < 2 ? Alignment.NONE : Alignment.SOUND;
            case CAPTION -> Alignment.NONE;
        };
    }
}
