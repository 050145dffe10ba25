package io.fluxfoam.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What decides whether a file is ours alone. Of a link it is said of the link itself.
 *
 * @param uid user id of its owner
 * @param mode type and permissions, as in {@code st_mode}
 */
public record FileFacts(int uid, int mode, boolean isRegularFile, boolean isDirectory) {
    private static final String ATTRIBUTES = "unix:uid,mode,isRegularFile,isDirectory";

    /** Asks the kernel. */
    public static FileFacts of(Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return new FileFacts(
                (Integer) read("uid", attributes),
                (Integer) read("mode", attributes),
                (Boolean) read("isRegularFile", attributes),
                (Boolean) read("isDirectory", attributes));
    }

    /** The JDK gives all attributes that it was asked for, or throws. */
    private static Object read(String name, Map<String, Object> attributes) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    /** Whether this process's user owns it. */
    public boolean isOurs() {
        return uid == UserId.current();
    }
}
