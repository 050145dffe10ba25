package io.fluxfoam.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of each thread of a process since its start, as the kernel counts it, in nanoseconds.
 *
 * @param byThread by number of the thread
 */
public record ThreadTimes(Map<Long, Used> byThread) {
    /** How the names of all duty cycles begin. */
    public static final String DUTY_CYCLE = "foam-data-";

    /**
     * One thread's.
     *
     * @param name as the kernel has it: the first 15 characters
     */
    public record Used(String name, long cpuNs) {}

    /** Of all threads that live now. */
    public static ThreadTimes of(long pid) throws IOException {
        Map<Long, Used> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                try {
                    String name = Files.readString(task.resolve("comm")).strip();
                    String cpuNs = Files.readString(task.resolve("schedstat")).split(" ")[0];
                    threads.put(
                            Long.valueOf(task.getFileName().toString()),
                            new Used(name, Long.parseLong(cpuNs)));
                } catch (NoSuchFileException e) {
                    continue; // the thread has just ended
                }
            }
        }
        return new ThreadTimes(threads);
    }

    /**
     * What was used between an earlier look and this one, by the threads' names; a new thread began
     * with nothing.
     */
    public Map<String, Long> since(ThreadTimes earlier) {
        Map<String, Long> used = new TreeMap<>();
        byThread.forEach((thread, now) -> {
            Used before = earlier.byThread.get(thread);
            used.merge(now.name(), now.cpuNs() - (before == null ? 0 : before.cpuNs()), Long::sum);
        });
        return used;
    }

    /** Of all threads together. */
    public long totalNs() {
        return byThread.values().stream().mapToLong(Used::cpuNs).sum();
    }
}
