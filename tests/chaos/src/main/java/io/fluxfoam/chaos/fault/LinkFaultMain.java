package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.plan.FaultKind;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.wire.SharedKey;
import io.fluxfoam.chaos.wire.Weather;
import io.fluxfoam.chaos.wire.Wire;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.NodeState;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Does one fault to two foams with a bridge each and the wire between them. Exit code 0 if both
 * went on, all that was read was whole, nothing is left over, and all healed by itself. What was
 * measured goes to standard output as {@code NAME=NUMBER}.
 */
final class LinkFaultMain {
    private static final long SEED = 20261129;
    private static final double DELAY_MS = 50;
    private static final double LOSS = 0.05;
    private static final int TENSORS_UNDER_LOSS = 100;
    private static final double MILLI = 1e6;

    private final LinkedBox near;
    private final LinkedBox far;
    private final Wire wire;
    private final long absenceNs;

    private LinkFaultMain(LinkedBox near, LinkedBox far, Wire wire, long absenceNs) {
        this.near = near;
        this.far = far;
        this.wire = wire;
        this.absenceNs = absenceNs;
    }

    /** Runs it: name of the fault, empty directory, how long a partition lasts at least. */
    public static void main(String[] args) {
        try {
            run(FaultKind.of(args[0]), Path.of(args[1]), Long.parseLong(args[2]) * 1_000_000);
        } catch (Exception e) {
            System.out.println(Commands.reason(e));
            System.exit(1);
        }
    }

    private static void run(FaultKind fault, Path directory, long absenceNs) throws Exception {
        Path home = JavaProgram.ofThisProcess().home();
        Path bridge = home.resolve(Path.of("nodes", Roles.BRIDGE, "target", "classpath.txt"));
        LightWatch.require(Files.exists(bridge), "no bridge is built: home=" + home);
        System.out.println(IsolatedFaultMain.BEGUN);
        Path key = SharedKey.in(directory);
        int nearPort = freePort();
        int farPort = freePort();
        try (LinkedBox near = new LinkedBox(directory.resolve("near"), "near", "far");
                LinkedBox far = new LinkedBox(directory.resolve("far"), "far", "near");
                Wire wire = new Wire(nearPort, farPort, SEED)) {
            try {
                near.start(nearPort, wire.second(), key);
                far.start(farPort, wire.first(), key);
                near.awaitAll();
                far.awaitAll();
                new LinkFaultMain(near, far, wire, absenceNs).suffer(fault);
                near.requireOrder();
                far.requireOrder();
            } catch (Exception e) {
                near.sayWhatWasSaid();
                far.sayWhatWasSaid();
                throw e;
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private void suffer(FaultKind fault) throws Exception {
        switch (fault) {
            case BRIDGE_KILL -> killBridges();
            case PARTITION -> cut(Weather.CUT);
            case ONE_WAY_PARTITION -> cut(Weather.FAIR);
            case DELAY -> delay();
            case LOSS -> lose();
            default -> throw new IllegalArgumentException("no wire needed: fault=" + fault.label());
        }
    }

    /** One after the other; each time all that was read across is read again. */
    private void killBridges() throws Exception {
        double detectedMs = 0;
        double backMs = 0;
        for (LinkedBox box : List.of(near, far)) {
            long killedNs = System.nanoTime();
            KillFault killing = box.killBridge();
            awaitNews();
            backMs = Math.max(backMs, millisSince(killedNs));
            detectedMs =
                    Math.max(detectedMs, Objects.requireNonNullElse(killing.detectMillis(), 0.0));
        }
        say(IsolatedFaultMain.DETECTED, detectedMs);
        say(IsolatedFaultMain.BACK, backMs);
        System.out.println(IsolatedFaultMain.KILLS + "=2");
    }

    /** For both sides a link is down of which one way is: what cannot be answered is not heard. */
    private void cut(Weather towardsNear) throws Exception {
        long cutNs = System.nanoTime();
        wire.become(towardsNear, Weather.CUT);
        LightWatch.await("both links are down", () -> near.isLinkDown() && far.isLinkDown());
        say(IsolatedFaultMain.DETECTED, millisSince(cutNs));
        do {
            near.requireProgress();
            far.requireProgress();
        } while (System.nanoTime() - cutNs < absenceNs);
        for (LinkedBox box : List.of(near, far)) {
            LightWatch.require(
                    box.mirror() == NodeState.ALIVE,
                    "a partition is nobody's death: mirror=" + box.mirror());
        }
        heal();
    }

    private void delay() throws Exception {
        long beganNs = System.nanoTime();
        wire.become(new Weather(DELAY_MS, 0));
        LightWatch.await(
                "both links show the delay",
                () -> roundTrip(near) >= 2 * DELAY_MS && roundTrip(far) >= 2 * DELAY_MS);
        say(IsolatedFaultMain.DETECTED, millisSince(beganNs));
        awaitNews();
        heal();
    }

    private static double roundTrip(LinkedBox box) throws IOException {
        return box.link(LinkCounters.ROUND_TRIP);
    }

    /** What is lost is sent again. */
    private void lose() throws Exception {
        long beganNs = System.nanoTime();
        double resent = near.resentBytes();
        double received = near.link(LinkCounters.RECEIVED);
        wire.become(new Weather(0, LOSS));
        LightWatch.await("something is sent again", () -> near.resentBytes() > resent);
        say(IsolatedFaultMain.DETECTED, millisSince(beganNs));
        LightWatch.await(
                "tensors come",
                () -> near.link(LinkCounters.RECEIVED) >= received + TENSORS_UNDER_LOSS);
        LightWatch.require(!near.isLinkDown() && !far.isLinkDown(), "a link is down");
        heal();
    }

    private void heal() throws Exception {
        long mendedNs = System.nanoTime();
        wire.become(Weather.FAIR);
        awaitNews();
        say(IsolatedFaultMain.BACK, millisSince(mendedNs));
    }

    private void awaitNews() throws Exception {
        near.awaitNews();
        far.awaitNews();
    }

    private static double millisSince(long thenNs) {
        return (System.nanoTime() - thenNs) / MILLI;
    }

    private static void say(String what, double millis) {
        System.out.println(what + "=" + millis);
    }
}
