package io.fluxfoam.tests.page;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A node of any role: publishes some streams, reads others, of a student's figures has the step and
 * the loss.
 */
@Command(name = "actor")
public final class Actor implements NodeAgent, Callable<Integer> {
    private static final long PERIOD_NS = 50_000_000L;

    @Mixin private NodeOptions options;

    @Option(names = "--role", required = true)
    private String role;

    @Option(names = "--publish", split = ",")
    private List<String> publish = List.of();

    @Option(names = "--read", split = ",", description = "Subscribes to them at the start.")
    private List<String> read = List.of();

    @Option(
            names = "--plan",
            description =
                    "Declares to read it, and subscribes only to those of --follow, as they come.")
    private String plan;

    @Option(names = "--follow", split = ",")
    private List<String> follow = List.of();

    private final List<StreamWriter> writers = new ArrayList<>();
    private final Map<String, Subscription> readers = new HashMap<>();
    private Node node;
    private Counter step;
    private Gauge loss;
    private long commits;
    private long nextNs = Long.MIN_VALUE;

    @Override
    public void onStart(Node started) throws Exception {
        node = started;
        for (String stream : publish) {
            writers.add(node.publish(StreamSpec.of(stream, DType.I64, 1)));
        }
        for (String target : read) {
            readers.put(target, node.subscribe(target, ReadMode.LATEST));
        }
        if (plan != null) {
            node.reads(plan);
        }
        if (role.equals("student")) {
            step = node.counters().counter("step");
            loss = node.counters().gauge("loss");
        }
    }

    @Override
    public int doWork() {
        for (PeerView peer : node.peers()) {
            if (follow.contains(peer.name())) {
                String target = peer.name() + plan.substring(plan.indexOf('/'));
                readers.computeIfAbsent(target, late -> node.subscribe(late, ReadMode.LATEST));
            }
        }
        int work = 0;
        for (Subscription reader : readers.values()) {
            try (Lease lease = reader.poll()) {
                work += lease == null ? 0 : 1;
            }
        }
        long nowNs = System.nanoTime();
        if (nowNs >= nextNs) {
            nextNs = nowNs + PERIOD_NS;
            commits++;
            work++;
            writers.forEach(writer -> commit(writer, nowNs));
            if (step != null) {
                step.increment();
                loss.set(1 + 1.0 / commits);
            }
        }
        return work;
    }

    private void commit(StreamWriter writer, long nowNs) {
        try (Claim claim = writer.claim()) {
            claim.commit(commits, nowNs);
        }
    }

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("actor", role), this);
    }

    public static void main(String[] args) {
        NodeMain.main(new Actor(), args);
    }
}
