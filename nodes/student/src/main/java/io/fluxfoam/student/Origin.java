package io.fluxfoam.student;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.TeacherCard;

/**
 * What a region's statistics, head and targets were made for. They are of no use for anything else.
 *
 * @param alignment which grid the tokens stand on
 * @param epoch of the teacher; empty if it does not say
 */
record Origin(Alignment alignment, String epoch) {
    static Origin of(TeacherCard teacher) {
        return new Origin(teacher.aligned(), teacher.epoch());
    }
}
