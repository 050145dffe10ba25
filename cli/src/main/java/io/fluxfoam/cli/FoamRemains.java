package io.fluxfoam.cli;

import io.fluxfoam.liveness.FileTree;
import io.fluxfoam.liveness.FoamDirectory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Removes a foam in which nobody lives. Links are removed, never followed. */
public final class FoamRemains {
    private static final Set<String> REMADE = Set.of("journal", "state", UpLock.FILE);

    private FoamRemains() {}

    /** Removes the directory with all that is in it. */
    public static void remove(FoamDirectory foam) throws IOException {
        clear(foam);
        Files.deleteIfExists(foam.path().resolve(UpLock.FILE));
        Files.deleteIfExists(foam.path());
    }

    /** Removes all that is in the directory, but for the lock of the {@code up} that clears it. */
    static void clear(FoamDirectory foam) throws IOException {
        requireFoam(foam);
        Path root = foam.path();
        Path lock = root.resolve(UpLock.FILE);
        FileTree.removeAllBut(root, path -> path.equals(root) || path.equals(lock));
    }

    /** A directory that is not a foam is never touched, whoever names it. */
    static void requireFoam(FoamDirectory foam) throws IOException {
        boolean empty = foam.list().stream().allMatch(UpLock.FILE::equals);
        if (!empty && !foam.list().contains("created")) {
            throw new IOException(
                    "not a foam, nothing removed: path="
                            + foam.path()
                            + " has no file named created");
        }
    }

    /**
     * What nodes made anew while a foam was removed under them is a foam, or the directories of a
     * journal that was just begun.
     */
    static void requireRemade(FoamDirectory foam) throws IOException {
        if (!REMADE.containsAll(foam.list())) {
            requireFoam(foam);
        }
    }
}
