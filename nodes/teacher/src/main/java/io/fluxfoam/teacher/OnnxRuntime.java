package io.fluxfoam.teacher;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.TensorInfo;

import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.memory.CLibrary;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The one ONNX Runtime of this process, and the translation of its types. */
final class OnnxRuntime {
    private static final String NATIVE_PATH = "onnxruntime.native.path";

    private OnnxRuntime() {}

    /**
     * The runtime, loaded at the first call.
     *
     * @throws IllegalStateException if it does not load
     */
    static OrtEnvironment environment() {
        return Holder.ENVIRONMENT.orElseThrow(() -> {
            String reason = NodeRunner.origin(Holder.FAILURE).toString();
            return new IllegalStateException(
                    "the runtime of the models does not load: "
                            + reason.strip().replaceAll("\\s*\\R\\s*", "; "),
                    Holder.FAILURE);
        });
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

    /**
     * Loads the runtime so that it keeps to itself. Its telemetry, which would look up a host of
     * its maker, and keep a device's id and a database in the user's cache, begins with the
     * library: a call comes too late, its variable does not.
     */
    private static OrtEnvironment create() {
        CLibrary.setEnvironment("ORT_DISABLE_TELEMETRY", "1");
        if (System.getProperty(NATIVE_PATH) == null) {
            unpackedLibraries().ifPresent(path -> System.setProperty(NATIVE_PATH, path.toString()));
        }
        try {
            // Errors arrive as exceptions; the runtime's own log would only repeat them on stderr.
            return OrtEnvironment.getEnvironment(
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "flux-foam");
        } finally {
            removeScratch();
        }
    }

    /**
     * The runtime makes a folder in the temporary directory even if it has nothing to unpack there,
     * and leaves it to a hook that a halted process does not run. Removed only if it is empty: else
     * the libraries are in it.
     */
    private static void removeScratch() {
        try {
            Field scratch =
                    Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
            scratch.setAccessible(true);
            if (scratch.get(null) instanceof Path folder) {
                Files.deleteIfExists(folder);
            }
        } catch (ReflectiveOperationException | IOException | LinkageError e) {
            // another release of it, or one that did not load: what it leaves is small
        }
    }

    /**
     * What {@link #create} made, or why it could not: the second call must say as much as the
     * first.
     */
    private static final class Holder {
        static final Optional<OrtEnvironment> ENVIRONMENT;
        static final Throwable FAILURE;

        static {
            OrtEnvironment environment = null;
            Throwable failure = null;
            try {
                environment = create();
            } catch (RuntimeException | LinkageError e) {
                failure = e;
            }
            ENVIRONMENT = Optional.ofNullable(environment);
            FAILURE = failure;
        }
    }
}
