package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.chaos.process.LightNode;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Waits until light nodes do what they should; what they never do is an error. */
final class LightWatch {
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long LOOK_EVERY_MS = 5;

    private final LightFoam light;

    LightWatch(LightFoam light) {
        this.light = light;
    }

    /** Something that is not yet, or is. */
    interface Condition {
        boolean holds() throws IOException;
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.holds()) {
            require(System.nanoTime() < deadlineNs, "never: " + what);
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }

    /** Turns a fault until it is over. */
    void awaitOver(FaultExecution fault, String what) throws IOException, InterruptedException {
        await(
                what,
                () -> {
                    light.tested().nodes().look();
                    return fault.turn(System.nanoTime());
                });
    }

    void requireProgress(List<String> names) throws IOException, InterruptedException {
        Map<String, Long> before = new HashMap<>();
        for (String name : names) {
            before.put(name, sequence(name));
        }
        for (String name : names) {
            await(name + " goes on", () -> sequence(name) > before.get(name));
        }
    }

    private long sequence(String name) throws IOException {
        long incarnation = mark(name).incarnation();
        String file = LightNode.STREAM + ".control";
        return StreamView.read(light.tested().foam().file(name, incarnation, file)).sequence();
    }

    MarkView mark(String name) throws IOException {
        return MarkView.read(light.tested().foam(), name);
    }

    /** What a node has counted; NaN if nothing. */
    double number(String name, String label) throws IOException {
        return light.tested()
                .nodes()
                .counters(mark(name))
                .map(counters -> counters.number(label))
                .orElse(Double.NaN);
    }

    /** Waits until this node reads that one's newest incarnation. */
    void awaitReads(String reader, String writer) throws IOException, InterruptedException {
        long before = reads(reader, writer);
        await(reader + " reads " + writer, () -> reads(reader, writer) > before);
    }

    private long reads(String reader, String writer) throws IOException {
        String label = FabricCounters.READ_LEASES.of(writer + "/" + LightNode.STREAM).label();
        double leases = number(reader, label);
        return Double.isFinite(leases) ? (long) leases : 0;
    }
}
