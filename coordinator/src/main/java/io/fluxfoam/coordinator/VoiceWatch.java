package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.stream.StreamPeek;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the student has said last, looked for when somebody asks and at most once a second. What the
 * teacher made of the frame leaves its stream within seconds, so it is kept here until there is
 * something newer. Thread-safe.
 */
final class VoiceWatch {
    private static final long MAX_AGE_NS = 1_000_000_000L;

    /** Logarithms of power. */
    private static final double SILENCE = -6.9;

    private static final double LOUD = 6;
    private static final int LEVELS = 255;

    private final PeerTensors tensors;
    private final Supplier<List<NodeStatus>> nodes;
    private final MelSpectrogram spectrogram = new MelSpectrogram();
    private @Nullable Said said;
    private long lookedAtNs;
    private boolean hasLooked;

    /** An utterance: its samples, f32, and the levels of both spectrograms. */
    private record Said(
            long frameNumber,
            long captureNs,
            byte[] samples,
            byte[] student,
            byte @Nullable [] teacher) {}

    /**
     * Has not looked yet.
     *
     * @param nodes the foam's nodes as of now
     * @param errors told of every file that is not what its name says
     */
    VoiceWatch(FoamDirectory foam, Supplier<List<NodeStatus>> nodes, Consumer<Exception> errors) {
        this.tensors = new PeerTensors(foam, errors);
        this.nodes = nodes;
    }

    /** The newest utterance; null if there is none. */
    synchronized @Nullable VoiceView fresh() {
        long nowNs = System.nanoTime();
        if (!hasLooked || nowNs - lookedAtNs > MAX_AGE_NS) {
            said = look();
            lookedAtNs = nowNs;
            hasLooked = true;
        }
        Said newest = said;
        if (newest == null) {
            return null;
        }
        return new VoiceView(
                FrameNumber.incarnation(newest.frameNumber())
                        + ":"
                        + FrameNumber.counter(newest.frameNumber()),
                Math.max(0, nowNs - newest.captureNs()) / 1e9,
                (double) newest.samples().length / Float.BYTES / FrameShape.SOUND_RATE,
                MelSpectrogram.STEPS,
                MelSpectrogram.BANDS,
                newest.student(),
                newest.teacher());
    }

    /**
     * The samples of what {@link #fresh} has told of last: little-endian floats, 16 kHz; nothing if
     * there is none.
     */
    synchronized byte[] samples() {
        return said == null ? new byte[0] : said.samples();
    }

    private @Nullable Said look() {
        List<NodeStatus> all = nodes.get();
        Optional<StreamPeek.Copy> newest =
                all.stream()
                        .filter(node -> node.role().equals(Roles.STUDENT))
                        .findFirst()
                        .flatMap(node ->
                                tensors.copy(node, LoopStreams.VOICE, peek -> peek.newerThan(0)));
        if (newest.isEmpty()) {
            return null;
        }
        long frame = newest.get().frameNumber();
        Said known = said != null && said.frameNumber() == frame ? said : null;
        if (known != null && known.teacher() != null) {
            return known;
        }
        byte[] canonical = canonical(all, frame);
        if (known != null) {
            return new Said(frame, known.captureNs(), known.samples(), known.student(), canonical);
        }
        float[] heard = new float[MelSpectrogram.LENGTH];
        spectrogram.compute(newest.get().bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), heard);
        return new Said(
                frame,
                newest.get().captureNs(),
                newest.get().bytes().toArray(ValueLayout.JAVA_BYTE),
                levels(heard),
                canonical);
    }

    private byte @Nullable [] canonical(List<NodeStatus> all, long frame) {
        for (NodeStatus node : all) {
            if (node.name().equals(LoopNodes.TEACHER_VOICE)) {
                Optional<StreamPeek.Copy> copy =
                        tensors.copy(node, LoopStreams.FEATURES, peek -> peek.ofFrame(frame));
                if (copy.isPresent()
                        && copy.get().bytes().byteSize()
                                == (long) MelSpectrogram.LENGTH * Float.BYTES) {
                    return levels(copy.get().bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
                }
            }
        }
        return null;
    }

    private static byte[] levels(float[] values) {
        byte[] levels = new byte[values.length];
        for (int i = 0; i < levels.length; i++) {
            double share = Math.clamp((values[i] - SILENCE) / (LOUD - SILENCE), 0, 1);
            levels[i] = (byte) Math.round(LEVELS * share); // of what is no number: 0
        }
        return levels;
    }
}
