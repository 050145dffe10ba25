package io.fluxfoam.student;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.student.net.CorePlan;
import io.fluxfoam.student.net.LanguageModel;
import io.fluxfoam.student.net.LanguagePlan;
import io.fluxfoam.student.net.LanguagePlan.Learned;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Locale;

/** Which core a student has. */
public final class CoreOptions {
    private static final String MODEL = "all-minilm-l6-v2-q.onnx";

    /** Kinds of cores. */
    enum Kind {
        POOLED,
        LANGUAGE
    }

    @Option(
            names = "--core",
            paramLabel = "KIND",
            defaultValue = "pooled",
            description =
                    "What makes features of the whole of a frame: pooled, or language, the layers of a"
                            + " language model (default: ${DEFAULT-VALUE}).")
    private Kind kind = Kind.POOLED;

    @Option(
            names = "--core-layers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Layers of the language core (default: ${DEFAULT-VALUE}).")
    private int layers = 2;

    @Option(
            names = "--core-train",
            paramLabel = "WHAT",
            defaultValue = "norms",
            description =
                    "What of the language core's layers is learned on: frozen (nothing), norms, or"
                            + " all (default: ${DEFAULT-VALUE}).")
    private Learned learned = Learned.NORMS;

    @Option(
            names = "--core-model",
            paramLabel = "FILE",
            description =
                    "The language model, in the ONNX format (default: that of the language teacher).")
    private Path model;

    @Option(
            names = "--core-random",
            description = "Give the language core random weights: a control without the model.")
    private boolean isRandom;

    /** The pooled core. */
    public CoreOptions() {}

    CoreOptions(Kind kind, int layers, Learned learned, Path model, boolean isRandom) {
        this.kind = kind;
        this.layers = layers;
        this.learned = learned;
        this.model = model;
        this.isRandom = isRandom;
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException with the offending one
     */
    void conclude() {
        if (layers < 1 || layers > LanguageModel.MOST_LAYERS) {
            throw new IllegalArgumentException(
                    "core-layers=" + layers + " not in 1.." + LanguageModel.MOST_LAYERS);
        }
    }

    /**
     * Which core it is, as far as what was learned with another one is of no use; empty for the
     * pooled one. What of the core is not learned is in no checkpoint, so where it comes from is
     * said here.
     *
     * @param seed of random weights
     */
    String identity(long seed) {
        return kind == Kind.POOLED
                ? ""
                : " core=language layers="
                        + layers
                        + " train="
                        + learned.name().toLowerCase(Locale.ROOT)
                        + (isRandom ? " random seed=" + seed : "")
                        + (isRandom || model == null ? "" : " model=" + model.getFileName());
    }

    /**
     * What builds it.
     *
     * @param memory what is not learned lives in
     * @param seed of random weights
     * @throws IOException if there is no language model, or it has no such layers
     */
    CorePlan plan(Arena memory, long seed) throws IOException {
        if (kind == Kind.POOLED) {
            return CorePlan.POOLED;
        }
        LanguageModel known =
                isRandom
                        ? LanguageModel.random(seed, layers)
                        : LanguageModel.read(modelFile(), layers);
        return new LanguagePlan(known, learned, memory);
    }

    private Path modelFile() throws IOException {
        if (model != null) {
            return model;
        }
        return FoamHome.resolve("nodes", LoopNodes.TEACHER_LLM, "target", "models", MODEL)
                .orElseThrow(() ->
                        new IOException(
                                "no language model for the core: give --core-model FILE or set"
                                        + " -Dfoam.home=DIR"));
    }
}
