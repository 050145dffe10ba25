package io.fluxfoam.teacher.llm;

import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.OnnxModel;
import io.fluxfoam.teacher.OnnxOptions;
import io.fluxfoam.teacher.OnnxRun;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The meaning of a sentence as one vector of length 1: all-MiniLM-L6-v2 with 8-bit weights, the
 * mean of its last hidden state over all tokens. Sentences are embedded one at a time: with 8-bit
 * weights what stands beside a sentence in a batch changes its numbers. For one thread.
 */
final class SentenceEmbedding implements AutoCloseable {
    /** Length of the vector. */
    static final int CHANNELS = 384;

    private static final int MAX_TOKENS = 256;

    private final WordPiece tokenizer;
    private final OnnxModel model;
    private final OnnxRun run;
    private final long[] tokens = new long[MAX_TOKENS];
    private final MemorySegment ids = Arena.ofAuto().allocate(MAX_TOKENS * Long.BYTES, 64);
    private final MemorySegment mask = Arena.ofAuto().allocate(MAX_TOKENS * Long.BYTES, 64);
    private final MemorySegment types = Arena.ofAuto().allocate(MAX_TOKENS * Long.BYTES, 64);
    private final MemorySegment hidden =
            Arena.ofAuto().allocate((long) MAX_TOKENS * CHANNELS * Float.BYTES, 64);
    private final double[] sums = new double[CHANNELS];

    /** Loads tokenizer and model. */
    SentenceEmbedding(ModelDirectory models, int threads) {
        try {
            tokenizer =
                    new WordPiece(
                            Vocabulary.read(
                                    models.file("all-minilm-l6-v2-q-tokenizer.json").readBytes()));
        } catch (IOException e) {
            throw new ModelException("tokenizer unusable: " + e.getMessage(), e);
        }
        for (int i = 0; i < MAX_TOKENS; i++) {
            mask.setAtIndex(ValueLayout.JAVA_LONG, i, 1);
        }
        model =
                OnnxModel.open(
                        models.file("all-minilm-l6-v2-q.onnx"), OnnxOptions.threads(threads));
        run = model.newRun();
    }

    /**
     * Embeds a sentence; what is longer than 256 tokens is cut off.
     *
     * @param target f32 [{@link #CHANNELS}]
     */
    void embed(String sentence, MemorySegment target) {
        int count = tokenizer.encode(sentence, tokens);
        MemorySegment.copy(tokens, 0, ids, ValueLayout.JAVA_LONG, 0, count);
        long bytes = (long) count * Long.BYTES;
        run.input("input_ids", ids.asSlice(0, bytes), 1, count)
                .input("attention_mask", mask.asSlice(0, bytes), 1, count)
                .input("token_type_ids", types.asSlice(0, bytes), 1, count)
                .output(
                        "last_hidden_state",
                        hidden.asSlice(0, (long) count * CHANNELS * Float.BYTES),
                        1,
                        count,
                        CHANNELS)
                .run();
        pool(count, target);
    }

    private void pool(int count, MemorySegment target) {
        double squares = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            double sum = 0;
            for (int token = 0; token < count; token++) {
                sum += hidden.getAtIndex(ValueLayout.JAVA_FLOAT, (long) token * CHANNELS + channel);
            }
            sums[channel] = sum;
            squares += sum * sum;
        }
        double scale = 1 / Math.sqrt(squares);
        for (int channel = 0; channel < CHANNELS; channel++) {
            target.setAtIndex(ValueLayout.JAVA_FLOAT, channel, (float) (sums[channel] * scale));
        }
    }

    @Override
    public void close() {
        run.close();
        model.close();
    }
}
