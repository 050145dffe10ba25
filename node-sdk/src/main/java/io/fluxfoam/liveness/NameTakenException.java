package io.fluxfoam.liveness;

import io.fluxfoam.memory.LayoutException;

import java.io.IOException;

/** A living process has the name already. */
public final class NameTakenException extends IOException {
    private static final long serialVersionUID = 1L;

    NameTakenException(String node, MarkView holder) {
        super(
                "a node of this name is running: name="
                        + node
                        + " state="
                        + holder.state()
                        + " pid="
                        + holder.pid()
                        + " incarnation="
                        + holder.incarnation());
    }

    /** The holder has only just begun, or its mark cannot be read. */
    NameTakenException(String node, LayoutException reason) {
        super("a node of this name is running: name=" + node + " (" + reason.getMessage() + ")");
    }
}
