package io.fluxfoam.coordinator;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the process of a living node uses, as the kernel tells.
 *
 * <p>The process is found by the process id in the node's mark and believed only if one of its open
 * files holds the lock of that mark: the number of a dead node may be somebody else's by now, and
 * that of a node in another container means nothing here. That a process has the mark mapped would
 * prove less, since every peer has, and to read its mappings may hang with a process that hangs.
 *
 * @param cpuSeconds in user and kernel, all threads, since it started
 * @param residentBytes memory
 * @param threads how many it has
 */
record ProcessUsage(double cpuSeconds, long residentBytes, long threads) {
    private static final Path PROC = Path.of("/proc");

    /** Linux counts CPU time for others in hundredths of a second, whatever the clock. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TICKS_AFTER_NAME = 11;
    private static final int KERNEL_TICKS_AFTER_NAME = 12;
    private static final int THREADS_AFTER_NAME = 17;

    /** Of a node; empty if it is not alive, or its process is gone or not to be seen. */
    static Optional<ProcessUsage> of(FoamDirectory foam, MarkView node) {
        if (!node.state().isHeld()) {
            return Optional.empty();
        }
        Path process = PROC.resolve(String.valueOf(node.pid()));
        try {
            ProcessUsage usage = read(process);
            return holdsLock(process, foam.mark(node.name()).toRealPath())
                    ? Optional.of(usage)
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // it ended meanwhile
        }
    }

    private static ProcessUsage read(Path process) throws IOException {
        // The name in the second field may hold blanks, and need not be text; it ends with the last
        // bracket.
        String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks =
                Long.parseLong(fields[USER_TICKS_AFTER_NAME])
                        + Long.parseLong(fields[KERNEL_TICKS_AFTER_NAME]);
        return new ProcessUsage(
                ticks / TICKS_PER_SECOND,
                residentBytes(process),
                Long.parseLong(fields[THREADS_AFTER_NAME]));
    }

    private static long residentBytes(Path process) throws IOException {
        for (String line :
                Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("VmRSS:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no memory: process=" + process); // a zombie
    }

    private static boolean holdsLock(Path process, Path mark) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (isLink(file, mark)
                        && hasWriteLock(
                                Files.readAllLines(
                                        process.resolve("fdinfo").resolve(file.getFileName())))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean isLink(Path file, Path target) {
        try {
            return Files.readSymbolicLink(file).equals(target);
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }

    private static boolean hasWriteLock(List<String> fileInfo) {
        return fileInfo.stream()
                .anyMatch(line ->
                        line.startsWith("lock:")
                                && line.contains("OFDLCK")
                                && line.contains("WRITE"));
    }
}
