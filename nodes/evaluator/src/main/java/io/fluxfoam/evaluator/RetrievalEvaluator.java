package io.fluxfoam.evaluator;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.RegionScaling;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * Asks which held-out sentence the student meant: its predicted language region against the
 * embeddings of exactly the candidates of the frame's own set, in the student's standardised space.
 * Three figures: new combinations of seen words, the same from the picture alone, and sentences
 * with an unseen word. A frame is judged once, when its prediction comes.
 */
final class RetrievalEvaluator {
    private static final int MAX_CAPTIONS = 512;
    private static final int MAX_OFFERS = 16;

    private final FrameJoin<String> captions = new FrameJoin<>(MAX_CAPTIONS);
    private final FrameJoin<String> offers = new FrameJoin<>(MAX_OFFERS);
    private String text = "";
    private Candidates candidates = Candidates.NONE;
    private List<String> sentences = List.of();
    private float[][] embeddings = new float[0][];
    private float @Nullable [][] newestRows;
    private long frameOfRows;
    private @Nullable RegionScaling scaling;
    private double[][] seenWordsZ = new double[0][];
    private double[][] unseenWordsZ = new double[0][];
    private Retrieval seenWords = new Retrieval(0);
    private Retrieval unseenWords = new Retrieval(0);
    private Retrieval pictureOnly = new Retrieval(0);
    private long frames;
    private @Nullable RetrievalRecord saved;

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
            sentences = candidates.sentences();
            embeddings = new float[0][];
            seenWords = new Retrieval(candidates.seenWords().size());
            pictureOnly = new Retrieval(candidates.seenWords().size());
            unseenWords = new Retrieval(candidates.unseenWords().size());
            frames = 0;
            goOn();
        }
        offers.put(frameNumber, newText);
        matchEmbeddings();
    }

    private void goOn() {
        if (saved != null && saved.text().equals(text)) {
            seenWords = saved.seenWords();
            unseenWords = saved.unseenWords();
            pictureOnly = saved.pictureOnly();
            frames = saved.frames();
        }
        saved = null;
    }

    /** What it has found so far. */
    RetrievalRecord record() {
        return new RetrievalRecord(text, frames, seenWords, unseenWords, pictureOnly);
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
        if (rows.length != sentences.size()) {
            throw new IllegalArgumentException(
                    "embeddings=" + rows.length + " candidates=" + sentences.size());
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
     * @param both predicted from picture and sound
     * @param picture predicted from the picture alone
     * @return whether it was judged; false while candidates, embeddings or the frame's sentence are
     *     unknown
     */
    boolean judge(long frameNumber, float[] both, float[] picture, RegionScaling region) {
        String sentence = captions.take(frameNumber);
        int truth = sentence == null ? -1 : sentences.indexOf(sentence);
        if (truth < 0 || embeddings.length == 0 || embeddings[0].length != both.length) {
            return false;
        }
        if (region != scaling) {
            standardizeCandidates(region);
        }
        int seen = candidates.seenWords().size();
        if (truth < seen) {
            seenWords.add(truth, Retrieval.credit(region.standardize(both), seenWordsZ, truth));
            pictureOnly.add(
                    truth, Retrieval.credit(region.standardize(picture), seenWordsZ, truth));
        } else {
            unseenWords.add(
                    truth - seen,
                    Retrieval.credit(region.standardize(both), unseenWordsZ, truth - seen));
        }
        frames++;
        return true;
    }

    private void standardizeCandidates(RegionScaling region) {
        double[][] all =
                Arrays.stream(embeddings).map(region::standardize).toArray(double[][]::new);
        seenWordsZ = Arrays.copyOf(all, candidates.seenWords().size());
        unseenWordsZ = Arrays.copyOfRange(all, candidates.seenWords().size(), all.length);
        scaling = region;
    }

    /** Whether there are sentences to retrieve. */
    boolean hasCandidates() {
        return !sentences.isEmpty();
    }

    /** New combinations of seen words. */
    Retrieval seenWords() {
        return seenWords;
    }

    /** Sentences with a word that no TRAIN frame shows. */
    Retrieval unseenWords() {
        return unseenWords;
    }

    /** New combinations of seen words, from the picture alone. */
    Retrieval pictureOnly() {
        return pictureOnly;
    }

    /** Frames judged so far. */
    long frames() {
        return frames;
    }
}
