package io.fluxfoam.teacher.whisper;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.Hearing;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.speech.DiphoneVoice;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Listens to what the student says aloud, with the speech teacher's models, and publishes which
 * sentences that sounds like. How sentences sound it learns by itself, from the voice that the
 * voice teacher reads with, when nobody speaks and so seldom that it takes a third of a processor:
 * first the captions, then, for each frame that the student has spoken of, the sentences that
 * differ from its caption in one word.
 *
 * <p>Counters: {@code heardUtterances}, {@code silentUtterances} among them, {@code knownSentences}
 * and {@code hearingCpuMillis}.
 */
final class EarNode implements NodeAgent {
    private static final int LEASES_PER_TURN = 64;
    private static final int CAPTIONS_KEPT = 2_048;
    private static final int LESSONS_KEPT = 4_096;

    /** Of what a lesson takes. */
    private static final long REST = 2;

    private static final double NS_PER_MS = 1e6;

    /** A slot is 256 KiB, and few want to read it. */
    private static final int REPERTOIRE_READERS = 4;

    private final ModelDirectory models;
    private final String sensor;
    private final String student;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Repertoire repertoire = new Repertoire();
    private final Neighbourhood neighbourhood = new Neighbourhood();
    private final Set<String> neighbours = new LinkedHashSet<>();
    private final Map<Long, String> captionOf = new LinkedHashMap<>();
    private Node node;
    private Subscription candidates;
    private Subscription captions;
    private Subscription voice;
    private StreamWriter heard;
    private StreamWriter texts;
    private Counter utterances;
    private Counter silent;
    private Counter known;
    private Counter copiedBytes;
    private Gauge hearingCpuMillis;
    private SpeechEar ear;
    private Canon canon;
    private Candidates offered = Candidates.NONE;
    private long nextLessonNs = System.nanoTime();

    /**
     * An ear that loads its models later.
     *
     * @param sensor node that publishes captions and candidates
     * @param student node that it listens to
     */
    EarNode(ModelDirectory models, String sensor, String student) {
        this.models = models;
        this.sensor = sensor;
        this.student = student;
    }

    @Override
    public void onStart(Node self) throws IOException {
        node = self;
        candidates = subscribe(sensor, LoopStreams.CANDIDATES, ReadMode.LATEST);
        captions = subscribe(sensor, LoopStreams.CAPTION, ReadMode.IN_ORDER);
        voice = subscribe(student, LoopStreams.VOICE, ReadMode.IN_ORDER);
        heard = node.publish(StreamSpec.of(LoopStreams.HEARD, DType.F32, Hearing.MOST_VALUES));
        texts =
                node.publish(
                        StreamSpec.of(LoopStreams.REPERTOIRE, DType.U8, Repertoire.MOST_BYTES)
                                .maxReaders(REPERTOIRE_READERS)
                                .slots(REPERTOIRE_READERS + 2));
        utterances = node.counters().counter(LoopCounters.HEARD_UTTERANCES);
        silent = node.counters().counter(LoopCounters.SILENT_UTTERANCES);
        known = node.counters().counter(LoopCounters.KNOWN_SENTENCES);
        copiedBytes = node.counters().counter(LoopCounters.COPIED_BYTES);
        hearingCpuMillis = node.counters().gauge(LoopCounters.HEARING_CPU_MILLIS);
    }

    private Subscription subscribe(String peer, String stream, ReadMode mode) {
        return node.subscribe(LoopStreams.of(peer, stream), mode);
    }

    @Override
    public void onPrepare() {
        ear = new SpeechEar(models, 1);
        canon = new Canon(new DiphoneVoice(), ear);
    }

    @Override
    public int doWork() {
        int work = read(candidates, this::candidates) + read(captions, this::caption);
        work += read(voice, this::utterance);
        return work > 0 ? work : learn();
    }

    private int read(Subscription subscription, Consumer<Lease> reading) {
        int leases = 0;
        while (leases < LEASES_PER_TURN) {
            try (Lease lease = subscription.poll()) {
                if (lease == null) {
                    break;
                }
                leases++;
                reading.accept(lease);
            } catch (IllegalArgumentException e) { // what makes no sense
                node.error(e);
            }
        }
        return leases;
    }

    private void candidates(Lease lease) {
        Candidates now = Candidates.parse(text(lease));
        if (!now.equals(offered)) {
            offered = now;
            repertoire.begin(now.captions());
        }
    }

    private void caption(Lease lease) {
        String caption = text(lease);
        if (captionOf.size() == CAPTIONS_KEPT) {
            captionOf.remove(captionOf.keySet().iterator().next());
        }
        captionOf.put(lease.frameNumber(), caption);
        repertoire.meet(caption);
        if (!HoldoutRule.isHoldout(lease.frameNumber())) {
            neighbourhood.add(caption);
        }
    }

    private static String text(Lease lease) {
        return new String(lease.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private void utterance(Lease lease) {
        float[] samples = lease.payload().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        copiedBytes.add(lease.payloadBytes());
        if (samples.length != MelSpectrogram.SAMPLES) {
            throw new IllegalArgumentException(
                    "an utterance of samples="
                            + samples.length
                            + ", not "
                            + MelSpectrogram.SAMPLES);
        }
        long beforeNs = threads.getCurrentThreadCpuTime();
        Hearing hearing = hear(samples, captionOf.get(lease.frameNumber()));
        hearingCpuMillis.set((threads.getCurrentThreadCpuTime() - beforeNs) / NS_PER_MS);
        utterances.increment();
        if (hearing.isNothing()) {
            silent.increment();
        }
        float[] values = hearing.values();
        try (Claim claim = heard.claim().tag(repertoire.edition())) {
            claim.payload()
                    .asSlice(0, (long) values.length * Float.BYTES)
                    .copyFrom(MemorySegment.ofArray(values));
            claim.shape(values.length).commit(lease.frameNumber(), lease.captureNs());
        }
    }

    /**
     * @param caption of the frame; null if that was not seen
     */
    private Hearing hear(float[] samples, String caption) {
        float speech = ear.speech(samples);
        float[] directions = ear.directions(samples);
        List<String> captionsNow = repertoire.captions();
        float[] likeness = new float[captionsNow.size()];
        for (int i = 0; i < likeness.length; i++) {
            likeness[i] = canon.likeness(directions, captionsNow.get(i));
        }
        float neighbour = caption == null ? Float.NaN : likestNeighbour(directions, caption);
        return new Hearing(speech, neighbour, likeness);
    }

    /** NaN if not all are known; then they will be. */
    private float likestNeighbour(float[] directions, String caption) {
        float likest = Float.NaN;
        boolean isComplete = true;
        for (String neighbour : neighbourhood.of(caption)) {
            if (!canon.knows(neighbour)) {
                isComplete = false;
                if (neighbours.size() < LESSONS_KEPT) {
                    neighbours.add(neighbour);
                }
            } else if (isComplete && canon.hasSound(neighbour)) {
                float likeness = canon.likeness(directions, neighbour);
                likest = likeness > likest || Float.isNaN(likest) ? likeness : likest;
            }
        }
        return isComplete ? likest : Float.NaN;
    }

    /** One sentence, if it is time. */
    private int learn() {
        if (System.nanoTime() - nextLessonNs < 0) {
            return 0;
        }
        String caption = repertoire.next();
        String sentence = caption == null ? nextNeighbour() : caption;
        if (sentence == null) {
            return 0;
        }
        long beforeNs = threads.getCurrentThreadCpuTime();
        canon.learn(sentence);
        known.set(canon.size());
        if (caption != null && canon.hasSound(caption)) {
            repertoire.add(caption);
            tell();
        }
        nextLessonNs = System.nanoTime() + REST * (threads.getCurrentThreadCpuTime() - beforeNs);
        return 1;
    }

    private String nextNeighbour() {
        if (neighbours.isEmpty()) {
            return null;
        }
        String next = neighbours.iterator().next();
        neighbours.remove(next);
        return next;
    }

    private void tell() {
        byte[] text = repertoire.text();
        try (Claim claim = texts.claim().tag(repertoire.edition())) {
            claim.payload().asSlice(0, text.length).copyFrom(MemorySegment.ofArray(text));
            claim.shape(text.length).commit(0, System.nanoTime());
        }
    }

    @Override
    public void onStop() {
        if (ear != null) {
            ear.close();
        }
    }
}
