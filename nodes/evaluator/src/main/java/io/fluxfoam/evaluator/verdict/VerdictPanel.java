package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.distill.TeacherVerdict;

import org.jspecify.annotations.Nullable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges all teachers frame by frame, each against what is usual of itself and against the others.
 * What changes for half of them or more at the same time is the world: then nobody is to blame.
 */
public final class VerdictPanel {
    /** Changes within this many frames are at the same time. */
    private static final int TOGETHER_FRAMES = 24;

    private final Set<Meter> meters;
    private final Map<String, TeacherRecord> records = new TreeMap<>();
    private final Set<String> suspects = new HashSet<>();
    private final Map<String, Long> suspectedAt = new HashMap<>();
    private final Agreement agreement = new Agreement();
    private long frames;

    /**
     * What one teacher said of a frame.
     *
     * @param epoch of the teacher
     * @param dim values of a row
     * @param tensor in its own units
     * @param prediction the student's, in the same units; null if there is none
     */
    public record Said(String epoch, int dim, float[] tensor, float @Nullable [] prediction) {}

    /** Has all meters, and knows no teacher. */
    public VerdictPanel() {
        this(Meter.all());
    }

    /**
     * Knows no teacher.
     *
     * @param meters that it has, at least one: it sees nothing else
     */
    public VerdictPanel(Set<Meter> meters) {
        if (meters.isEmpty()) {
            throw new IllegalArgumentException("a panel without meters");
        }
        this.meters = Set.copyOf(meters);
    }

    /** The meters that it has. */
    public Set<Meter> meters() {
        return meters;
    }

    /** Takes the next frame: what was said of it, by teacher. */
    public void frame(long frameNumber, Map<String, Said> said) {
        frames++;
        Map<String, Signature> signatures = new TreeMap<>();
        List<TeacherRecord> measured = new ArrayList<>();
        said.forEach((teacher, what) -> {
            TeacherRecord record = recordOf(teacher, what);
            if (isFinite(what.tensor())) {
                Signature signature = record.monitor().take(what.tensor(), what.prediction());
                if (signature != null) {
                    signatures.put(teacher, signature);
                    measured.add(record);
                }
            } else {
                record.refuse(frameNumber);
            }
        });
        measure(frameNumber, measured, signatures);
        boolean isOfTheWorld = isOfTheWorld(measured);
        for (TeacherRecord record : measured) {
            record.judge(frameNumber, isOfTheWorld && record.suspicious());
        }
        if (isOfTheWorld) {
            agreement.accept();
        }
        measured.stream()
                .filter(record -> !record.trusted() || record.monitor().odd())
                .forEach(record -> signatures.remove(record.teacher()));
        agreement.add(signatures);
    }

    private void measure(
            long frameNumber, List<TeacherRecord> measured, Map<String, Signature> signatures) {
        Set<String> trusted = new HashSet<>();
        for (TeacherRecord record : measured) {
            record.monitor().measure(frameNumber, record.trusted());
            if (record.trusted()) {
                trusted.add(record.teacher());
            }
        }
        if (meters.contains(Meter.AGREEMENT)) {
            agreement.measure(frameNumber, signatures, trusted);
        }
        for (TeacherRecord record : measured) {
            if (!record.suspicious() || record.quarantined()) {
                suspects.remove(record.teacher());
            } else if (suspects.add(record.teacher())) {
                suspectedAt.put(record.teacher(), frames);
            }
        }
    }

    private TeacherRecord recordOf(String teacher, Said what) {
        TeacherRecord known = records.get(teacher);
        if (known == null
                || !known.epoch().equals(what.epoch())
                || !known.monitor().fits(what.tensor().length, what.dim())) {
            agreement.forget(teacher);
            known =
                    new TeacherRecord(
                            teacher,
                            what.epoch(),
                            new TeacherMonitor(what.tensor().length, what.dim(), meters),
                            agreement);
            records.put(teacher, known);
        }
        return known;
    }

    /**
     * Whether half of those that are not in quarantine, and more than one, have become suspect at
     * the same time, of late.
     */
    private boolean isOfTheWorld(List<TeacherRecord> measured) {
        long free = measured.stream().filter(record -> !record.quarantined()).count();
        long together =
                suspectedAt.values().stream().filter(at -> frames - at < TOGETHER_FRAMES).count();
        return together > 1 && 2 * together >= free;
    }

    private static boolean isFinite(float[] values) {
        boolean isFinite = true;
        for (float value : values) {
            isFinite &= Float.isFinite(value);
        }
        return isFinite;
    }

    /** What is held of all teachers, by name. */
    public List<TeacherVerdict> verdicts() {
        return records.values().stream().map(TeacherRecord::verdict).toList();
    }

    /** How many frames of a teacher were not fit to be learned. */
    public long failedFrames(String teacher) {
        TeacherRecord record = records.get(teacher);
        return record == null ? 0 : record.failedFrames();
    }

    /** A teacher has left. */
    public void retire(String teacher) {
        TeacherRecord record = records.get(teacher);
        if (record != null) {
            record.retire();
        }
    }

    /** Writes its meters, where all teachers stand, and what is usual of each. */
    public void writeTo(DataOutput out) throws IOException {
        List<TeacherRecord> known =
                records.values().stream().filter(each -> each.monitor().hasYardstick()).toList();
        out.writeInt(Meter.bits(meters));
        out.writeInt(known.size());
        for (TeacherRecord record : known) {
            record.writeTo(out);
        }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IOException if it cannot have been
     */
    public static VerdictPanel readFrom(DataInput in) throws IOException {
        VerdictPanel panel = new VerdictPanel(Meter.of(in.readInt()));
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            TeacherRecord record = TeacherRecord.readFrom(in, panel.meters, panel.agreement);
            panel.records.put(record.teacher(), record);
        }
        return panel;
    }
}
