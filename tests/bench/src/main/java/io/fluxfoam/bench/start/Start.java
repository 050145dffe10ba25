package io.fluxfoam.bench.start;

import io.fluxfoam.bench.process.ThreadTimes;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What can be seen from outside of one start of a node, in milliseconds from exec. NaN if it was
 * not seen in the time given, or for the commits of a node that broadcasts nothing.
 *
 * @param joined the node has taken its name
 * @param streams the first of its streams is there
 * @param manifest its manifest is there
 * @param firstCommit the first tensor has been committed
 * @param firstReads it has had a tensor of every living peer's stream that it subscribes to
 * @param cpu what the process has computed until then, by the threads that still live; hardly
 *     depends on who else runs
 */
record Start(
        double joined,
        double streams,
        double manifest,
        double firstCommit,
        double firstReads,
        double cpu) {
    private static final long POLL_NS = 500_000;

    /**
     * To look at counters takes longer than the rest, and the process that is watched needs the
     * core.
     */
    private static final long READS_POLL_NS = 10_000_000;

    /** A node that subscribes to nothing more for so long has all that it wants. */
    private static final double SETTLED_MILLIS = 1_000;

    /** Watches a node of this name, whose first incarnation is about to be, until all is seen. */
    static Start watch(FoamDirectory foam, String node, long pid, long execNs, long timeoutNs)
            throws IOException {
        double[] seen = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        double cpu = Double.NaN;
        boolean isComplete = false;
        while (!isComplete && System.nanoTime() - execNs < timeoutNs) {
            List<String> files = foam.list();
            note(seen, 0, execNs, files.contains(node + ".mark"));
            note(seen, 1, execNs, files.stream().anyMatch(file -> isStream(file, node)));
            note(seen, 2, execNs, files.contains(FoamDirectory.fileName(node, 1, "manifest")));
            note(seen, 3, execNs, Double.isNaN(seen[3]) && hasCommitted(foam, node, files));
            if (Double.isNaN(cpu) && !Double.isNaN(seen[3])) {
                cpu = ThreadTimes.of(pid).totalNs() / 1e6;
            }
            boolean broadcasts =
                    Double.isNaN(seen[2])
                            || !Double.isNaN(seen[1]); // all streams are there before the manifest
            isComplete = !Double.isNaN(seen[2]) && (!broadcasts || !Double.isNaN(seen[3]));
            LockSupport.parkNanos(POLL_NS);
        }
        return new Start(
                seen[0], seen[1], seen[2], seen[3], firstReads(foam, node, execNs, timeoutNs), cpu);
    }

    private static double firstReads(FoamDirectory foam, String node, long execNs, long timeoutNs)
            throws IOException {
        FirstReads reads = new FirstReads(foam, node);
        double nowMillis = millisSince(execNs);
        double settledMillis = nowMillis + SETTLED_MILLIS;
        while (nowMillis < timeoutNs / 1e6 && (reads.isWaiting() || nowMillis < settledMillis)) {
            reads.look(nowMillis);
            settledMillis = Math.max(settledMillis, reads.sinceMillis() + SETTLED_MILLIS);
            LockSupport.parkNanos(READS_POLL_NS);
            nowMillis = millisSince(execNs);
        }
        return reads.sinceMillis() > 0 ? reads.sinceMillis() : Double.NaN;
    }

    private static double millisSince(long beganNs) {
        return (System.nanoTime() - beganNs) / 1e6;
    }

    private static void note(double[] seen, int index, long execNs, boolean isThere) {
        if (isThere && Double.isNaN(seen[index])) {
            seen[index] = millisSince(execNs);
        }
    }

    private static boolean isStream(String file, String node) {
        return file.startsWith(node + ".1.") && file.endsWith(".control");
    }

    private static boolean hasCommitted(FoamDirectory foam, String node, List<String> files)
            throws IOException {
        for (String file : files) {
            try {
                if (isStream(file, node)
                        && StreamView.read(foam.path().resolve(file)).sequence() > 0) {
                    return true;
                }
            } catch (NoSuchFileException e) {
                continue; // the node is leaving
            }
        }
        return false;
    }
}
