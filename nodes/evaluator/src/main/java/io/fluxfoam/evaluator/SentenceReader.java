package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.Region;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tensor.FrameNumber;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Puts the student's {@code holdout} predictions through the {@link SentenceExam} and shows the figures as counters. */
final class SentenceReader {
    private static final int BOTH = 0;
    private static final int PICTURE = 1;

    private final Node node;
    private final Intake intake;
    private final TermsReader terms;
    private final String language;
    private final Subscription candidates;
    private final Subscription embeddings;
    private final Subscription captions;
    private final Subscription holdout;
    private final ExamFile file;
    private final SentenceExam exam;
    private final Counter copiedBytes;
    private Counter frames;
    private RetrievalCounters seenWords;
    private RetrievalCounters unseenWords;
    private RetrievalCounters pictureOnly;

    SentenceReader(Node node, Intake intake, TermsReader terms, PeerNames names, Counter copiedBytes)
            throws IOException {
        this.node = node;
        this.intake = intake;
        this.terms = terms;
        this.language = names.language();
        this.copiedBytes = copiedBytes;
        candidates = node.subscribe(names.sensor() + "/candidates", ReadMode.LATEST);
        embeddings = node.subscribe(names.language() + "/candidates", ReadMode.LATEST);
        captions = node.subscribe(names.sensor() + "/caption", ReadMode.IN_ORDER);
        holdout = node.subscribe(names.student() + "/holdout", ReadMode.IN_ORDER);
        file = new ExamFile(node.state());
        exam = new SentenceExam(load());
    }

    /** A damaged file begins a new exam. */
    private ExamRecord load() {
        try {
            return file.load().orElse(null);
        } catch (IOException e) {
            node.error(e);
            return null;
        }
    }

    /** Keeps the figures for the evaluator's next life; those of the life before are kept until sentences come. */
    void save() throws IOException {
        if (exam.hasCandidates()) {
            file.save(exam.record());
        }
    }

    int turn() {
        return intake.read(candidates, lease -> exam.candidates(lease.frameNumber(), Payloads.text(lease)))
                + intake.read(embeddings, lease -> exam.embeddings(lease.frameNumber(), Payloads.rows(lease)))
                + intake.read(captions, this::caption)
                + intake.read(holdout, this::prediction);
    }

    private void caption(Lease lease) {
        if (FrameNumber.isHoldout(lease.frameNumber())) {
            exam.caption(lease.frameNumber(), Payloads.text(lease));
        }
    }

    private void prediction(Lease lease) {
        Optional<Region> region = terms.fit(lease) ? terms.layout().find(language) : Optional.empty();
        Optional<RegionStatistics> statistics = region.flatMap(terms::of);
        if (statistics.isEmpty()) {
            return;
        }
        if (!exam.knows(lease.frameNumber())) {
            intake.read(captions, this::caption);
        }
        float[][] views = Payloads.rows(lease);
        copiedBytes.add(lease.payloadBytes());
        if (exam.judge(lease.frameNumber(), views[BOTH], views[PICTURE], statistics.get())) {
            show();
        }
    }

    /** The counters appear with the first frame judged: a figure that is not there yet is not zero. */
    private void show() {
        if (frames == null) {
            frames = node.counters().counter("heldOut.frames");
            seenWords = new RetrievalCounters(node.counters(), "seenWords");
            unseenWords = new RetrievalCounters(node.counters(), "unseenWords");
            pictureOnly = new RetrievalCounters(node.counters(), "pictureOnly");
        }
        frames.set(exam.frames());
        seenWords.show(exam.seenWords());
        unseenWords.show(exam.unseenWords());
        pictureOnly.show(exam.pictureOnly());
    }

    /** Adds the figures as facts for the journal. */
    void describe(Map<String, Object> facts) {
        facts.put("frames", exam.frames());
        facts.put("seenWords", RetrievalCounters.facts(exam.seenWords()));
        facts.put("unseenWords", RetrievalCounters.facts(exam.unseenWords()));
        facts.put("pictureOnly", RetrievalCounters.facts(exam.pictureOnly()));
    }
}
