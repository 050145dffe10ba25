package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.Reduction;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import org.jspecify.annotations.Nullable;

/**
 * What the axes of a model's tensor are: what its user says, else what is likely. Three axes or
 * more of a model that looks at a picture are a map in the order of its input. Rows of a model of
 * sound that are too many to be learned whole are time steps. Nothing is taken to stand on the
 * picture's columns: what does is said from a student's sharp window alone, which is grey and low,
 * and a model that looks at the whole picture is not learned from there.
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
        boolean isSteps =
                sense == Sense.SOUND
                        && shape.length > 1
                        && TensorSpec.elements(shape) > Reduction.MOST_FLOATS;
        return isSteps ? Alignment.SOUND : Alignment.NONE;
    }
}
