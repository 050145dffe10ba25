package io.fluxfoam.memory;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.Consumer;

/** A look at a file of somebody else, who may make, damage or remove it meanwhile. */
public final class BestEffortRead {
    private BestEffortRead() {}

    /** Opens and reads. */
    public interface Look<T> {
        /** Reads the file now. */
        T take() throws IOException;
    }

    /**
     * What a look saw; empty if the file is gone, is not finished yet, or cannot be read.
     *
     * @param trouble told why it cannot be read: neither that it is gone nor that it is being
     *     created is trouble
     */
    public static <T> Optional<T> at(Look<T> look, Consumer<IOException> trouble) {
        try {
            return Optional.of(look.take());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            boolean isNew =
                    e instanceof LayoutException layout
                            && layout.kind() == LayoutException.Kind.BEING_CREATED;
            if (!isNew) {
                trouble.accept(e);
            }
            return Optional.empty();
        }
    }
}
