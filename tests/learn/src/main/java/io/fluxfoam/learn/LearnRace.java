package io.fluxfoam.learn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Runs all arms of a protocol: settings of each are chosen on a seed that is not reported, then
 * each runs with all seeds. One thread for each run, so that its CPU time is its own.
 */
final class LearnRace {
    /** The learning rates that each arm may choose from. */
    static final List<Double> RATES = List.of(3e-4, 1e-3, 3e-3, 1e-2);

    private static final long CHOOSING_SEED = 1_000;

    /** Those below were looked at while arms were thought of. */
    private static final int FIRST_SEED = 11;

    private final LearnProtocol protocol;
    private final List<Double> rates;
    private final int seeds;
    private final int threads;
    private final Consumer<String> news;

    /**
     * Of a protocol.
     *
     * @param threads runs at once
     * @param news takes a line now and then
     */
    LearnRace(
            LearnProtocol protocol,
            List<Double> rates,
            int seeds,
            int threads,
            Consumer<String> news) {
        this.protocol = protocol;
        this.rates = rates;
        this.seeds = seeds;
        this.threads = threads;
        this.news = news;
    }

    private record Choice(double learningRate, double strength) {}

    List<ArmResult> run(List<ArmPlan> arms) throws InterruptedException {
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            try {
                return run(arms, workers);
            } finally {
                workers.shutdownNow();
            }
        }
    }

    private List<ArmResult> run(List<ArmPlan> arms, ExecutorService workers)
            throws InterruptedException {
        Map<String, Map<Choice, Future<LearnRun>>> tried = new HashMap<>();
        for (ArmPlan arm : arms) {
            Map<Choice, Future<LearnRun>> ofArm = new HashMap<>();
            List<Choice> choices = choices(arm);
            for (Choice choice : choices.size() == 1 ? List.<Choice>of() : choices) {
                ofArm.put(choice, submit(workers, arm, CHOOSING_SEED, choice));
            }
            tried.put(arm.name(), ofArm);
        }
        Map<String, Choice> chosen = new HashMap<>();
        Map<String, List<Future<LearnRun>>> reported = new HashMap<>();
        for (ArmPlan arm : arms) {
            Choice best = best(choices(arm), tried.get(arm.name()));
            chosen.put(arm.name(), best);
            List<Future<LearnRun>> runs = new ArrayList<>();
            for (int seed = 0; seed < seeds; seed++) {
                runs.add(submit(workers, arm, FIRST_SEED + seed, best));
            }
            reported.put(arm.name(), runs);
        }
        List<ArmResult> results = new ArrayList<>();
        for (ArmPlan arm : arms) {
            List<LearnRun> runs = new ArrayList<>();
            for (Future<LearnRun> run : reported.get(arm.name())) {
                runs.add(outcome(run));
            }
            Choice choice = chosen.get(arm.name());
            ArmResult result =
                    ArmResult.of(arm.name(), choice.learningRate(), choice.strength(), runs);
            results.add(result);
            news.accept(
                    String.format(
                            Locale.ROOT,
                            "%s: %.4f with rate %.0e, strength %.3g, %.1f CPU-seconds a seed",
                            arm.name(),
                            result.mean(),
                            choice.learningRate(),
                            choice.strength(),
                            result.cpuSeconds()));
        }
        return beside(results);
    }

    private List<ArmResult> beside(List<ArmResult> results) {
        return results.stream()
                .filter(arm -> arm.name().equals(protocol.reference()))
                .findFirst()
                .map(reference -> results.stream().map(arm -> arm.beside(reference)).toList())
                .orElse(results);
    }

    private List<Choice> choices(ArmPlan arm) {
        List<Choice> choices = new ArrayList<>();
        for (double strength : arm.strengths()) {
            for (double rate : rates) {
                choices.add(new Choice(rate, strength));
            }
        }
        return choices;
    }

    private Future<LearnRun> submit(
            ExecutorService workers, ArmPlan arm, long seed, Choice choice) {
        return workers.submit(
                () -> protocol.run(arm, seed, choice.learningRate(), choice.strength()));
    }

    private static Choice best(List<Choice> choices, Map<Choice, Future<LearnRun>> tried)
            throws InterruptedException {
        Choice best = choices.getFirst();
        for (Choice choice : tried.isEmpty() ? List.<Choice>of() : choices) {
            if (outcome(tried.get(choice)).figure() > outcome(tried.get(best)).figure()) {
                best = choice;
            }
        }
        return best;
    }

    private static LearnRun outcome(Future<LearnRun> run) throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(e.getCause());
        }
    }
}
