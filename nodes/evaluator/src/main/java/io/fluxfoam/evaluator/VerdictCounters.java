package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.TeacherVerdict;

/** What is held of one teacher where others can see it. */
final class VerdictCounters {
    private final Counter state;
    private final Counter cause;
    private final Gauge evidence;
    private final Counter failedFrames;

    VerdictCounters(Counters counters, String teacher) {
        state = counters.counter(LoopCounters.TEACHER_STATE.of(teacher));
        cause = counters.counter(LoopCounters.TEACHER_CAUSE.of(teacher));
        evidence = counters.gauge(LoopCounters.TEACHER_EVIDENCE.of(teacher));
        failedFrames = counters.counter(LoopCounters.FAILED_FRAMES.of(teacher));
    }

    void show(TeacherVerdict verdict, long failed) {
        state.set(verdict.state().ordinal());
        cause.set(verdict.cause().ordinal());
        evidence.set(verdict.evidence());
        failedFrames.set(failed);
    }
}
