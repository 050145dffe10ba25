package io.fluxfoam.evaluator;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that is kept for the evaluator's next life: i64 magic, then what it writes of itself.
 *
 * @param <T> what is kept
 */
final class StateFile<T> {
    private final CheckedFile file;
    private final long magic;
    private final Reading<T> reading;
    private final Writing<T> writing;

    /** Reads what {@link Writing} wrote. */
    @FunctionalInterface
    interface Reading<T> {
        T read(DataInput in) throws IOException;
    }

    /** Writes what is kept. */
    @FunctionalInterface
    interface Writing<T> {
        void write(T kept, DataOutput out) throws IOException;
    }

    /** The file of this name in a node's state. */
    StateFile(Path state, String name, long magic, Reading<T> reading, Writing<T> writing) {
        file = new CheckedFile(state.resolve(name), name);
        this.magic = magic;
        this.reading = reading;
        this.writing = writing;
    }

    /**
     * What was saved; empty if nothing was.
     *
     * @throws IOException if the file is damaged
     */
    private Optional<T> load() throws IOException {
        Optional<byte[]> body = file.load();
        if (body.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayInputStream bytes = new ByteArrayInputStream(body.get());
        DataInputStream in = new DataInputStream(bytes);
        try {
            long found = in.readLong();
            if (found != magic) {
                throw new IOException("magic=0x" + Long.toHexString(found));
            }
            T kept = reading.read(in);
            if (bytes.available() > 0) {
                throw new IOException("bytes too many: " + bytes.available());
            }
            return Optional.of(kept);
        } catch (IOException e) {
            throw file.damaged(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What was saved, or something new.
     *
     * @param onDamage told if the file is damaged, and what was kept is forgotten
     */
    T loadOr(Supplier<T> fresh, Consumer<IOException> onDamage) {
        try {
            return load().orElseGet(fresh);
        } catch (IOException e) {
            onDamage.accept(e);
            return fresh.get();
        }
    }

    void save(T kept) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(magic);
        writing.write(kept, out);
        file.save(bytes.toByteArray());
    }
}
