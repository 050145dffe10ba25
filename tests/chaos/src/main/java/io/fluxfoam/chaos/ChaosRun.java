package io.fluxfoam.chaos;

import io.fluxfoam.chaos.check.LeakCheck;
import io.fluxfoam.chaos.check.LearningCurve;
import io.fluxfoam.chaos.check.LoopSampler;
import io.fluxfoam.chaos.check.LostWork;
import io.fluxfoam.chaos.check.Quantile;
import io.fluxfoam.chaos.check.StreamCensus;
import io.fluxfoam.chaos.check.StreamVerifier;
import io.fluxfoam.chaos.check.WindowFigures;
import io.fluxfoam.chaos.fault.FaultExecution;
import io.fluxfoam.chaos.fault.FaultInjector;
import io.fluxfoam.chaos.fault.KilledNode;
import io.fluxfoam.chaos.plan.FaultSchedule;
import io.fluxfoam.chaos.plan.ScheduledFault;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.NodeTracker;
import io.fluxfoam.chaos.report.ChaosReport;
import io.fluxfoam.chaos.report.FaultReport;
import io.fluxfoam.chaos.report.HeldOutComparison;
import io.fluxfoam.chaos.report.RunResult;
import io.fluxfoam.chaos.report.Verdict;
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

/** One run of chaos in a foam: injects faults, looks, and says what it found. For one thread. */
public final class ChaosRun {
    private static final long TURN_NS = 5_000_000L;

    /**
     * Chaos takes CPU from those it measures: while nothing happens, or nothing has for long, it
     * looks less often.
     */
    private static final long QUIET_TURN_NS = 20_000_000L;

    private static final double LONG_SECONDS = 10;

    private static final long SAMPLE_EVERY_NS = 250_000_000L;
    private static final long PEACE_NS = 5_000_000_000L;
    private static final long SETTLE_NS = 5_000_000_000L;

    /** So often every stream, in the mean, is read once more after the last fault. */
    private static final int SETTLED_READS = 10;

    private static final long HUNG_NS = 10_000_000_000L;
    private static final long PATIENCE_NS = 120_000_000_000L;

    private final FoamUnderTest tested;
    private final FoamDirectory foam;
    private final NodeTracker nodes;
    private final Optional<LearningCurve> undisturbed;
    private final FaultSchedule schedule;
    private final FaultInjector injector;
    private final BiConsumer<String, String> events;
    private final StreamCensus census;
    private final LostWork losses;
    private final List<Doing> doing = new ArrayList<>();
    private final List<FaultReport> reports = new ArrayList<>();
    private final List<RunResult.Happened> happened = new ArrayList<>();
    private final Map<String, Long> killed = new HashMap<>();
    private final Set<ScheduledFault> putOff = new HashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final double ageAtStart;
    private final long beganNs = System.nanoTime();
    private long busyUntilNs = beganNs - PEACE_NS;
    private long nextSampleNs = beganNs;
    private int kills;
    private int hungNodes;
    private int dropped;

    /** A fault that has begun, and how far the loop was then. */
    private record Doing(
            ScheduledFault fault,
            FaultExecution execution,
            double beganSeconds,
            LoopSampler.Sample before) {}

    /** A run that begins now. */
    ChaosRun(FoamUnderTest tested, FaultSchedule schedule) throws IOException {
        this(tested, schedule, Optional.empty());
    }

    /**
     * A run that begins now.
     *
     * @param undisturbed what an undisturbed run of the same seed did, to compare with
     */
    ChaosRun(FoamUnderTest tested, FaultSchedule schedule, Optional<LearningCurve> undisturbed)
            throws IOException {
        this.tested = tested;
        this.undisturbed = undisturbed;
        this.ageAtStart = (System.currentTimeMillis() - tested.foam().createdMillis()) / 1e3;
        this.foam = tested.foam();
        this.nodes = tested.nodes();
        this.schedule = schedule;
        this.events = tested.events();
        this.injector = new FaultInjector(tested, JavaProgram.ofThisProcess());
        this.losses = new LostWork(new LoopSampler(nodes));
        nodes.look();
        this.census = new StreamCensus(foam, nodes.living());
    }

    /** Does the whole schedule, waits until all is over, and looks at what is left. */
    RunResult run(long seed) throws IOException, InterruptedException {
        StreamVerifier verifier = StreamVerifier.start(tested, FoamUnderTest.OBSERVER);
        try (verifier) { // closed before the leaks are counted: its own lanes are none
            while (!schedule.isOver(elapsedMillis()) || !doing.isEmpty()) {
                if (tested.cleanup().isClosing()) {
                    throw new IOException("interrupted");
                }
                turn();
                LockSupport.parkNanos(hasFreshFault() ? TURN_NS : QUIET_TURN_NS);
            }
            settle(verifier);
        }
        countHung();
        return outcome(seed, seconds(), verifier);
    }

    /**
     * Waits until all is in order, which it then stays, as nobody does anything any more; what is
     * not in order after a while is told.
     */
    private void settle(StreamVerifier verifier) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        long readsBefore = verifier.readsVerified();
        boolean isSettled = false;
        while (!isSettled && System.nanoTime() - startNs < SETTLE_NS) {
            Thread.sleep(QUIET_TURN_NS / 1_000_000);
            nodes.look();
            census.look();
            long reads = verifier.readsVerified() - readsBefore;
            isSettled =
                    reads >= (long) SETTLED_READS * census.streams().size()
                            && isInOrder(verifier, startNs);
        }
    }

    private boolean isInOrder(StreamVerifier verifier, long startNs) throws IOException {
        List<MarkView> withUs = new ArrayList<>(nodes.all()); // we still read
        withUs.add(MarkView.read(foam, FoamUnderTest.OBSERVER));
        LeakCheck leaks = LeakCheck.of(foam, withUs);
        return leaks.bytes() == 0
                && leaks.leases() == 0
                && verifier.readsVerified() >= Verdict.readsFor(kills)
                && notBack().isEmpty()
                && unverified(verifier).isEmpty()
                && nodes.living().stream().allMatch(node -> hasBeatenSince(node, startNs));
    }

    private static boolean hasBeatenSince(MarkView node, long startNs) {
        return node.heartbeatAgeMillis() < (System.nanoTime() - startNs) / 1_000_000;
    }

    /**
     * STALLED now and for a while: on a crowded machine a node may only be waiting for its turn.
     */
    private void countHung() throws IOException, InterruptedException {
        nodes.look();
        Set<String> stalled = new TreeSet<>(nodes.living().stream().map(MarkView::name).toList());
        for (long endNs = System.nanoTime() + HUNG_NS;
                !stalled.isEmpty() && System.nanoTime() < endNs; ) {
            nodes.look();
            stalled.removeIf(node ->
                    nodes.node(node).map(mark -> mark.state() != NodeState.STALLED).orElse(true));
            Thread.sleep(TURN_NS / 1_000_000);
        }
        hungNodes += stalled.size();
        stalled.forEach(
                node -> events.accept(node, "hung: STALLED for " + HUNG_NS / 1_000_000_000 + " s"));
    }

    private boolean hasFreshFault() {
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
        nodes.look();
        long nowNs = System.nanoTime();
        long nowMillis = elapsedMillis();
        if (!schedule.isOver(nowMillis)) {
            for (ScheduledFault fault : schedule.due(nowMillis)) {
                begin(fault);
            }
            for (ScheduledFault fault :
                    schedule.dropped().subList(dropped, schedule.dropped().size())) {
                dropped++;
                fail(fault, new IOException("dropped: its target was not ready for too long"));
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
            losses.sample(seconds(), schedule.windowAt(nowMillis), nowNs - busyUntilNs > PEACE_NS);
            census.look();
        }
    }

    /** One that fails is given up: the others and the report do not depend on it. */
    private boolean isOver(Doing one, long nowNs) {
        try {
            if (one.execution.turn(nowNs)) {
                return true;
            }
        } catch (IOException e) {
            fail(one.fault, e);
            giveUp(one);
            return true;
        }
        if (seconds() - one.beganSeconds > PATIENCE_NS / 1e9) {
            events.accept(
                    one.fault.target(),
                    one.fault.kind().label()
                            + " given up: not over after "
                            + PATIENCE_NS / 1_000_000_000
                            + " s");
            giveUp(one);
            return true;
        }
        return false;
    }

    private void giveUp(Doing one) {
        try {
            one.execution.abandon();
        } catch (IOException e) {
            fail(one.fault, e);
        }
    }

    private void fail(ScheduledFault fault, IOException e) {
        String failure = fault.line() + ": " + Commands.reason(e);
        failures.add(failure);
        events.accept(fault.target(), failure);
    }

    private void begin(ScheduledFault fault) {
        try {
            Optional<FaultExecution> execution = injector.begin(fault, this::isBusy);
            if (execution.isPresent()) {
                schedule.begun(fault);
                losses.disturbed(schedule.windowAt(elapsedMillis()));
                doing.add(new Doing(fault, execution.get(), seconds(), losses.newest()));
            }
        } catch (IOException e) { // for example it ended by itself since we looked: offered again
            if (putOff.add(fault)) {
                events.accept(fault.target(), fault.kind().label() + " put off: " + e.getMessage());
            }
        }
    }

    private boolean isBusy(String node) {
        return doing.stream().anyMatch(one -> one.execution.isAbout(node));
    }

    private void end(Doing one) throws IOException {
        schedule.ended(one.fault);
        kills += one.execution.kills();
        for (KilledNode killedNode : one.execution.killedNodes()) {
            killed.merge(killedNode.node(), killedNode.incarnation(), Math::max);
        }
        hungNodes += one.execution.hungNodes();
        losses.sample(seconds(), schedule.windowAt(elapsedMillis()), false);
        LostWork.Lost lost = losses.since(one.before);
        FaultReport report =
                new FaultReport(
                        one.fault.kind().label(),
                        one.fault.target(),
                        one.execution.detectMillis(),
                        one.execution.rejoinMillis(),
                        lost.frames(),
                        lost.steps());
        reports.add(report);
        happened.add(new RunResult.Happened(one.beganSeconds, seconds(), one.fault));
        events.accept(
                report.target(),
                report.fault()
                        + " over: detected "
                        + millis(report.detectMillis())
                        + ", back "
                        + millis(report.rejoinMillis()));
    }

    private static String millis(Double millis) {
        return millis == null ? "-" : String.format(Locale.ROOT, "%.0f ms", millis);
    }

    private Set<String> notBack() {
        Set<String> notBack = new TreeSet<>();
        killed.forEach((node, incarnation) -> {
            Optional<MarkView> now = nodes.node(node);
            if (now.isEmpty()
                    || !now.get().state().isHeld()
                    || now.get().incarnation() <= incarnation) {
                notBack.add(node);
            }
        });
        return notBack;
    }

    /**
     * Streams of the loop that were never verified; one of somebody else that cannot be is not the
     * loop's fault.
     */
    private Set<String> unverified(StreamVerifier verifier) {
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

    private RunResult outcome(long seed, double seconds, StreamVerifier verifier)
            throws IOException {
        LeakCheck leaks = LeakCheck.of(foam, nodes.all());
        leaks.files().forEach(file -> events.accept("foam", "leaked: " + file));
        List<Double> detected = reports.stream().map(FaultReport::detectMillis).toList();
        List<Double> back = reports.stream().map(FaultReport::rejoinMillis).toList();
        WindowFigures figures = losses.figures();
        LearningCurve curve = LearningCurve.of(losses.samples(), ageAtStart);
        Optional<HeldOutComparison> heldOut =
                undisturbed.map(other -> HeldOutComparison.of(other, curve));
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
                        figures.stepsPerSecond(false),
                        figures.stepsPerSecond(true),
                        figures.momentsPerSecond(false),
                        figures.momentsPerSecond(true),
                        heldOut.isPresent() ? heldOut.get().undisturbed() : figures.heldOut(false),
                        heldOut.isPresent() ? heldOut.get().underChaos() : figures.heldOut(true));
        verifier.failure().ifPresent(failure -> failures.add("the verifier ended: " + failure));
        Verdict verdict = Verdict.of(report, unverified(verifier), notBack(), failures);
        return new RunResult(
                report,
                verdict,
                figures,
                curve,
                undisturbed,
                ageAtStart,
                List.copyOf(happened),
                verifier.uncheckable());
    }
}
