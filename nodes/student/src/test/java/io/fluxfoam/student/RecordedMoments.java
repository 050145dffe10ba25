package io.fluxfoam.student;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.tape.TapeEntry;
import io.fluxfoam.tape.TapeReader;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a tape of a loop has, for a student that is taught from it without a foam: the sensor, the
 * teachers, and what they said of held-out frames.
 */
public final class RecordedMoments {
    private final Path tape;
    private final Map<String, TeacherCard> teachers = new HashMap<>();
    private final Map<Long, String> captions = new HashMap<>();
    private final Map<String, Map<Long, float[]>> truths = new HashMap<>();
    private final Map<String, float[]> embeddings = new HashMap<>();
    private SensorCard sensor;
    private Candidates candidates = Candidates.NONE;
    private int trainFrames;
    private int heldOutFrames;

    private RecordedMoments(Path tape) {
        this.tape = tape;
    }

    /** Reads what a tape has. */
    public static RecordedMoments of(Path tape) throws IOException {
        RecordedMoments moments = new RecordedMoments(tape);
        moments.read(moments::take);
        return moments;
    }

    /** Reads the tape once more. */
    public void read(EntryReader reader) throws IOException {
        try (TapeReader tapeReader = new TapeReader(tape, System.err::println)) {
            for (TapeEntry entry = tapeReader.next(); entry != null; entry = tapeReader.next()) {
                reader.take(entry);
            }
        }
    }

    /** Takes what a tape has, in its order. */
    public interface EntryReader {
        void take(TapeEntry entry) throws IOException;
    }

    private void take(TapeEntry entry) throws IOException {
        if (entry instanceof TapeEntry.Joined joined) {
            switch (joined.manifest().role()) {
                case Roles.SENSOR -> sensor = SensorCard.of(joined.manifest()).orElse(sensor);
                case Roles.TEACHER ->
                        teachers.put(joined.manifest().node(), TeacherCard.of(joined.manifest()));
                default -> {}
            }
        } else if (entry instanceof TapeEntry.Tensor tensor) {
            take(tensor);
        }
    }

    private void take(TapeEntry.Tensor tensor) {
        long frame = tensor.frameNumber();
        boolean isHeldOut = HoldoutRule.isHoldout(frame);
        switch (tensor.target()) {
            case LoopNodes.SENSOR + "/" + LoopStreams.PICTURE -> {
                trainFrames += isHeldOut ? 0 : 1;
                heldOutFrames += isHeldOut ? 1 : 0;
            }
            case LoopNodes.SENSOR + "/" + LoopStreams.CAPTION -> captions.put(frame, text(tensor));
            case LoopNodes.SENSOR + "/" + LoopStreams.CANDIDATES ->
                    candidates = Candidates.parse(text(tensor));
            default -> {
                if (tensor.stream().equals(LoopStreams.FEATURES)) {
                    features(tensor, isHeldOut);
                }
            }
        }
    }

    private void features(TapeEntry.Tensor tensor, boolean isHeldOut) {
        float[] values = tensor.payload().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        String caption = captions.get(tensor.frameNumber());
        if (tensor.node().equals(LoopNodes.TEACHER_LLM) && caption != null) {
            embeddings.put(caption, values);
        }
        if (isHeldOut) {
            truths.computeIfAbsent(tensor.node(), _ -> new HashMap<>())
                    .put(tensor.frameNumber(), values);
        }
    }

    private static String text(TapeEntry.Tensor tensor) {
        return new String(tensor.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    SensorCard sensor() {
        return sensor;
    }

    /** Cards of the teachers, by name. */
    public Map<String, TeacherCard> teachers() {
        return teachers;
    }

    Candidates candidates() {
        return candidates;
    }

    /** How many TRAIN frames it has. */
    public int trainFrames() {
        return trainFrames;
    }

    /** How many HOLDOUT frames it has. */
    public int heldOutFrames() {
        return heldOutFrames;
    }

    String caption(long frame) {
        return captions.getOrDefault(frame, "");
    }

    /** All captions that the language teacher has said something of. */
    Set<String> captions() {
        return new LinkedHashSet<>(embeddings.keySet());
    }

    float[] embedding(String caption) {
        return embeddings.get(caption);
    }

    /** What a teacher said of a held-out frame, or null. */
    float[] truth(String teacher, long frame) {
        return truths.getOrDefault(teacher, Map.of()).get(frame);
    }

    @Override
    public String toString() {
        return "trainFrames="
                + trainFrames
                + " heldOutFrames="
                + heldOutFrames
                + " captions="
                + embeddings.size()
                + " teachers="
                + teachers.keySet();
    }
}
