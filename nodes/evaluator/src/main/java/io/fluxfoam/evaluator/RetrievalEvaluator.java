package io.fluxfoam.evaluator;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Asks which held-out caption the student meant: its predicted language region against the
 * embeddings of exactly the candidates of the frame's own set, in the student's standardised space;
 * from picture and sound, and from either alone. A frame is judged once, when its prediction comes.
 */
final class RetrievalEvaluator {
    private static final int MAX_CAPTIONS = 512;
    private static final int MAX_OFFERS = 16;

    private final FrameJoin<String> captions = new FrameJoin<>(MAX_CAPTIONS);
    private final FrameJoin<String> offers = new FrameJoin<>(MAX_OFFERS);
    private String text = "";
    private Candidates candidates = Candidates.NONE;
    private List<SetEvaluation> sets = List.of();
    private int captionsOfAll;
    private float[][] embeddings = new float[0][];
    private float @Nullable [][] newestRows;
    private long frameOfRows;
    private @Nullable RegionScaling scaling;
    private long frames;
    private @Nullable RetrievalRecord saved;

    /** A frame that was judged: its set, and the caption that it has. */
    record Judged(SetEvaluation set, String caption) {}

    /**
     * An evaluation that goes on where an earlier one stopped, once the same sentences come.
     *
     * @param saved what it had found; null if there was none
     */
    RetrievalEvaluator(@Nullable RetrievalRecord saved) {
        this.saved = saved;
    }

    /**
     * Takes the sentences. Other ones than before begin all figures anew; the same ones, from a
     * sensor that came back, do not.
     *
     * @throws IllegalArgumentException if the text is no list of candidates
     */
    void candidates(long frameNumber, String newText) {
        if (!newText.equals(text)) {
            candidates = Candidates.parse(newText);
            text = newText;
            embeddings = new float[0][];
            begin();
        }
        offers.put(frameNumber, newText);
        matchEmbeddings();
    }

    /** Where the life before has stopped, if that was with the same text. */
    private void begin() {
        RetrievalRecord before = saved != null && saved.text().equals(text) ? saved : null;
        saved = null;
        frames = before == null ? 0 : before.frames();
        List<String> captionsInOrder = candidates.captions();
        captionsOfAll = captionsInOrder.size();
        sets = new ArrayList<>();
        for (CandidateSet set : candidates.sets()) {
            SetScores scores =
                    before == null
                            ? new SetScores(set.captions().size())
                            : before.scores().get(sets.size());
            sets.add(new SetEvaluation(set, scores, captionsInOrder));
        }
    }

    /** What it has found so far. */
    RetrievalRecord record() {
        return new RetrievalRecord(text, frames, sets.stream().map(SetEvaluation::scores).toList());
    }

    /**
     * Takes the embeddings of the sentences that came, or are still to come, under this frame
     * number: sentences and embeddings are two streams, published once, and either may be seen
     * first.
     *
     * @throws IllegalArgumentException if there are not as many as sentences
     */
    void embeddings(long frameNumber, float[][] rows) {
        newestRows = rows;
        frameOfRows = frameNumber;
        matchEmbeddings();
    }

    private void matchEmbeddings() {
        if (newestRows == null || !text.equals(offers.get(frameOfRows))) {
            return;
        }
        float[][] rows = newestRows;
        newestRows = null;
        if (rows.length != captionsOfAll) {
            throw new IllegalArgumentException(
                    "embeddings=" + rows.length + " candidates=" + captionsOfAll);
        }
        embeddings = rows;
        scaling = null;
    }

    /** Takes the sentence of a HOLDOUT frame. */
    void caption(long frameNumber, String sentence) {
        captions.put(frameNumber, sentence);
    }

    /** Whether the sentence of this frame is known. */
    boolean knows(long frameNumber) {
        return captions.get(frameNumber) != null;
    }

    /**
     * Judges what the student predicted of a HOLDOUT frame, in the teacher's own units.
     *
     * @param views predicted from picture and sound, from the picture alone, from the sound alone
     * @return what was judged; empty while candidates, embeddings or the frame's caption are
     *     unknown, or if it is of no set
     */
    Optional<Judged> judge(long frameNumber, float[][] views, RegionScaling region) {
        String caption = captions.take(frameNumber);
        if (caption == null || embeddings.length == 0 || embeddings[0].length != views[0].length) {
            return Optional.empty();
        }
        Optional<SetEvaluation> found =
                candidates
                        .setOf(FrameNumber.counter(frameNumber), caption)
                        .flatMap(this::evaluationOf);
        if (found.isPresent()) {
            if (region != scaling) {
                double[][] all = standardize(embeddings, region);
                sets.forEach(set -> set.embeddings(all));
                scaling = region;
            }
            found.get().judge(caption, standardize(views, region));
            frames++;
        }
        return found.map(set -> new Judged(set, caption));
    }

    private Optional<SetEvaluation> evaluationOf(CandidateSet set) {
        return sets.stream().filter(evaluation -> evaluation.set().equals(set)).findFirst();
    }

    private static double[][] standardize(float[][] rows, RegionScaling region) {
        return Arrays.stream(rows).map(region::standardize).toArray(double[][]::new);
    }

    /** Whether there are captions to retrieve. */
    boolean hasCandidates() {
        return !sets.isEmpty();
    }

    /** The sets of the newest candidates. */
    List<SetEvaluation> sets() {
        return sets;
    }

    /** Which of the sensor's sources a frame is of. */
    int world(long frameNumber) {
        return candidates.worlds().world(FrameNumber.counter(frameNumber));
    }

    /** Frames judged so far. */
    long frames() {
        return frames;
    }
}
