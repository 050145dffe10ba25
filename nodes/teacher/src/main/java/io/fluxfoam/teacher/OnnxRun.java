package io.fluxfoam.teacher;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A reusable call of a model: inputs and outputs are bound to native memory, which the model reads
 * and writes in place, then {@link #run} as often as wanted. What is bound stays bound until it is
 * bound anew; the memory must live until then. For one thread.
 */
public final class OnnxRun implements AutoCloseable {
    private final OnnxModel model;
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();

    OnnxRun(OnnxModel model, OrtSession session) {
        this.model = model;
        this.session = session;
    }

    /**
     * Lets the model read an input from this memory.
     *
     * @param memory native memory of exactly the shape's bytes
     * @throws ModelException if the model has no such input or it has another shape
     */
    public OnnxRun input(String name, MemorySegment memory, long... shape) {
        bind(inputs, model.input(name), "input", memory, shape);
        return this;
    }

    /**
     * Lets the model write an output into this memory.
     *
     * @param memory native memory of exactly the shape's bytes
     * @throws ModelException if the model has no such output or it has another shape
     */
    public OnnxRun output(String name, MemorySegment memory, long... shape) {
        bind(outputs, model.output(name), "output", memory, shape);
        return this;
    }

    private void bind(
            Map<String, OnnxTensor> bound,
            TensorSpec spec,
            String kind,
            MemorySegment memory,
            long... shape) {
        if (!spec.accepts(shape)) {
            throw new ModelException(
                    "wrong shape for "
                            + kind
                            + " "
                            + spec.name()
                            + " of model "
                            + model.name()
                            + ": expected "
                            + TensorSpec.text(spec.shape())
                            + ", actual "
                            + TensorSpec.text(shape));
        }
        long bytes = TensorSpec.elements(shape) * spec.type().bytes();
        if (memory.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    kind
                            + " "
                            + spec.name()
                            + " "
                            + TensorSpec.text(shape)
                            + " takes bytes="
                            + bytes
                            + ", given bytes="
                            + memory.byteSize());
        }
        try {
            OnnxTensor tensor =
                    OnnxTensor.createTensor(
                            OnnxRuntime.environment(),
                            memory.asByteBuffer().order(ByteOrder.nativeOrder()),
                            shape,
                            OnnxRuntime.javaType(spec.type()));
            close(bound.put(spec.name(), tensor));
        } catch (OrtException e) {
            throw OnnxRuntime.failure(
                    "cannot bind " + kind + " " + spec.name() + " of model " + model.name(), e);
        }
    }

    /**
     * Runs the model once. On an exception the bound outputs hold nothing of use.
     *
     * @throws ModelException if an input is not bound or the shapes do not go together
     */
    public void run() {
        try {
            session.run(inputs, outputs).close();
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /**
     * Runs the model once for the shape that an output has with the inputs now bound.
     *
     * @throws ModelException as for {@link #run}, and if the model has no such output
     */
    public long[] shapeOf(String output) {
        model.output(output);
        try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
            return ((OnnxTensor) result.get(0)).getInfo().getShape();
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    private ModelException failure(OrtException cause) {
        StringJoiner given = new StringJoiner(" ");
        inputs.forEach(
                (name, tensor) -> given.add(name + TensorSpec.text(tensor.getInfo().getShape())));
        return OnnxRuntime.failure("model " + model.name() + " failed on " + given, cause);
    }

    /** Lets go of all bound memory. */
    @Override
    public void close() {
        inputs.values().forEach(OnnxRun::close);
        outputs.values().forEach(OnnxRun::close);
        inputs.clear();
        outputs.clear();
    }

    private static void close(OnnxTensor tensor) {
        if (tensor != null) {
            tensor.close();
        }
    }
}
