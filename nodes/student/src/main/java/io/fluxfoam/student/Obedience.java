package io.fluxfoam.student;

import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.TeacherRegion;

import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * What the student makes of the verdicts on one teacher. Of a teacher in quarantine it takes
 * nothing, and gives up what it took since the teacher failed; what it had before is true still,
 * and is trained on. Of one that is suspect all counts less. Without a verdict everything counts.
 */
final class Obedience {
    private final IntConsumer withdrawn;
    private long failedFrom = TeacherVerdict.NONE;
    private long newestFailed = TeacherVerdict.NONE;

    /**
     * Trusts until it is told otherwise.
     *
     * @param withdrawn told of each number of targets given up or not taken
     */
    Obedience(IntConsumer withdrawn) {
        this.withdrawn = withdrawn;
    }

    /**
     * Follows what is held of the teacher now.
     *
     * @param verdict on this epoch of the teacher
     */
    void follow(Optional<TeacherVerdict> verdict, TeacherRegion region, MomentAssembler assembler) {
        boolean isQuarantined =
                verdict.filter(said -> said.state() == TeacherState.QUARANTINED).isPresent();
        region.trust(isQuarantined ? 1 : verdict.map(TeacherVerdict::weight).orElse(1.0));
        long from = isQuarantined ? verdict.orElseThrow().failedFrom() : TeacherVerdict.NONE;
        if (from != failedFrom && from != TeacherVerdict.NONE) {
            withdrawn.accept(assembler.withdraw(region, from, Long.MAX_VALUE));
        }
        failedFrom = from;
        if (verdict.isPresent()) {
            for (long frame : verdict.get().failedFrames()) {
                if (frame > newestFailed) {
                    withdrawn.accept(assembler.withdraw(region, frame, frame));
                    newestFailed = frame;
                }
            }
        }
    }

    /** Whether a frame's tensor must not be learned. */
    boolean refuses(long frameNumber) {
        return failedFrom != TeacherVerdict.NONE && frameNumber >= failedFrom;
    }

    /** A tensor was not taken. */
    void refused() {
        withdrawn.accept(1);
    }

    /** Whether nothing that the teacher says now counts. */
    boolean refusesAll() {
        return failedFrom != TeacherVerdict.NONE;
    }
}
