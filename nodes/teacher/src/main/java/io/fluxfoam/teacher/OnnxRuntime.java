package io.fluxfoam.teacher;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.TensorInfo;

import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.tensor.DType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The one ONNX Runtime of this process, and the translation of its types. */
final class OnnxRuntime {
    private static final String NATIVE_PATH = "onnxruntime.native.path";

    private OnnxRuntime() {}

    /** The runtime, loaded at the first call. */
    static OrtEnvironment environment() {
        return Holder.ENVIRONMENT;
    }

    /** An exception for the user: what was tried, and the runtime's own words on one line. */
    static ModelException failure(String what, OrtException cause) {
        return new ModelException(what + ": " + cause.getMessage(), cause);
    }

    /** Element type as the fabric names it; empty for one that no stream carries. */
    static Optional<DType> dtype(TensorInfo info) {
        return Optional.ofNullable(
                switch (info.type) {
                    case FLOAT -> DType.F32;
                    case DOUBLE -> DType.F64;
                    case FLOAT16 -> DType.F16;
                    case BFLOAT16 -> DType.BF16;
                    case UINT8 -> DType.U8;
                    case INT32 -> DType.I32;
                    case INT64 -> DType.I64;
                    default -> null;
                });
    }

    static OnnxJavaType javaType(DType type) {
        return switch (type) {
            case F32 -> OnnxJavaType.FLOAT;
            case F64 -> OnnxJavaType.DOUBLE;
            case F16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case U8 -> OnnxJavaType.UINT8;
            case I32 -> OnnxJavaType.INT32;
            case I64 -> OnnxJavaType.INT64;
        };
    }

    /**
     * Where the build unpacked the native libraries. Without it the runtime copies 28 MB to the
     * temporary directory at each start, which a killed process leaves there, and which no two
     * processes share in memory.
     */
    private static Optional<Path> unpackedLibraries() {
        String arch =
                System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x64";
        return FoamHome.resolve(
                        "nodes", "teacher", "target", "native", "ai", "onnxruntime", "native", arch)
                .filter(Files::isDirectory);
    }

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = create();

        private static OrtEnvironment create() {
            if (System.getProperty(NATIVE_PATH) == null) {
                unpackedLibraries()
                        .ifPresent(path -> System.setProperty(NATIVE_PATH, path.toString()));
            }
            // Errors arrive as exceptions; the runtime's own log would only repeat them on stderr.
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(
                            OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "flux-foam");
            try {
                environment.setTelemetry(false);
            } catch (OrtException e) {
                throw failure("cannot switch the runtime's telemetry off", e);
            }
            return environment;
        }
    }
}
