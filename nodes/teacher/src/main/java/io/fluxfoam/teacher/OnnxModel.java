package io.fluxfoam.teacher;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;

import io.fluxfoam.teacher.Proto.Message;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A loaded ONNX model. Loading may take seconds and belongs on a loader thread; afterwards any one
 * thread may use the model through {@link OnnxRun}s. Closing it while a run goes on is not allowed.
 */
public final class OnnxModel implements AutoCloseable {
    private final String name;
    private final String sha256;
    private final OrtSession session;
    private final Map<String, TensorSpec> inputs;
    private final Map<String, TensorSpec> outputs;
    private boolean closed;

    private OnnxModel(String name, String sha256, OrtSession session) throws OrtException {
        this.name = name;
        this.sha256 = sha256;
        this.session = session;
        this.inputs = specs(session.getInputInfo());
        this.outputs = specs(session.getOutputInfo());
    }

    /**
     * Loads a model.
     *
     * @throws ModelException if the file is missing or corrupt, or the runtime refuses it
     */
    public static OnnxModel open(ModelFile file, OnnxOptions wanted) {
        // First of all: options alone would load the runtime too, from a copy of its own.
        OrtEnvironment runtime = OnnxRuntime.environment();
        try (Arena arena = Arena.ofConfined();
                SessionOptions options = options(file.path(), wanted.threads())) {
            ByteBuffer content = file.read(arena).asByteBuffer();
            ByteBuffer model = edited(file, content.duplicate(), wanted, arena);
            OrtSession session = runtime.createSession(model, options);
            String sha256 = file.sha256().orElseGet(() -> digest(file, content));
            return new OnnxModel(file.path().getFileName().toString(), sha256, session);
        } catch (OrtException e) {
            throw OnnxRuntime.failure("model refused: " + file.path(), e);
        }
    }

    /** Of the file and, if its weights are in files of their own, of them too. */
    private static String digest(ModelFile file, ByteBuffer model) {
        StringBuilder all = new StringBuilder(Digest.of(model.duplicate()));
        try {
            for (String name : ExternalData.files(model)) {
                all.append(' ').append(Digest.of(file.path().resolveSibling(name)));
            }
        } catch (IllegalArgumentException | IOException e) {
            throw new ModelException("model refused: " + file.path() + ": " + e.getMessage(), e);
        }
        return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer edited(
            ModelFile file, ByteBuffer model, OnnxOptions wanted, Arena arena) {
        if (!wanted.fused() && wanted.innerTensors().isEmpty()) {
            return model;
        }
        try {
            Set<String> kept = Set.copyOf(wanted.innerTensors());
            Message edited =
                    wanted.fused() ? GraphFusion.fuse(model, kept) : Message.encoded(model);
            edited.fields(GraphOutputs.suffix(wanted.innerTensors()));
            ByteBuffer target = arena.allocate(edited.bytes(), Long.BYTES).asByteBuffer();
            edited.writeTo(target);
            return target.flip();
        } catch (IllegalArgumentException e) {
            throw new ModelException("model refused: " + file.path() + ": " + e.getMessage(), e);
        }
    }

    private static SessionOptions options(Path file, int threads) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        // A spinning pool would take the cores from the other nodes.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        // The model is loaded from memory; weights in files of their own are still found beside it.
        options.addConfigEntry(
                "session.model_external_initializers_file_folder_path",
                file.toAbsolutePath().getParent().toString());
        return options;
    }

    private static Map<String, TensorSpec> specs(Map<String, NodeInfo> nodes) {
        Map<String, TensorSpec> specs = new LinkedHashMap<>();
        nodes.forEach((name, node) -> {
            if (node.getInfo() instanceof TensorInfo info) {
                OnnxRuntime.dtype(info)
                        .ifPresent(type ->
                                specs.put(name, new TensorSpec(name, type, info.getShape())));
            }
        });
        return Collections.unmodifiableMap(specs);
    }

    /** Digest of all its bytes, those of weights in files of their own included. */
    public String sha256() {
        return sha256;
    }

    /** File name of the model. */
    public String name() {
        return name;
    }

    /** All inputs that a stream could carry, in the model's order. */
    public Collection<TensorSpec> inputs() {
        return inputs.values();
    }

    /**
     * All outputs that a stream could carry, in the model's order; inner tensors that were asked
     * for are last.
     */
    public Collection<TensorSpec> outputs() {
        return outputs.values();
    }

    /**
     * An input by name.
     *
     * @throws ModelException with the names there are
     */
    public TensorSpec input(String input) {
        return find("input", input, inputs);
    }

    /**
     * An output by name.
     *
     * @throws ModelException with the names there are
     */
    public TensorSpec output(String output) {
        return find("output", output, outputs);
    }

    private TensorSpec find(String kind, String tensor, Map<String, TensorSpec> specs) {
        TensorSpec spec = specs.get(tensor);
        if (spec == null) {
            throw new ModelException(
                    "model "
                            + name
                            + " has no "
                            + kind
                            + " "
                            + tensor
                            + ", it has "
                            + specs.values());
        }
        return spec;
    }

    /** A reusable call of this model; the caller closes it before the model. */
    public OnnxRun newRun() {
        return new OnnxRun(this, session);
    }

    /** Frees the model. Closing twice is harmless. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException e) {
            throw OnnxRuntime.failure("model did not close: " + name, e);
        }
    }

    @Override
    public String toString() {
        return name + " inputs=" + inputs.values() + " outputs=" + outputs.values();
    }
}
