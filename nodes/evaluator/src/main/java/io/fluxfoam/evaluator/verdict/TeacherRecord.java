package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.liveness.Names;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Where one epoch of a teacher stands, frame by frame.
 *
 * <pre>
 *   WARM_UP -&gt; ACTIVE, ACTIVE -&gt; SUSPECT and back, SUSPECT -&gt; QUARANTINED -&gt; ACTIVE; any -&gt; RETIRED and back
 * </pre>
 *
 * <p>SUSPECT while half of what settles it has come together; its weight falls from 1 to 0 with the
 * other half. QUARANTINED when it is settled, or when single frames were odd too often. Everything
 * that a quarantined teacher says is looked at all the same: it is ACTIVE again after 64 frames in
 * a row that were as usual.
 */
final class TeacherRecord {
    private static final double SUSPICION = .5;
    private static final int PROBATION = 64;
    private static final double USUAL = 2; // deviations in the meter that is farthest off, averaged
    private static final double PROBATION_SHARE = 1.0 / 16;

    private final String epoch;
    private final TeacherMonitor monitor;
    private final String teacher;
    private final Agreement agreement;
    private final Deque<Long> failed = new ArrayDeque<>();
    private final OddFrames odd = new OddFrames();
    private TeacherState state = TeacherState.WARM_UP;
    private VerdictCause cause = VerdictCause.NOTHING;
    private long failedFrom = TeacherVerdict.NONE;
    private long failedFrames;
    private int usual;
    private double meanOff;

    TeacherRecord(String teacher, String epoch, TeacherMonitor monitor, Agreement agreement) {
        this.agreement = agreement;
        this.teacher = teacher;
        this.epoch = epoch;
        this.monitor = monitor;
    }

    String teacher() {
        return teacher;
    }

    String epoch() {
        return epoch;
    }

    TeacherMonitor monitor() {
        return monitor;
    }

    /** Whether what it says may become part of what is usual. */
    boolean trusted() {
        return state == TeacherState.WARM_UP || state == TeacherState.ACTIVE;
    }

    boolean quarantined() {
        return state == TeacherState.QUARANTINED;
    }

    /** Whether there is something about it. */
    boolean suspicious() {
        return surest().evidence() >= SUSPICION;
    }

    private Suspicion surest() {
        return monitor.surest().orSurer(agreement.of(teacher));
    }

    /** A frame with a value that is no number, which is worse than an odd one. */
    void refuse(long frame) {
        odd.add(true);
        odd.add(true);
        fail(frame);
        if (!quarantined() && odd.tooMany()) {
            quarantine(frame, VerdictCause.ODD_FRAMES);
        }
    }

    /**
     * Judges the frame that was measured last.
     *
     * @param isOfTheWorld whether others have changed at the same time: then it is not the teacher
     */
    void judge(long frame, boolean isOfTheWorld) {
        switch (state) {
            case WARM_UP, RETIRED ->
                    become(
                            monitor.ready() ? TeacherState.ACTIVE : TeacherState.WARM_UP,
                            VerdictCause.NOTHING);
            case QUARANTINED -> probe();
            case ACTIVE, SUSPECT -> watch(frame, isOfTheWorld);
        }
    }

    private void watch(long frame, boolean isOfTheWorld) {
        boolean isOdd = monitor.odd();
        odd.add(isOdd);
        if (isOdd) {
            fail(frame);
        }
        Suspicion surest = surest();
        if (isOfTheWorld) {
            monitor.accept();
            odd.clear();
            become(TeacherState.ACTIVE, VerdictCause.WORLD);
        } else if (surest.evidence() >= 1) {
            quarantine(surest.since(), surest.cause());
        } else if (odd.tooMany()) {
            quarantine(frame, VerdictCause.ODD_FRAMES);
        } else if (surest.evidence() >= SUSPICION) {
            become(TeacherState.SUSPECT, surest.cause());
        } else if (surest.evidence() < SUSPICION / 2 && state == TeacherState.SUSPECT) {
            become(TeacherState.ACTIVE, VerdictCause.NOTHING);
        }
    }

    private void fail(long frame) {
        failedFrames++;
        failed.addLast(frame);
        if (failed.size() > TeacherVerdict.MAX_FAILED_FRAMES) {
            failed.removeFirst();
        }
    }

    private void quarantine(long from, VerdictCause why) {
        failedFrom = from;
        usual = 0;
        meanOff = 0;
        become(TeacherState.QUARANTINED, why);
    }

    private void probe() {
        failedFrames++;
        meanOff += PROBATION_SHARE * (monitor.farthest() - meanOff);
        usual = meanOff < USUAL && !monitor.odd() ? usual + 1 : 0;
        if (usual >= PROBATION) {
            monitor.clear();
            agreement.clear(teacher);
            odd.clear();
            failedFrom = TeacherVerdict.NONE;
            become(TeacherState.ACTIVE, VerdictCause.NOTHING);
        }
    }

    /** It has left. A quarantine outlasts that. */
    void retire() {
        if (!quarantined()) {
            become(TeacherState.RETIRED, VerdictCause.GONE);
        }
    }

    private void become(TeacherState next, VerdictCause why) {
        state = next;
        cause = why;
    }

    /** Frames that were not fit to be learned. */
    long failedFrames() {
        return failedFrames;
    }

    private double weight() {
        return switch (state) {
            case WARM_UP, ACTIVE, RETIRED -> 1;
            case QUARANTINED -> 0;
            case SUSPECT -> Math.clamp((1 - surest().evidence()) / (1 - SUSPICION), 0, 1);
        };
    }

    TeacherVerdict verdict() {
        return new TeacherVerdict(
                teacher,
                epoch,
                state,
                weight(),
                cause,
                surest().evidence(),
                failedFrom,
                List.copyOf(failed));
    }

    /** Writes all but the newest failed frames. */
    void writeTo(DataOutput out) throws IOException {
        out.writeUTF(teacher);
        out.writeUTF(epoch);
        out.writeByte(state.ordinal());
        out.writeByte(cause.ordinal());
        out.writeLong(failedFrom);
        monitor.writeTo(out);
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IOException if it cannot have been
     */
    static TeacherRecord readFrom(DataInput in, Set<Meter> meters, Agreement agreement)
            throws IOException {
        String teacher = in.readUTF();
        String epoch = in.readUTF();
        TeacherState state = TeacherState.of(in.readByte());
        VerdictCause cause = VerdictCause.of(in.readByte());
        long failedFrom = in.readLong();
        if (!Names.isNode(teacher) || state == null || cause == null) {
            throw new IOException("teacher=" + teacher + " state=" + state + " cause=" + cause);
        }
        TeacherRecord record =
                new TeacherRecord(teacher, epoch, TeacherMonitor.readFrom(in, meters), agreement);
        record.state = state;
        record.cause = cause;
        record.failedFrom = failedFrom;
        return record;
    }
}
