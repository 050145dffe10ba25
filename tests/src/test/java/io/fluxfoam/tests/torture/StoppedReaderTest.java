package io.fluxfoam.tests.torture;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** SIGSTOP of a reader that holds a lease: it is STALLED and keeps its bytes; SIGKILL ends both. */
@Timeout(300)
class StoppedReaderTest {
    private static final StreamSpec X = StreamSpec.of("x", DType.I64, 1_024);
    private static final long PACE_NS = 1_000_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Path foamPath;
    private NodeRunner writer;
    private Worker holder;
    private final Pacer pacer = new Pacer();

    @BeforeEach
    void startBoth() throws IOException {
        foamPath = directory.resolve("foam");
        writer =
                NodeRunner.launch(
                        new NodeContext().foam(foamPath).name("writer").role("pacer"), pacer);
        holder =
                Worker.start(
                        "holder", directory, HolderProcess.class, foamPath, "holder", "writer/x");
    }

    @AfterEach
    void stopBoth() {
        holder.close();
        writer.close();
    }

    /** Commits at a pace, and notes how long each took from claim to commit. */
    private static final class Pacer implements NodeAgent {
        private final long[] tookNs = new long[1 << 17];
        private volatile int commits;
        private StreamWriter stream;
        private long dueNs = System.nanoTime();

        @Override
        public void onStart(Node node) throws Exception {
            stream = node.publish(X);
        }

        @Override
        public int doWork() {
            long waitNs = dueNs - System.nanoTime();
            if (waitNs > 0) {
                LockSupport.parkNanos(waitNs);
                return 1;
            }
            long beganNs = System.nanoTime();
            long sequence = stream.sequence() + 1;
            try (Claim claim = stream.claim()) {
                Tensors.fill(claim.payload(), X.slotBytes(), sequence);
                claim.commit(sequence, sequence);
            }
            tookNs[commits % tookNs.length] = System.nanoTime() - beganNs;
            commits++;
            dueNs += PACE_NS;
            return 1;
        }

        double micros(int percent, int from, int to) {
            long[] sorted = Arrays.copyOfRange(tookNs, from, to);
            Arrays.sort(sorted);
            return sorted[(sorted.length - 1) * percent / 100] / 1e3;
        }
    }

    private FoamDirectory foam() throws IOException {
        return FoamDirectory.open(foamPath);
    }

    private NodeState state(String node) throws IOException {
        return MarkView.read(foam(), node).state();
    }

    private List<StreamView.LaneView> lanes() throws IOException {
        return StreamView.read(foam().file("writer", 1, "x.control")).lanes();
    }

    private boolean isLeasing(long sequence) throws IOException {
        long owner = OwnerKey.of("holder", 1);
        return lanes().stream()
                .anyMatch(lane -> lane.owner() == owner && lane.heldSequence() == sequence);
    }

    private void awaitCommits(int more) throws InterruptedException {
        int before = pacer.commits;
        eventually("the writer goes on", () -> pacer.commits >= before + more);
    }

    @Test
    void shouldKeepItsBytesWhileItIsStopped() throws Exception {
        stop(200);
    }

    @Test
    @Tag("slow")
    void shouldKeepItsBytesWhileItIsStoppedFor30Seconds() throws Exception {
        awaitCommits(10_000);
        int from = pacer.commits;
        stop(30_000);
        int stopped = from + 30_000;
        int goesOn = pacer.commits;
        awaitCommits(10_000);
        for (int percent : new int[] {50, 99}) {
            System.out.println(
                    "claimToCommitMicros percent="
                            + percent
                            + " before="
                            + pacer.micros(percent, from / 2, from)
                            + " during="
                            + pacer.micros(percent, from, stopped)
                            + " after="
                            + pacer.micros(percent, goesOn, goesOn + 10_000));
        }
    }

    private void stop(int commits) throws Exception {
        String[] leased = holder.ask("lease").split(" ");
        long sequence = Long.parseLong(leased[0]);
        assertEquals("true", leased[1]);
        holder.signal("STOP");
        eventually("it is STALLED", () -> state("holder") == NodeState.STALLED);
        awaitCommits(Math.max(commits, 4 * X.slots()));
        assertEquals(NodeState.STALLED, state("holder"));
        assertTrue(isLeasing(sequence));
        holder.signal("CONT");
        assertEquals(sequence + " true", holder.ask("close"));
        String[] next = holder.ask("next").split(" ");
        long missed = Long.parseLong(next[1]) - Long.parseLong(leased[2]);
        assertEquals(Long.parseLong(next[0]) - sequence - 1, missed);
        assertTrue(missed >= commits - X.slots(), () -> "missed=" + missed);
        eventually("it is ALIVE", () -> state("holder") == NodeState.ALIVE);
        assertFalse(isLeasing(sequence));
        for (String node : List.of("holder", "writer")) {
            assertEquals(
                    List.of(), CountersSnapshot.read(foam().file(node, 1, "counters")).errors());
        }
    }

    @Test
    void shouldLoseItsLeaseOnlyByItsDeath() throws Exception {
        long sequence = Long.parseLong(holder.ask("lease").split(" ")[0]);
        holder.signal("STOP");
        eventually("it is STALLED", () -> state("holder") == NodeState.STALLED);
        awaitCommits(4 * X.slots());
        assertTrue(isLeasing(sequence));
        holder.signal("KILL");
        holder.await();
        assertEquals(NodeState.DEAD, state("holder"));
        eventually("its lane is free", () -> lanes().isEmpty());
        int before = pacer.commits;
        eventually(
                "its slot is used again",
                () ->
                        StreamView.read(foam().file("writer", 1, "x.control")).slots().stream()
                                .allMatch(
                                        slot -> slot.sequence() == 0 || slot.sequence() > before));
    }
}
