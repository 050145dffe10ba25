package io.fluxfoam.tape;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.tape.McapReader.Step;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a tape from its beginning. Of a file that was cut it reads what is whole, of one that is
 * damaged all but what is damaged, and says so in one line; then it goes on with the next file.
 * Belongs to one thread.
 */
public final class TapeReader implements AutoCloseable {
    private final List<Path> all;
    private Iterator<Path> files;
    private final Consumer<String> notices;
    private @Nullable McapReader file;

    /**
     * Opens the tape in this directory.
     *
     * @param notices told in one line of each file that is not whole
     * @throws IOException if there is none
     */
    public TapeReader(Path directory, Consumer<String> notices) throws IOException {
        TapeDirectory tape = new TapeDirectory(directory);
        List<Path> found = tape.files();
        if (found.isEmpty()) {
            throw new IOException("no tape here: path=" + tape.path());
        }
        this.all = found;
        this.files = all.iterator();
        this.notices = notices;
    }

    /**
     * The next entry; null after the last one. What the one before showed of its payload is no
     * longer valid.
     */
    public @Nullable TapeEntry next() throws IOException {
        while (true) {
            if (file == null) {
                if (!files.hasNext()) {
                    return null;
                }
                file = open(files.next());
                continue;
            }
            Step step = file.next();
            if (step == Step.MESSAGE) {
                Optional<TapeEntry> entry = TapeDecoder.decode(file);
                if (entry.isPresent()) {
                    return entry.get();
                }
                file.refuse();
            } else if (step != Step.DAMAGED) {
                file.trouble(step).ifPresent(notices);
                close();
            }
        }
    }

    /** Goes back to the beginning. */
    public void rewind() {
        close();
        files = all.iterator();
    }

    private @Nullable McapReader open(Path path) throws IOException {
        try {
            return new McapReader(path, TapeLayout.head(), false);
        } catch (LayoutException e) {
            notices.accept(String.valueOf(e.getMessage()));
            return null;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
