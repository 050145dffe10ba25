package io.fluxfoam.chaos;

import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/** One run of chaos in a foam: torments, looks, and says what it found. For one thread. */
final class ChaosRun {
    /** Name under which chaos joins a foam. */
    static final String NAME = "chaos";

    private static final long TURN_NS = 5_000_000L;

    /** Chaos takes CPU from those it measures: while nothing happens, or nothing has for long, it looks less often. */
    private static final long QUIET_TURN_NS = 20_000_000L;

    private static final double LONG_SECONDS = 10;

    private static final long SAMPLE_EVERY_NS = 250_000_000L;
    private static final long PEACE_NS = 5_000_000_000L;
    private static final long SETTLE_NS = 5_000_000_000L;
    private static final long HUNG_NS = 10_000_000_000L;
    private static final long PATIENCE_NS = 120_000_000_000L;

    private final Ground ground;
    private final FoamDirectory foam;
    private final Herd herd;
    private final Optional<Curve> undisturbed;
    private final Agenda agenda;
    private final Ordeals ordeals;
    private final BiConsumer<String, String> events;
    private final Census census;
    private final Losses losses;
    private final List<Doing> doing = new ArrayList<>();
    private final List<FaultReport> reports = new ArrayList<>();
    private final List<Outcome.Happened> happened = new ArrayList<>();
    private final Map<String, Long> killed = new HashMap<>();
    private final Set<Torment> putOff = new HashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final double ageAtStart;
    private final long beganNs = System.nanoTime();
    private long busyUntilNs = beganNs - PEACE_NS;
    private long nextSampleNs = beganNs;
    private int kills;
    private int hungNodes;
    private int dropped;

    /** A torment that has begun, and how far the loop was then. */
    private record Doing(Torment torment, Ordeal ordeal, double beganSeconds, Pace.Sample before) {}

    /** A run that begins now. */
    ChaosRun(Ground ground, Agenda agenda) throws IOException {
        this(ground, agenda, Optional.empty());
    }

    /**
     * A run that begins now.
     *
     * @param undisturbed what an undisturbed run of the same seed did, to compare with
     */
    ChaosRun(Ground ground, Agenda agenda, Optional<Curve> undisturbed) throws IOException {
        this.ground = ground;
        this.undisturbed = undisturbed;
        this.ageAtStart = (System.currentTimeMillis() - ground.foam().createdMillis()) / 1e3;
        this.foam = ground.foam();
        this.herd = ground.herd();
        this.agenda = agenda;
        this.events = ground.events();
        this.ordeals = new Ordeals(ground, JavaProgram.ofThisProcess());
        this.losses = new Losses(new Pace(herd));
        herd.look();
        this.census = new Census(foam, herd.living());
    }

    /** Does the whole agenda, waits until all is over, and looks at what is left. */
    Outcome run(long seed) throws IOException, InterruptedException {
        Verifier verifier = Verifier.start(ground, NAME);
        try (verifier) { // closed before the leaks are counted: its own lanes are none
            while (!agenda.isOver(elapsedMillis()) || !doing.isEmpty()) {
                if (ground.debts().isClosing()) {
                    throw new IOException("interrupted");
                }
                turn();
                LockSupport.parkNanos(hasFreshTorment() ? TURN_NS : QUIET_TURN_NS);
            }
            Thread.sleep(SETTLE_NS / 1_000_000);
            census.look();
        }
        countHung();
        return outcome(seed, seconds(), verifier);
    }

    /** STALLED now and for a while: on a crowded machine a node may only be waiting for its turn. */
    private void countHung() throws IOException, InterruptedException {
        herd.look();
        Set<String> stalled = new TreeSet<>(herd.living().stream().map(MarkView::name).toList());
        for (long endNs = System.nanoTime() + HUNG_NS; !stalled.isEmpty() && System.nanoTime() < endNs; ) {
            herd.look();
            stalled.removeIf(node -> herd.node(node).map(mark -> mark.state() != NodeState.STALLED).orElse(true));
            Thread.sleep(TURN_NS / 1_000_000);
        }
        hungNodes += stalled.size();
        stalled.forEach(node -> events.accept(node, "hung: STALLED for " + HUNG_NS / 1_000_000_000 + " s"));
    }

    private boolean hasFreshTorment() {
        double seconds = seconds();
        return doing.stream().anyMatch(one -> seconds - one.beganSeconds < LONG_SECONDS);
    }

    private long elapsedMillis() {
        return (System.nanoTime() - beganNs) / 1_000_000;
    }

    private double seconds() {
        return (System.nanoTime() - beganNs) / 1e9;
    }

    private void turn() throws IOException {
        herd.look();
        long nowNs = System.nanoTime();
        long nowMillis = elapsedMillis();
        if (!agenda.isOver(nowMillis)) {
            for (Torment torment : agenda.due(nowMillis)) {
                begin(torment);
            }
            for (Torment torment : agenda.dropped().subList(dropped, agenda.dropped().size())) {
                dropped++;
                fail(torment, new IOException("dropped: its target was not ready for too long"));
            }
        }
        for (Iterator<Doing> all = doing.iterator(); all.hasNext(); ) {
            Doing one = all.next();
            busyUntilNs = nowNs;
            if (isOver(one, nowNs)) {
                all.remove();
                end(one);
            }
        }
        if (nowNs - nextSampleNs >= 0) {
            nextSampleNs = nowNs + SAMPLE_EVERY_NS;
            losses.sample(seconds(), agenda.windowAt(nowMillis), nowNs - busyUntilNs > PEACE_NS);
            census.look();
        }
    }

    /** One that fails is given up: the others and the report do not depend on it. */
    private boolean isOver(Doing one, long nowNs) {
        try {
            if (one.ordeal.turn(nowNs)) {
                return true;
            }
        } catch (IOException e) {
            fail(one.torment, e);
            giveUp(one);
            return true;
        }
        if (seconds() - one.beganSeconds > PATIENCE_NS / 1e9) {
            events.accept(
                    one.torment.target(),
                    one.torment.fault().label() + " given up: not over after " + PATIENCE_NS / 1_000_000_000 + " s");
            giveUp(one);
            return true;
        }
        return false;
    }

    private void giveUp(Doing one) {
        try {
            one.ordeal.abandon();
        } catch (IOException e) {
            fail(one.torment, e);
        }
    }

    private void fail(Torment torment, IOException e) {
        String failure = torment.line() + ": " + Commands.reason(e);
        failures.add(failure);
        events.accept(torment.target(), failure);
    }

    private void begin(Torment torment) {
        try {
            Optional<Ordeal> ordeal = ordeals.begin(torment, this::isBusy);
            if (ordeal.isPresent()) {
                agenda.begun(torment);
                losses.tormented(agenda.windowAt(elapsedMillis()));
                doing.add(new Doing(torment, ordeal.get(), seconds(), losses.newest()));
            }
        } catch (IOException e) { // for example it ended by itself since we looked: offered again
            if (putOff.add(torment)) {
                events.accept(torment.target(), torment.fault().label() + " put off: " + e.getMessage());
            }
        }
    }

    private boolean isBusy(String node) {
        return doing.stream().anyMatch(one -> one.ordeal.isAbout(node));
    }

    private void end(Doing one) throws IOException {
        agenda.ended(one.torment);
        kills += one.ordeal.kills();
        for (Victim victim : one.ordeal.victims()) {
            killed.merge(victim.node(), victim.incarnation(), Math::max);
        }
        hungNodes += one.ordeal.hungNodes();
        losses.sample(seconds(), agenda.windowAt(elapsedMillis()), false);
        Losses.Lost lost = losses.since(one.before);
        FaultReport report =
                new FaultReport(
                        one.torment.fault().label(),
                        one.torment.target(),
                        one.ordeal.detectMillis(),
                        one.ordeal.rejoinMillis(),
                        lost.frames(),
                        lost.steps());
        reports.add(report);
        happened.add(new Outcome.Happened(one.beganSeconds, seconds(), one.torment));
        events.accept(
                report.target(),
                report.fault() + " over: detected " + millis(report.detectMillis()) + ", back "
                        + millis(report.rejoinMillis()));
    }

    private static String millis(Double millis) {
        return millis == null ? "-" : String.format(Locale.ROOT, "%.0f ms", millis);
    }

    private Set<String> notBack() {
        Set<String> notBack = new TreeSet<>();
        killed.forEach(
                (node, incarnation) -> {
                    Optional<MarkView> now = herd.node(node);
                    if (now.isEmpty() || !now.get().state().isHeld() || now.get().incarnation() <= incarnation) {
                        notBack.add(node);
                    }
                });
        return notBack;
    }

    /** Streams of the loop that were never verified; one of somebody else that cannot be is not the loop's fault. */
    private Set<String> unverified(Verifier verifier) {
        Set<String> unverified = verifier.missing(census.streams());
        for (String stream : verifier.uncheckable()) {
            if (census.isOfLoop(stream)) {
                unverified.add(stream);
            } else {
                unverified.remove(stream);
            }
        }
        return unverified;
    }

    private Outcome outcome(long seed, double seconds, Verifier verifier) throws IOException {
        Leaks leaks = Leaks.of(foam, herd.all());
        leaks.files().forEach(file -> events.accept("foam", "leaked: " + file));
        List<Double> detected = reports.stream().map(FaultReport::detectMillis).toList();
        List<Double> back = reports.stream().map(FaultReport::rejoinMillis).toList();
        Tempo tempo = losses.tempo();
        Curve curve = Curve.of(losses.samples(), ageAtStart);
        Optional<HeldOut> heldOut = undisturbed.map(other -> HeldOut.of(other, curve));
        ChaosReport report =
                new ChaosReport(
                        seed,
                        seconds,
                        kills,
                        List.copyOf(reports),
                        Quantile.of(detected, 0.50),
                        Quantile.of(detected, 0.99),
                        Quantile.of(back, 0.50),
                        Quantile.of(back, 0.99),
                        verifier.readsVerified(),
                        verifier.tornReads(),
                        hungNodes,
                        leaks.bytes(),
                        leaks.leases(),
                        tempo.stepsPerSecond(false),
                        tempo.stepsPerSecond(true),
                        tempo.momentsPerSecond(false),
                        tempo.momentsPerSecond(true),
                        heldOut.isPresent() ? heldOut.get().undisturbed() : tempo.heldOut(false),
                        heldOut.isPresent() ? heldOut.get().underChaos() : tempo.heldOut(true));
        verifier.failure().ifPresent(failure -> failures.add("the verifier ended: " + failure));
        Verdict verdict = Verdict.of(report, unverified(verifier), notBack(), failures);
        return new Outcome(
                report, verdict, tempo, curve, undisturbed, ageAtStart, List.copyOf(happened), verifier.uncheckable());
    }
}
