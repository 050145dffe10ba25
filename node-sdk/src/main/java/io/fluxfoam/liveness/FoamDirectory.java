package io.fluxfoam.liveness;

import io.fluxfoam.memory.FileFacts;
import io.fluxfoam.memory.UserId;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one directory of a foam. Everything about it is told by the names in it:
 *
 * <pre>
 *   created                                   when the foam began (the file's modification time)
 *   cleaner.lock                              whose holder may remove what dead nodes left
 *   NODE.mark                                 lock, incarnation, heartbeat; one for all incarnations
 *   NODE.INCARNATION.counters                 counters and error log
 *   NODE.INCARNATION.manifest                 who I am, what I broadcast: a Chronicle Map, or JSON
 *   NODE.INCARNATION.card                     the same in JSON, of a node whose manifest is none
 *   NODE.INCARNATION.STREAM.control           slots' words, headers, readers' lanes
 *   NODE.INCARNATION.STREAM.payload           slots' bytes
 *   NODE.replay.PART                          what a student was shown; for all its incarnations
 *   up.lock                                   held by the `up` that starts the nodes
 *   NODE.log, NODE.log.1                      what the process printed, if `up` started it
 *   journal/NODE, state/NODE                  low-rate facts, durable state
 * </pre>
 *
 * The directory has mode 0700 and belongs to this user; anything else is refused. Names that begin
 * with a dot are being written and belong to whoever writes them.
 */
public final class FoamDirectory {
    private static final Pattern OF_INCARNATION =
            Pattern.compile("\\.?(" + Names.NODE + ")\\.(\\d{1,8})\\..+");

    static final String MARK_SUFFIX = ".mark";

    private final Path path;

    private FoamDirectory(Path path) {
        this.path = path;
    }

    /** The default: {@code $FOAM_DIR}, else {@code /dev/shm/foam-UID}. */
    public static Path defaultPath() {
        String configured = System.getenv("FOAM_DIR");
        if (configured != null && !configured.isBlank()) {
            return Path.of(configured);
        }
        return Path.of("/dev/shm", "foam-" + UserId.current());
    }

    /** Opens the foam in this directory and creates it if it is not there. */
    public static FoamDirectory create(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            Files.createDirectory(
                    absolute,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // somebody was here before: checked below like any other
        } catch (NoSuchFileException e) {
            throw new IOException("the foam's parent directory does not exist: path=" + absolute);
        }
        FoamDirectory foam = open(absolute);
        try {
            Files.createFile(
                    absolute.resolve("created"),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // the foam is older than this node
        }
        return foam;
    }

    /** Opens an existing foam. */
    public static FoamDirectory open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        FileFacts facts;
        try {
            facts = FileFacts.of(absolute);
        } catch (NoSuchFileException e) {
            throw new IOException("no foam here: path=" + absolute);
        }
        if (!facts.isDirectory()) {
            throw new IOException("the foam's path is not a directory: path=" + absolute);
        }
        if (!facts.isOurs()) {
            throw new IOException(
                    "the foam belongs to another user: path="
                            + absolute
                            + " uid="
                            + facts.uid()
                            + " ours="
                            + UserId.current());
        }
        if ((facts.mode() & 0077) != 0) {
            throw new IOException(
                    "the foam is open to others: path="
                            + absolute
                            + " mode="
                            + Integer.toOctalString(facts.mode() & 0777)
                            + " wanted=700");
        }
        return new FoamDirectory(absolute);
    }

    public Path path() {
        return path;
    }

    /** Milliseconds since the epoch at which the foam was created. */
    public long createdMillis() throws IOException {
        FileTime time =
                Files.getLastModifiedTime(path.resolve("created"), LinkOption.NOFOLLOW_LINKS);
        return time.toMillis();
    }

    /**
     * Creates a directory with what is missing above it, but never the foam itself: a node that
     * lives on in a foam that was removed must not make it anew.
     */
    public Path createDirectories(Path directory) throws IOException {
        FileAttribute<?> ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        if (!directory.startsWith(path)) {
            return Files.createDirectories(directory, ownerOnly);
        }
        Path level = path;
        for (Path name : path.relativize(directory)) {
            level = level.resolve(name);
            try {
                Files.createDirectory(level, ownerOnly);
            } catch (FileAlreadyExistsException e) {
                // made before, by this node or another
            } catch (NoSuchFileException e) {
                throw new IOException("the foam is gone: path=" + path);
            }
        }
        return directory;
    }

    /** Mark file of a node. */
    public Path mark(String node) {
        return path.resolve(Names.checkNode(node) + MARK_SUFFIX);
    }

    /**
     * A file that all incarnations of a node share: it stays when the node dies or stops, and goes
     * with the foam.
     */
    public Path file(String node, String suffix) {
        return path.resolve(Names.checkNode(node) + "." + suffix);
    }

    /** A file of one incarnation of a node. */
    public Path file(String node, long incarnation, String suffix) {
        return path.resolve(fileName(node, incarnation, suffix));
    }

    /** Name of a file of one incarnation of a node. */
    public static String fileName(String node, long incarnation, String suffix) {
        return Names.checkNode(node) + "." + incarnation + "." + suffix;
    }

    /** Names of all nodes that ever joined, in alphabetical order. */
    public List<String> nodes() throws IOException {
        List<String> names = new ArrayList<>();
        for (String file : list()) {
            if (file.endsWith(MARK_SUFFIX)) {
                String name = file.substring(0, file.length() - MARK_SUFFIX.length());
                if (Names.isNode(name)) {
                    names.add(name);
                }
            }
        }
        names.sort(null);
        return names;
    }

    /** File names in the directory, in no order. */
    public List<String> list() throws IOException {
        String[] files = path.toFile().list();
        if (files == null) {
            throw new IOException("cannot list the foam: path=" + path);
        }
        return List.of(files);
    }

    /** A file that belongs to one incarnation of a node. */
    public record Owned(String fileName, String node, long incarnation) {
        /** Whether it is a stream's control file that its writer lived to finish. */
        public boolean isControl() {
            return fileName.endsWith(".control") && !fileName.startsWith(".");
        }
    }

    /** The files of this node that belong to an incarnation, the half-written ones included. */
    public List<Owned> filesOf(String node) throws IOException {
        List<Owned> owned = new ArrayList<>();
        for (String file : list()) {
            Matcher matcher = OF_INCARNATION.matcher(file);
            if (matcher.matches() && matcher.group(1).equals(node)) {
                owned.add(new Owned(file, node, Long.parseLong(matcher.group(2))));
            }
        }
        return owned;
    }
}
