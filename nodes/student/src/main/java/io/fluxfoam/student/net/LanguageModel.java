package io.fluxfoam.student.net;

import io.fluxfoam.onnx.OnnxWeights;
import io.fluxfoam.onnx.OnnxWeights.Weight;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The first layers of a language model of the BERT family, without its words: what comes in where
 * their embeddings did is somebody else's business. 384 wide, 12 heads.
 *
 * <pre>
 *   positions   [512, 384]   the position's embedding and that of token type 0
 *   first.*     [384]        gain and bias of the normalisation of what comes in
 *   N.query N.key N.value N.joined  [384, 384], N.inner [1536, 384], N.outer [384, 1536], each with .bias
 *   N.attended.* N.done.*           gain and bias of the two normalisations of layer N
 * </pre>
 *
 * @param layers how many
 * @param isSeeded whether the weights are a model's; else they are random
 * @param weights by these names, row-major, {@code [outputs, inputs]}
 */
public record LanguageModel(int layers, boolean isSeeded, Map<String, float[]> weights) {
    /** Width of every layer. */
    static final int WIDTH = 384;

    /** Heads of the attention. */
    static final int HEADS = 12;

    /** Positions that the model knows. */
    static final int POSITIONS = 512;

    /** Most layers. */
    public static final int MOST_LAYERS = 12;

    private static final int INNER = 1536;
    private static final double DEVIATION = .02; // of a BERT that was not trained

    /**
     * Reads the layers of a model in the ONNX format, quantised or not.
     *
     * @throws IOException if the file cannot be read, or has no such layers
     */
    public static LanguageModel read(Path file, int layers) throws IOException {
        OnnxWeights onnx = OnnxWeights.of(file);
        Map<String, float[]> weights = new LinkedHashMap<>();
        float[] positions = matrix(onnx.weight("embeddings.position_embeddings.weight"), POSITIONS);
        float[] types = onnx.weight("embeddings.token_type_embeddings.weight").values();
        for (int i = 0; i < positions.length; i++) {
            positions[i] += types[i % WIDTH];
        }
        weights.put("positions", positions);
        norm(onnx, "embeddings.LayerNorm", "first", weights);
        for (int n = 0; n < layers; n++) {
            String node = "/encoder/layer." + n;
            String name = "encoder.layer." + n;
            linear(onnx, node, name, ".attention.self.query", n + ".query", WIDTH, weights);
            linear(onnx, node, name, ".attention.self.key", n + ".key", WIDTH, weights);
            linear(onnx, node, name, ".attention.self.value", n + ".value", WIDTH, weights);
            linear(onnx, node, name, ".attention.output.dense", n + ".joined", WIDTH, weights);
            norm(onnx, name + ".attention.output.LayerNorm", n + ".attended", weights);
            linear(onnx, node, name, ".intermediate.dense", n + ".inner", INNER, weights);
            linear(onnx, node, name, ".output.dense", n + ".outer", WIDTH, weights);
            norm(onnx, name + ".output.LayerNorm", n + ".done", weights);
        }
        return new LanguageModel(layers, true, weights);
    }

    private static void linear(
            OnnxWeights onnx,
            String node,
            String name,
            String part,
            String to,
            int outputs,
            Map<String, float[]> weights)
            throws IOException {
        Weight weight = onnx.matrix(node + part.replace('.', '/') + "/MatMul");
        float[] bias = onnx.weight(name + part + ".bias").values();
        int inputs = weight.shape()[0];
        if (weight.shape().length != 2 || weight.shape()[1] != outputs || bias.length != outputs) {
            throw new IOException(
                    "weight " + name + part + " of another shape: " + weight.values().length);
        }
        float[] turned = new float[weight.values().length];
        for (int i = 0; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                turned[o * inputs + i] = weight.values()[i * outputs + o];
            }
        }
        weights.put(to, turned);
        weights.put(to + ".bias", bias);
    }

    private static void norm(OnnxWeights onnx, String name, String to, Map<String, float[]> weights)
            throws IOException {
        weights.put(to + ".gain", matrix(onnx.weight(name + ".weight"), 1));
        weights.put(to + ".bias", matrix(onnx.weight(name + ".bias"), 1));
    }

    private static float[] matrix(Weight weight, int rows) throws IOException {
        if (weight.values().length != rows * WIDTH) {
            throw new IOException(
                    "not a language model of width "
                            + WIDTH
                            + ": floats="
                            + weight.values().length
                            + " wanted="
                            + rows * WIDTH);
        }
        return weight.values();
    }

    /** The same layers as they are before any training: what a language model knows is missing. */
    public static LanguageModel random(long seed, int layers) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, float[]> weights = new LinkedHashMap<>();
        weights.put("positions", normal(random, POSITIONS * WIDTH));
        norm("first", weights);
        for (int n = 0; n < layers; n++) {
            for (String square : new String[] {".query", ".key", ".value", ".joined"}) {
                linear(random, n + square, WIDTH, WIDTH, weights);
            }
            norm(n + ".attended", weights);
            linear(random, n + ".inner", INNER, WIDTH, weights);
            linear(random, n + ".outer", WIDTH, INNER, weights);
            norm(n + ".done", weights);
        }
        return new LanguageModel(layers, false, weights);
    }

    private static void linear(
            SplittableRandom random,
            String to,
            int outputs,
            int inputs,
            Map<String, float[]> weights) {
        weights.put(to, normal(random, outputs * inputs));
        weights.put(to + ".bias", new float[outputs]);
    }

    private static void norm(String to, Map<String, float[]> weights) {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        weights.put(to + ".gain", ones);
        weights.put(to + ".bias", new float[WIDTH]);
    }

    private static float[] normal(RandomGenerator random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (DEVIATION * random.nextGaussian());
        }
        return values;
    }

    /** Shape of a weight as libtorch wants it. */
    static long[] shape(String name, int length) {
        boolean isVector = name.endsWith(".bias") || name.endsWith(".gain");
        long inputs = name.endsWith(".outer") ? INNER : WIDTH;
        return isVector ? new long[] {length} : new long[] {length / inputs, inputs};
    }
}
