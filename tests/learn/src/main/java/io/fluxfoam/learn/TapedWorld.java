package io.fluxfoam.learn;

import io.fluxfoam.distill.FeatureReader;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.tape.TapeEntry;
import io.fluxfoam.tape.TapeReader;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A world as a tape has it: its frames one after the other, each with what all its teachers said of
 * it; when the tape ends it begins again. Belongs to one thread.
 */
final class TapedWorld implements AutoCloseable {
    /** A teacher that lags farther behind than this is not waited for. */
    private static final int MOST_WAITING = 256;

    private final Path path;
    private final TapeReader tape;
    private final Map<String, TeacherCard> teachers = new HashMap<>();
    private final Map<String, Integer> dims = new HashMap<>();
    private final Map<String, FeatureReader> readers = new HashMap<>();
    private final Map<String, Long> reported = new HashMap<>();
    private final SequencedMap<Long, Waiting> waiting = new LinkedHashMap<>();
    private final Deque<TapedFrame> ready = new ArrayDeque<>();
    private SensorCard sensor;
    private long passes;

    private static final class Waiting {
        private MemorySegment picture;
        private MemorySegment sound;
        private String caption = "";
        private final Map<String, float[]> said = new HashMap<>();
    }

    /**
     * Opens a tape.
     *
     * @throws IOException if there is none, or none of a sensor and teachers
     */
    TapedWorld(Path path) throws IOException {
        this.path = path;
        tape = new TapeReader(path, System.err::println);
        while (sensor == null || ready.isEmpty()) {
            TapeEntry entry = tape.next();
            if (entry == null) {
                throw new IOException("no frames of a sensor with teachers: tape=" + path);
            }
            take(entry);
        }
        rewind();
    }

    private void rewind() {
        tape.rewind();
        waiting.clear();
        ready.clear();
        reported.clear();
    }

    /** The next frame, held out or not. */
    TapedFrame next() throws IOException {
        while (ready.isEmpty()) {
            TapeEntry entry = tape.next();
            if (entry == null) {
                rewind();
                passes++;
            } else {
                take(entry);
            }
        }
        return ready.poll();
    }

    /** How often the tape has ended. */
    long passes() {
        return passes;
    }

    private void take(TapeEntry entry) {
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
        switch (tensor.target()) {
            case LoopNodes.SENSOR + "/" + LoopStreams.PICTURE ->
                    of(tensor).picture =
                            MemorySegment.ofArray(tensor.payload().toArray(ValueLayout.JAVA_BYTE));
            case LoopNodes.SENSOR + "/" + LoopStreams.SOUND ->
                    of(tensor).sound =
                            MemorySegment.ofArray(
                                    tensor.payload().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
            case LoopNodes.SENSOR + "/" + LoopStreams.CAPTION ->
                    of(tensor).caption =
                            new String(
                                    tensor.payload().toArray(ValueLayout.JAVA_BYTE),
                                    StandardCharsets.UTF_8);
            default -> {
                TeacherCard card = teachers.get(tensor.node());
                if (card != null && tensor.stream().equals(LoopStreams.FEATURES)) {
                    said(tensor, card);
                }
            }
        }
        settle();
    }

    private Waiting of(TapeEntry.Tensor tensor) {
        return waiting.computeIfAbsent(tensor.frameNumber(), _ -> new Waiting());
    }

    private void said(TapeEntry.Tensor tensor, TeacherCard card) {
        dims.putIfAbsent(tensor.node(), (int) tensor.shape()[tensor.shape().length - 1]);
        reported.merge(tensor.node(), tensor.frameNumber(), Math::max);
        Waiting frame = waiting.get(tensor.frameNumber());
        if (frame != null) {
            float[] values =
                    readers.computeIfAbsent(tensor.node(), _ -> new FeatureReader())
                            .read(tensor.shape(), tensor.payload(), card)
                            .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            frame.said.put(tensor.node(), values);
        }
    }

    /** A frame is ready when each teacher has said something of it or of a later one. */
    private void settle() {
        while (!waiting.isEmpty() && !teachers.isEmpty()) {
            long number = waiting.firstEntry().getKey();
            boolean isSettled =
                    teachers.keySet().stream()
                            .allMatch(teacher -> reported.getOrDefault(teacher, -1L) >= number);
            if (!isSettled && waiting.size() <= MOST_WAITING) {
                return;
            }
            Waiting frame = waiting.pollFirstEntry().getValue();
            if (frame.picture != null && frame.sound != null && !frame.said.isEmpty()) {
                ready.add(
                        new TapedFrame(
                                number, frame.picture, frame.sound, frame.caption, frame.said));
            }
        }
    }

    /**
     * The first held-out frames of which every teacher has said something; afterwards it begins
     * anew.
     *
     * @throws IOException if there are not that many
     */
    List<TapedFrame> heldOut(int count) throws IOException {
        List<TapedFrame> frames = new ArrayList<>();
        long before = passes;
        while (frames.size() < count) {
            TapedFrame frame = next();
            if (passes > before) {
                throw new IOException(
                        "heldOut=" + frames.size() + " of " + count + ": tape=" + path);
            }
            if (HoldoutRule.isHoldout(frame.number())
                    && frame.said().keySet().containsAll(teachers.keySet())) {
                frames.add(frame);
            }
        }
        rewind();
        return frames;
    }

    /** What its frames are. */
    SensorCard sensor() {
        return sensor;
    }

    /** Cards of its teachers, by name. */
    Map<String, TeacherCard> teachers() {
        return teachers;
    }

    /** Values of a token of each teacher. */
    Map<String, Integer> dims() {
        return dims;
    }

    /** What it is called. */
    String name() {
        return path.getFileName().toString();
    }

    @Override
    public void close() {
        tape.close();
    }
}
