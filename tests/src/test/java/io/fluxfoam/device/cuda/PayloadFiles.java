package io.fluxfoam.device.cuda;

import java.io.IOException;
import java.nio.file.Path;

/** Files that stand in the place of a payload in a GPU's memory, for tests without one. */
public final class PayloadFiles {
    private PayloadFiles() {}

    /** Writes a good one. */
    public static void write(Path file) throws IOException {
        new PayloadDescriptor(
                        "0123456789abcdef0123456789abcdef",
                        new IpcHandle(new byte[IpcHandle.BYTES]),
                        1 << 20,
                        4_096,
                        512)
                .write(file);
    }

    /** Reads one as a peer does before it asks the driver for anything. */
    public static String read(Path file) throws IOException {
        return PayloadDescriptor.read(file).toString();
    }
}
