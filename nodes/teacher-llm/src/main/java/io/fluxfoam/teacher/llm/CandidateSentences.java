package io.fluxfoam.teacher.llm;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Publishes the meanings of the sentences that the sensor offers as candidates, once for each time
 * it offers them: f32 [sentences, 384], rows in the sensor's order, under its frame number. They
 * are embedded a few at a turn, so that frames are not kept waiting; a newer offer replaces one
 * that is not finished. Belongs to the duty-cycle thread.
 *
 * <p>Counter: {@code candidates} published.
 */
final class CandidateSentences {
    private static final int MAX_SENTENCES = Candidates.MAX_CAPTIONS;
    private static final int SENTENCES_PER_TURN = 4;
    private static final int KNOWN_PER_TURN = 256;

    /** A slot is 3 MiB, and few want to read what comes once. */
    private static final int MAX_READERS = 3;

    private static final long ROW_BYTES = (long) SentenceEmbedding.CHANNELS * Float.BYTES;

    private final Node node;
    private final Embedding embedding;
    private final Subscription offers;
    private final StreamWriter meanings;
    private final Counter published;
    private List<String> sentences = List.of();
    private long frameNumber;
    private long captureNs;
    private int done;
    private Claim claim;

    /** What gives a sentence's meaning. */
    @FunctionalInterface
    interface Embedding {
        /** Writes a meaning; returns whether the model was asked for it. */
        boolean embed(String sentence, MemorySegment target);
    }

    /** Declares the streams. */
    CandidateSentences(Node node, Embedding embedding, String sensor) throws Exception {
        this.node = node;
        this.embedding = embedding;
        this.offers =
                node.subscribe(LoopStreams.of(sensor, LoopStreams.CANDIDATES), ReadMode.LATEST);
        this.meanings =
                node.publish(
                        StreamSpec.of(
                                        LoopStreams.CANDIDATES,
                                        DType.F32,
                                        MAX_SENTENCES,
                                        SentenceEmbedding.CHANNELS)
                                .maxReaders(MAX_READERS)
                                .slots(MAX_READERS + 2));
        this.published = node.counters().counter(LoopCounters.CANDIDATES);
    }

    /** One turn. Returns the number of sentences done. */
    int doWork() {
        takeOffer();
        int before = done;
        int embedded = 0;
        while (done < sentences.size()
                && embedded < SENTENCES_PER_TURN
                && done - before < KNOWN_PER_TURN) {
            MemorySegment row = claim.payload().asSlice(done * ROW_BYTES, ROW_BYTES);
            embedded += embedding.embed(sentences.get(done), row) ? 1 : 0;
            done++;
        }
        if (done > before && done == sentences.size()) {
            claim.shape(done, SentenceEmbedding.CHANNELS).commit(frameNumber, captureNs);
            published.increment();
        }
        return done - before;
    }

    private void takeOffer() {
        try (Lease offer = offers.poll()) {
            if (offer == null) {
                return;
            }
            abandon();
            frameNumber = offer.frameNumber();
            captureNs = offer.captureNs();
            sentences =
                    sentences(
                            new String(
                                    offer.payload().toArray(ValueLayout.JAVA_BYTE),
                                    StandardCharsets.UTF_8));
            claim = meanings.claim();
        } catch (IllegalArgumentException e) {
            node.error(e);
        }
    }

    /**
     * The sentences of an offer.
     *
     * @throws IllegalArgumentException if there are none or too many, or if it is no offer
     */
    static List<String> sentences(String offer) {
        List<String> sentences = Candidates.parse(offer).captions();
        if (sentences.isEmpty() || sentences.size() > MAX_SENTENCES) {
            throw new IllegalArgumentException(
                    "candidates: " + sentences.size() + " sentences, not 1.." + MAX_SENTENCES);
        }
        return sentences;
    }

    /** Gives up an offer that is not finished. */
    void abandon() {
        if (claim != null) {
            claim.close();
        }
        sentences = List.of();
        done = 0;
    }
}
