package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.Reduction;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import org.jspecify.annotations.Nullable;

/**
 * What the axes of a model's tensor are: what its user says, else what is likely. Three axes or
 * more of a model that looks at a picture are a map in the order of its input, and stand on the
 * picture's columns; the mean of what a student says there is its summary. Rows of a model of sound
 * that are too many to be learned whole are time steps. All else stands on no grid.
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
        if (sense == Sense.PICTURE && hasColumns(shape)) {
            return Alignment.PICTURE;
        }
        return sense == Sense.SOUND && hasManySteps(shape) ? Alignment.SOUND : Alignment.NONE;
    }

    private boolean hasColumns(long... shape) {
        return switch (axes(Sense.PICTURE, shape)) {
            case CHW -> shape[shape.length - 1] > 1;
            case HWC -> shape.length > 1 && shape[shape.length - 2] > 1;
            case ROWS -> false;
        };
    }

    private static boolean hasManySteps(long... shape) {
        return shape.length > 1 && TensorSpec.elements(shape) > Reduction.MOST_FLOATS;
    }
}
