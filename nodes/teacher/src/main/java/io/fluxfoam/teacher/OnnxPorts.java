package io.fluxfoam.teacher;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;

import io.fluxfoam.tensor.DType;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs, or the outputs, of a model: those that a stream could carry, and what the others are,
 * in the model's order.
 */
final class OnnxPorts {
    private static final String TYPE_PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

    private final String kind;
    private final String model;
    private final Map<String, TensorSpec> carried = new LinkedHashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();

    /**
     * Sorts them.
     *
     * @param kind "input" or "output"
     * @param model name of the model
     */
    OnnxPorts(String kind, String model, Map<String, NodeInfo> nodes) {
        this.kind = kind;
        this.model = model;
        nodes.forEach((name, node) -> add(name, node.getInfo()));
    }

    private void add(String name, ValueInfo info) {
        Optional<DType> type =
                info instanceof TensorInfo tensor ? OnnxRuntime.dtype(tensor) : Optional.empty();
        if (type.isPresent()) {
            carried.put(name, new TensorSpec(name, type.get(), ((TensorInfo) info).getShape()));
        } else {
            others.put(name, describe(info));
        }
    }

    private static String describe(ValueInfo info) {
        return switch (info) {
            case TensorInfo tensor ->
                    tensor.onnxType.name().replace(TYPE_PREFIX, "").toLowerCase(Locale.ROOT)
                            + " "
                            + TensorSpec.text(tensor.getShape());
            case MapInfo _ -> "map";
            case SequenceInfo sequence when sequence.sequenceOfMaps -> "sequence of maps";
            case SequenceInfo _ -> "sequence";
            default -> info.getClass().getSimpleName();
        };
    }

    /** Those that a stream could carry. */
    Collection<TensorSpec> carried() {
        return Collections.unmodifiableCollection(carried.values());
    }

    /** Whether there is one of this name, whatever it is. */
    boolean has(String name) {
        return carried.containsKey(name) || others.containsKey(name);
    }

    /**
     * One by its name.
     *
     * @throws ModelException that says what it is, or what there is
     */
    TensorSpec find(String name) {
        TensorSpec spec = carried.get(name);
        if (spec != null) {
            return spec;
        }
        if (others.containsKey(name)) {
            throw new ModelException(
                    kind
                            + " "
                            + name
                            + " of model "
                            + model
                            + " is of type "
                            + others.get(name)
                            + ", which no stream carries; it has "
                            + carried.values());
        }
        throw new ModelException(
                "model " + model + " has no " + kind + " " + name + ", it has " + all());
    }

    /**
     * The only one.
     *
     * @param flag with which one of several is chosen
     * @throws ModelException if there are several, or none
     */
    TensorSpec only(String flag) {
        if (carried.isEmpty()) {
            throw new ModelException(
                    "model "
                            + model
                            + " has no "
                            + kind
                            + " that a stream carries, it has "
                            + all());
        }
        if (carried.size() > 1) {
            throw new ModelException(
                    "choose with " + flag + " one of " + carried.values() + " of model " + model);
        }
        return carried.values().iterator().next();
    }

    /** What there is, in words. */
    String all() {
        StringBuilder all = new StringBuilder();
        carried.values().forEach(spec -> all.append(", ").append(spec));
        others.forEach((name, what) -> all.append(", ").append(name).append(' ').append(what));
        return "[" + all.substring(Math.min(2, all.length())) + "]";
    }
}
