package io.fluxfoam.launch;

import io.fluxfoam.memory.UserId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The folder into which JavaCPP unpacks FFmpeg and libtorch. Left to itself it takes one from which
 * no library may be loaded, or one of a name that everybody can guess in the temporary directory,
 * where others may have put libraries of their own.
 */
public final class NativeCache {
    static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");
    private static final String ADVICE =
            " (name another folder: JAVA_TOOL_OPTIONS=-D" + PROPERTY + "=FOLDER)";

    private static final Path TEMPORARY =
            Path.of(System.getProperty("java.io.tmpdir"), "foam-javacpp-" + UserId.current());

    private NativeCache() {}

    /** What loads a library. */
    public interface Loading {
        void load();
    }

    /**
     * Loads with the first folder that can be used: the one that the user names, {@code
     * ~/.javacpp/cache}, {@code target/javacpp} of this checkout, one in the temporary directory
     * that only this user may write to. Before JavaCPP's first class is touched.
     *
     * @throws IOException in one line, if there is no such folder or nothing can be unpacked to it
     */
    public static void load(Loading loading) throws IOException {
        Path folder = choose(candidates());
        System.setProperty(PROPERTY, folder.toString());
        try {
            loading.load();
        } catch (LinkageError e) {
            Throwable origin = e;
            while (origin.getCause() != null) {
                origin = origin.getCause();
            }
            throw new IOException(
                    "library not loaded: path="
                            + folder
                            + " freeBytes="
                            + freeBytes(folder)
                            + " "
                            + Commands.reason(origin)
                            + ADVICE,
                    e);
        }
    }

    /** Of a full device a linker only says that it misses a file. */
    private static long freeBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }

    private static List<Path> candidates() {
        String named = System.getProperty(PROPERTY, "");
        if (!named.isBlank()) {
            return List.of(Path.of(named).toAbsolutePath());
        }
        List<Path> folders = new ArrayList<>();
        // Of a user whom the system does not know, Java says "?".
        Path home = Path.of(System.getProperty("user.home", ""));
        if (home.isAbsolute()) {
            folders.add(home.resolve(".javacpp").resolve("cache"));
        }
        FoamHome.resolve("target", "javacpp").ifPresent(folders::add);
        folders.add(TEMPORARY);
        return folders;
    }

    static Path choose(List<Path> folders) throws IOException {
        List<String> refused = new ArrayList<>();
        for (Path folder : folders) {
            String fault = fault(folder);
            if (fault.isEmpty()) {
                return folder;
            }
            refused.add(fault);
        }
        throw new IOException(
                "no folder to unpack libraries to: " + String.join(", ", refused) + ADVICE);
    }

    /** Why nothing can be loaded from there; empty if it can. */
    private static String fault(Path folder) {
        try {
            if (folder.equals(TEMPORARY)) {
                createPrivate(folder);
            }
            Files.createDirectories(folder);
            Path probe =
                    Files.createTempFile(
                            folder, ".probe", "", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            try {
                // The kernel calls no file executable on a device that is mounted noexec.
                return Files.isExecutable(probe) ? "" : "mounted noexec: path=" + folder;
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return Commands.reason(e);
        }
    }

    /** Where everybody may write, somebody else may have been there before. */
    static void createPrivate(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
        PosixFileAttributes is =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!is.isDirectory()
                || !is.permissions().equals(OWNER_ONLY)
                || !Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(UserId.current())) {
            throw new IOException("open to others: path=" + folder);
        }
    }
}
