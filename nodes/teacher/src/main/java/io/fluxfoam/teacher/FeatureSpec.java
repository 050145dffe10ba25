package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;

/**
 * What a teacher makes of a sample, known before its models are loaded.
 *
 * @param sense what it looks at
 * @param shape of its features, f32; the largest, where it depends on the sample's
 * @param aligned which of a student's grids the tokens of its features stand on
 * @param axes what the axes of its features are
 * @param identity all that decides what it makes of a sample, but for the shape of its features:
 *     weights and preprocessing, in any words. Two teachers of one name with other words are two
 *     teachers to a student
 * @param scaleKnown whether the tails of its features were looked at and need no bound
 */
public record FeatureSpec(
        Sense sense,
        long[] shape,
        Alignment aligned,
        Axes axes,
        String identity,
        boolean scaleKnown) {}
