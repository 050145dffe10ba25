package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.check.LeakCheck;
import io.fluxfoam.chaos.check.StreamCensus;
import io.fluxfoam.chaos.check.StreamVerifier;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.counters.LinkCounters.LinkState;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * One of two foams: a light node, a bridge, and the mirror of the other foam's light node, which
 * are both called as their box. All streams are verified.
 */
final class LinkedBox implements AutoCloseable {
    private static final int NETWORK_MTU_BYTES = 1_408;
    private static final long TURN_MS = 5;

    private final String name;
    private final String other;
    private final LightFoam light;
    private final LightWatch watch;
    private StreamVerifier verifier;

    LinkedBox(Path foam, String name, String other) throws IOException {
        this.name = name;
        this.other = other;
        this.light =
                LightFoam.create(
                        foam,
                        JavaProgram.ofThisProcess(),
                        (node, event) -> System.out.println(name + ": " + node + " " + event));
        this.watch = new LightWatch(light);
    }

    /**
     * Starts all that is in it.
     *
     * @param port where its bridge listens
     * @param peer where that finds the other
     */
    void start(int port, InetSocketAddress peer, Path key) throws IOException {
        light.start(name);
        light.startRole(
                Roles.BRIDGE,
                Roles.BRIDGE,
                List.of(
                        "--box=" + name,
                        "--listen=127.0.0.1:" + port,
                        "--peer=" + peer.getAddress().getHostAddress() + ":" + peer.getPort(),
                        "--key=" + key,
                        "--export=" + name,
                        "--import=" + other,
                        "--mtu=" + NETWORK_MTU_BYTES));
        verifier = StreamVerifier.start(light.tested(), FoamUnderTest.OBSERVER);
    }

    /** Waits until it has its own node, and reads of the other's. */
    void awaitAll() throws IOException, InterruptedException {
        light.awaitPublished(name);
        light.awaitPublished(other);
        awaitNews();
    }

    /** Waits until more of the other's has come. */
    void awaitNews() throws IOException, InterruptedException {
        watch.awaitReads(name, other);
    }

    /** Waits until its own node has published more: nobody waits for the wire. */
    void requireProgress() throws IOException, InterruptedException {
        watch.requireProgress(List.of(name));
    }

    /** What the mirror says of the link. */
    double link(CounterSpec figure) throws IOException {
        return watch.number(other, figure.of(other).label());
    }

    boolean isLinkDown() throws IOException {
        return link(LinkCounters.STATE) == LinkState.DOWN.ordinal();
    }

    NodeState mirror() throws IOException {
        return watch.mark(other).state();
    }

    double resentBytes() throws IOException {
        return watch.number(Roles.BRIDGE, LinkCounters.RETRANSMITTED.label());
    }

    /** Kills the bridge; returns what that was when it is back. */
    KillFault killBridge() throws IOException, InterruptedException {
        light.tested().nodes().look();
        MarkView bridge = light.tested().nodes().node(Roles.BRIDGE).orElseThrow();
        KillFault killing = KillFault.of(light.tested(), List.of(bridge));
        watch.awaitOver(killing, "the bridge of " + name + " is back");
        return killing;
    }

    /** Waits until all is in order that has to be after any fault. */
    void requireOrder() throws IOException, InterruptedException {
        StreamCensus census = new StreamCensus(light.tested().foam(), light.tested().nodes().all());
        LightWatch.await(
                "all streams of " + name + " verified",
                () -> {
                    light.tested().nodes().look();
                    census.look();
                    return verifier.missing(census.streams()).isEmpty();
                });
        verifier.close();
        System.out.println(name + ": reads verified " + verifier.readsVerified());
        LightWatch.require(verifier.tornReads() == 0, name + ": torn=" + verifier.tornReads());
        LightWatch.require(
                verifier.failure().isEmpty(), name + ": the verifier ended " + verifier.failure());
        for (String node : List.of(name, other, Roles.BRIDGE)) {
            LightWatch.await(
                    node + " in " + name + " is well",
                    () -> watch.mark(node).state() == NodeState.ALIVE);
        }
        LightWatch.await(
                "nothing is leaked in " + name + ": " + leaks(),
                () -> {
                    light.tested().nodes().look();
                    LeakCheck leaks = leaks();
                    return leaks.bytes() == 0 && leaks.leases() == 0;
                });
    }

    private LeakCheck leaks() throws IOException {
        return LeakCheck.of(light.tested().foam(), light.tested().nodes().all());
    }

    void sayWhatWasSaid() throws IOException {
        light.tested().nodes().look();
        IsolatedFaultMain.sayWhatWasSaid(light.tested());
    }

    @Override
    public void close() throws IOException {
        light.close();
    }
}
