package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.fluxfoam.launch.NativeCache;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/** Loads libtorch and lays its tensors over memory that is ours. */
public final class Torch {
    private static final IOException FAILURE = loaded();

    private Torch() {}

    private static IOException loaded() {
        // JavaCPP would end the process when it grows beyond twice the Java heap; our replay alone
        // is larger than that.
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        try {
            NativeCache.load(() -> set_num_threads(1));
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /**
     * Loads the native libraries, which the first time on a machine unpacks some 450 MB. Everything
     * in this package does so by itself; calling this first only decides when the time is spent.
     *
     * @throws UncheckedIOException if they cannot be unpacked or loaded
     */
    public static void load() {
        if (FAILURE != null) {
            throw new UncheckedIOException(FAILURE);
        }
    }

    /** A tensor over these floats; nothing is copied, and the segment must outlive the tensor. */
    static Tensor floats(MemorySegment segment, long... shape) {
        return from_blob(
                new FloatsAt(segment.address()), shape, new TensorOptions(torch.ScalarType.Float));
    }

    private static final class FloatsAt extends FloatPointer {
        FloatsAt(long address) {
            super((Pointer) null);
            this.address = address;
        }
    }
}
