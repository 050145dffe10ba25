package io.fluxfoam.teacher;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

import io.fluxfoam.onnx.Proto.Message;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * A loaded ONNX model. Loading may take seconds and belongs on a loader thread; afterwards any one
 * thread may use the model through {@link OnnxRun}s. Closing it while a run goes on is not allowed.
 */
public final class OnnxModel implements AutoCloseable {
    private final String name;
    private final String sha256;
    private final OrtSession session;
    private final OnnxPorts inputs;
    private final OnnxPorts outputs;
    private boolean closed;

    private OnnxModel(String name, String sha256, OrtSession session) throws OrtException {
        this.name = name;
        this.sha256 = sha256;
        this.session = session;
        this.inputs = new OnnxPorts("input", name, session.getInputInfo());
        this.outputs = new OnnxPorts("output", name, session.getOutputInfo());
    }

    /**
     * Loads a model.
     *
     * @throws ModelException if the file is missing or corrupt, or the runtime refuses it
     */
    public static OnnxModel open(ModelFile file, OnnxOptions wanted) {
        // First of all: options alone would load the runtime too, from a copy of its own.
        OrtEnvironment runtime = OnnxRuntime.environment();
        Optional<PreparedModel> prepared = PreparedModel.of(file, wanted);
        try (Arena arena = Arena.ofConfined()) {
            Optional<ByteBuffer> kept = prepared.flatMap(before -> before.read(arena));
            if (kept.isPresent()) {
                try (SessionOptions options = options(wanted.threads(), OptLevel.NO_OPT)) {
                    OrtSession session = runtime.createSession(kept.get(), options);
                    return new OnnxModel(nameOf(file), file.sha256().orElseThrow(), session);
                }
            }
            ByteBuffer content = file.read(arena).asByteBuffer();
            ExternalData data = ExternalData.of(file.path(), content.duplicate());
            ByteBuffer model = edited(data.model(), wanted, arena);
            try (SessionOptions options = options(wanted.threads(), OptLevel.ALL_OPT)) {
                // The model is loaded from memory; weights in files of their own are still found.
                options.addConfigEntry(
                        "session.model_external_initializers_file_folder_path",
                        data.folder().toString());
                PreparedModel.Creation creation =
                        savedTo -> {
                            options.setOptimizedModelFilePath(
                                    savedTo.map(Path::toString).orElse(""));
                            return runtime.createSession(model.duplicate(), options);
                        };
                OrtSession session =
                        prepared.isPresent()
                                ? prepared.get().keep(creation)
                                : creation.session(Optional.empty());
                String sha256 = file.sha256().orElseGet(() -> digest(file, content, data));
                return new OnnxModel(nameOf(file), sha256, session);
            }
        } catch (OrtException e) {
            throw OnnxRuntime.failure("model refused: " + file.path(), e);
        } catch (ModelException e) {
            throw e;
        } catch (IllegalArgumentException | IOException e) { // of the bytes, or a file's
            throw new ModelException("model refused: " + file.path() + ": " + e.getMessage(), e);
        }
    }

    /** Of the file and, if its weights are in files of their own, of them too. */
    private static String digest(ModelFile file, ByteBuffer model, ExternalData data) {
        StringBuilder all = new StringBuilder(Digest.of(model.duplicate()));
        try {
            for (Path weights : data.files().values()) {
                all.append(' ').append(Digest.of(weights));
            }
        } catch (IOException e) {
            throw new ModelException("model refused: " + file.path() + ": " + e.getMessage(), e);
        }
        return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer edited(ByteBuffer model, OnnxOptions wanted, Arena arena) {
        if (wanted.isPlain() && model.isDirect()) {
            return model;
        }
        Set<String> kept = Set.copyOf(wanted.innerTensors());
        Message edited = wanted.fused() ? GraphFusion.fuse(model, kept) : Message.encoded(model);
        edited.fields(GraphOutputs.suffix(wanted.innerTensors(), wanted.converted()));
        ByteBuffer target =
                TensorMemory.allocate(arena, edited.bytes(), "the edited model").asByteBuffer();
        edited.writeTo(target);
        return target.flip();
    }

    private static String nameOf(ModelFile file) {
        return file.path().getFileName().toString();
    }

    private static SessionOptions options(int threads, OptLevel level) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(level);
        // A spinning pool would take the cores from the other nodes.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
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
        return inputs.carried();
    }

    /**
     * All outputs that a stream could carry, in the model's order; inner tensors that were asked
     * for are last.
     */
    public Collection<TensorSpec> outputs() {
        return outputs.carried();
    }

    /**
     * An input by name.
     *
     * @throws ModelException with the names there are
     */
    public TensorSpec input(String input) {
        return inputs.find(input);
    }

    /**
     * An output by name.
     *
     * @throws ModelException with the names there are
     */
    public TensorSpec output(String output) {
        return outputs.find(output);
    }

    /** Inputs and what they are, those included that no stream could carry. */
    OnnxPorts inputPorts() {
        return inputs;
    }

    /** Outputs and what they are, those included that no stream could carry. */
    OnnxPorts outputPorts() {
        return outputs;
    }

    /**
     * Demands that a tensor is f32.
     *
     * @param kind what it is to the model, for the message
     * @throws ModelException if it is not
     */
    public void requireF32(String kind, TensorSpec spec) {
        if (spec.type() != DType.F32) {
            throw new ModelException(
                    "wrong type for "
                            + kind
                            + " of model "
                            + name
                            + ": expected f32, actual "
                            + spec);
        }
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
        return name + " inputs=" + inputs.all() + " outputs=" + outputs.all();
    }
}
