package io.fluxfoam.teacher;

/**
 * A model that cannot be used as asked: missing, corrupt, of another shape, or refused by the
 * runtime. The message is one line, carries the values, and is meant for the user.
 */
public final class ModelException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(oneLine(message));
    }

    public ModelException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
