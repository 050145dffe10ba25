package io.fluxfoam.teacher;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What the runtime made of a model when it first loaded it: the graph, edited by us and optimised
 * by it, kept beside the model so that a restart need neither check, nor edit, nor optimise it
 * again.
 *
 * <p>Layout, big-endian: i32 bytes of the label, i32 CRC-32C of the model, the label, the model in
 * ONNX. The label says of which bytes it was made (digest; inode, size and time of change, which
 * only root can set back) and by what (options, runtime, processor): a file with another label is
 * as good as none. Whoever can write here can replace the teacher's classes too, so it is only for
 * the directory that the build fills.
 */
final class PreparedModel {
    private final Path model;
    private final Path file;
    private final byte[] label;

    /** Makes the runtime's session of a model. */
    @FunctionalInterface
    interface Creation {
        /**
         * Creates it.
         *
         * @param savedTo where the runtime is to save what it made of the model; empty for nowhere
         */
        OrtSession session(Optional<Path> savedTo) throws OrtException;
    }

    private PreparedModel(Path model, byte[] label) {
        this.model = model;
        this.file = beside("prepared");
        this.label = label;
    }

    /**
     * Where that of a model is or will be; empty if none may be kept, or none can be.
     *
     * @param wanted how it is opened
     */
    static Optional<PreparedModel> of(ModelFile model, OnnxOptions wanted) {
        if (!model.ofBuild() || model.sha256().isEmpty()) {
            return Optional.empty();
        }
        try {
            Map<String, Object> facts = Files.readAttributes(model.path(), "unix:ino,size,ctime");
            String label =
                    String.join(
                            "\n",
                            "sha256 " + model.sha256().get(),
                            "inode " + facts.get("ino"),
                            "bytes " + facts.get("size"),
                            "changed " + facts.get("ctime"),
                            wanted.toString(),
                            ComputedBy.text(wanted.threads()));
            return Optional.of(
                    new PreparedModel(model.path(), label.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // no model, which is said elsewhere, or no inodes
        }
    }

    private Path beside(String what) {
        return model.resolveSibling("." + model.getFileName() + "." + what);
    }

    /**
     * The model; empty if none was kept, or of something else, or it is damaged.
     *
     * @param arena owner of its memory
     */
    Optional<ByteBuffer> read(Arena arena) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer head = ByteBuffer.allocate(2 * Integer.BYTES + label.length);
            if (channel.size() > Integer.MAX_VALUE || !fill(channel, head)) {
                return Optional.empty();
            }
            int labelBytes = head.getInt();
            int crc = head.getInt();
            if (labelBytes != label.length || !head.equals(ByteBuffer.wrap(label))) {
                return Optional.empty();
            }
            long bytes = channel.size() - channel.position();
            ByteBuffer kept = TensorMemory.allocate(arena, bytes, "model " + file).asByteBuffer();
            return fill(channel, kept) && crc == crc(kept.duplicate())
                    ? Optional.of(kept)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean fill(FileChannel channel, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                return false;
            }
        }
        target.flip();
        return target.hasRemaining();
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Creates a session, and keeps what the runtime made of the model, unless another process is
     * doing so, or it cannot be written.
     */
    OrtSession keep(Creation creation) throws OrtException {
        Path saved = beside("saving");
        try (FileChannel channel =
                        FileChannel.open(
                                beside("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return creation.session(Optional.empty());
            }
            OrtSession session = creation.session(Optional.of(saved));
            keep(saved);
            return session;
        } catch (IOException | OverlappingFileLockException e) {
            return creation.session(Optional.empty()); // a directory that is only read
        } catch (OrtException e) {
            return creation.session(Optional.empty()); // no room for it, or it says so again
        }
    }

    private void keep(Path saved) {
        try {
            byte[] made = Files.readAllBytes(saved);
            Files.delete(saved);
            ByteBuffer whole = ByteBuffer.allocate(2 * Integer.BYTES + label.length + made.length);
            whole.putInt(label.length).putInt(crc(ByteBuffer.wrap(made)));
            AtomicFile.replace(file, whole.put(label).put(made).array());
        } catch (IOException e) {
            // no room for it: then the next start makes it again
        }
    }
}
