package io.fluxfoam.student.replay;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.TeacherCard;

/**
 * What a region's statistics, head and targets were made for. They are of no use for anything else.
 *
 * @param alignment which grid the tokens stand on
 * @param epoch of the teacher; empty if it does not say
 */
public record TargetSource(Alignment alignment, String epoch) {
    public static TargetSource of(TeacherCard teacher) {
        return new TargetSource(teacher.aligned(), teacher.epoch());
    }
}
