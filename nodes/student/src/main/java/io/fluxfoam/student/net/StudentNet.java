package io.fluxfoam.student.net;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeadCorrection;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Width;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The student: two trunks that see and one that hears, their fusion, and a head for each region of
 * the heatmap. It gets pixels and samples, nothing else; its outputs are standardised. It predicts
 * with its weights averaged over some two hundred steps (Polyak and Juditsky, 1992), which says
 * more than the weights of any one step.
 *
 * <pre>
 *   window of the picture -> PictureTrunk -> grid [96, columns] -------+
 *                                         -> pooled [192] --+          |
 *   picture as a whole    -> SightTrunk   -> pooled [256] --+----------+-> heads of regions on the picture
 *                                         -> grid [128, columns] ------+
 *                                                           +-> Core [256] ---> all other heads
 *   sound                 -> SoundTrunk   -> pooled [128] --+
 *                                         -> grid [128, steps] ----------> heads of regions on the sound
 * </pre>
 *
 * <p>These are the channels of the packaged width; {@link #widened} makes a student with more of
 * them that computes the same.
 */
public final class StudentNet {
    private static final double MAX_GRADIENT_NORM = 5;

    /** Of a head with a rate of its own, whose gradients are then none of the others' business. */
    private static final double MAX_OWN_GRADIENT_NORM = 20;

    /** An utterance's end in steps, beside its spectrogram in scales. */
    private static final double END_SHARE = .01;

    private static final double NORM_EPSILON = 1e-6;

    private final Arena arena;
    private final long seed;
    private final AdamW optimizer;
    private final Width width;
    private final CorePlan plan;
    private final ParameterGroup trunk;
    private final @Nullable ParameterGroup core;
    private final UnitRenewal.Settings renewing;
    private final @Nullable UnitRenewal renewal;
    private final Body learned;
    private final Body averaged;
    private final Map<String, Head> heads = new LinkedHashMap<>();

    /** Makes an untrained student with the pooled core and without heads. */
    public StudentNet(Arena arena, long seed, AdamW optimizer, Width width) {
        this(arena, seed, optimizer, width, CorePlan.POOLED);
    }

    /** Makes an untrained student without heads, whose units never begin anew. */
    public StudentNet(Arena arena, long seed, AdamW optimizer, Width width, CorePlan plan) {
        this(arena, seed, optimizer, width, plan, UnitRenewal.Settings.OFF);
    }

    /**
     * Makes an untrained student without heads.
     *
     * @param arena what the parameters live in; must outlive the network
     * @param seed of all initial values
     * @param plan of its core
     * @param renewing how often its units begin anew
     */
    public StudentNet(
            Arena arena,
            long seed,
            AdamW optimizer,
            Width width,
            CorePlan plan,
            UnitRenewal.Settings renewing) {
        Torch.load();
        this.renewing = renewing;
        this.arena = arena;
        this.seed = seed;
        this.optimizer = optimizer;
        this.width = width;
        this.plan = plan;
        ParameterGroup.Builder builder = new ParameterGroup.Builder("trunk");
        PictureTrunk.declare(builder, width);
        SightTrunk.declare(builder, width);
        SoundTrunk.declare(builder, width);
        plan.declare(builder, width);
        trunk = builder.build(arena, seed);
        core = plan.ownGroup(arena, seed);
        body().forEach(this::prepare);
        renewal =
                renewing.isOn()
                        ? new UnitRenewal(
                                arena, renewing, seed, StudentUnits.of(trunk, heads::values))
                        : null;
        learned =
                new Body(
                        Trunks.of(trunk.learned()),
                        plan.over(trunk.learned(), core == null ? null : core.learned()));
        averaged =
                new Body(
                        Trunks.of(trunk.averaged()),
                        plan.over(trunk.averaged(), core == null ? null : core.averaged()));
    }

    /** All but the heads. */
    private record Body(Trunks trunks, Core core) {}

    /**
     * A wider student that computes the same and has seen as much; the two share nothing. Each
     * layer gets new channels that are as random as those of an untrained network, and every weight
     * with which a layer after it reads them is zero: what is computed stays, exactly but for the
     * order in which sums are rounded, in training and in prediction. The zeros learn at once, what
     * is before them as soon as they are none any more.
     *
     * @param newArena what the parameters of the new student live in
     * @throws IllegalArgumentException if it would not be wider
     */
    public StudentNet widened(Arena newArena, Width newWidth) {
        if (!newWidth.isWiderThan(width)) {
            throw new IllegalArgumentException("width=" + newWidth + " is not above " + width);
        }
        // Else a channel could be born as the twin of one that is there already.
        long newSeed = seed + newWidth.eighths();
        StudentNet wider = new StudentNet(newArena, newSeed, optimizer, newWidth, plan, renewing);
        wider.trunk.takeOver(trunk);
        if (core != null && wider.core != null) {
            wider.core.takeOver(core);
        }
        heads.forEach((name, head) -> {
            Head widerHead =
                    head.ofWidth(newWidth, plan.channels(newWidth), newArena, name, newSeed);
            widerHead.group().takeOver(head.group());
            wider.heads.put(name, widerHead);
        });
        if (renewal != null && wider.renewal != null) {
            wider.renewal.takeOver(renewal);
        }
        return wider;
    }

    /** What begins its units anew; null if nothing does. */
    public @Nullable UnitRenewal renewal() {
        return renewal;
    }

    /** How wide it is. */
    public Width width() {
        return width;
    }

    /**
     * Adds a head for this region. Whatever was learned stays as it is; the new head starts
     * untrained.
     *
     * @throws IllegalStateException if the region has a head
     */
    public void addHead(Region region, Alignment alignment) {
        if (heads.containsKey(region.name())) {
            throw new IllegalStateException("region " + region.name() + " has a head already");
        }
        heads.put(region.name(), head(region, alignment));
    }

    /** Puts an untrained head in the place of this region's; its optimiser begins anew too. */
    public void renewHead(Region region, Alignment alignment) {
        if (!heads.containsKey(region.name())) {
            throw new IllegalStateException("region " + region.name() + " has no head");
        }
        heads.put(region.name(), head(region, alignment)); // at its place: groups keep their order
    }

    private Head head(Region region, Alignment alignment) {
        Head head =
                new Head(
                        arena,
                        width,
                        plan.channels(width),
                        region.name(),
                        alignment,
                        region.tokens(),
                        region.dim(),
                        seed);
        prepare(head.group());
        return head;
    }

    private void prepare(ParameterGroup group) {
        if (optimizer.viscosity().isOn()) {
            group.resist();
        }
    }

    /** Corrects a head for changed statistics of its region. */
    public void correct(String region, HeadCorrection correction) {
        heads.get(region).correct(correction);
    }

    /**
     * The trunk's parameters, those of the core that learn at a pace of their own, then those of
     * each head in the order they were added.
     */
    public List<ParameterGroup> groups() {
        List<ParameterGroup> groups = body();
        heads.values().forEach(head -> groups.add(head.group()));
        return groups;
    }

    private List<ParameterGroup> body() {
        List<ParameterGroup> groups = new ArrayList<>();
        groups.add(trunk);
        if (core != null) {
            groups.add(core);
        }
        return groups;
    }

    /** Number of parameters that are learned. */
    public long parameterCount() {
        return groups().stream().mapToLong(ParameterGroup::parameterCount).sum();
    }

    /**
     * What a step did.
     *
     * @param loss how far the batch was from its targets before the step, weighted; what it takes
     *     to tell them apart is not in it. May be not finite
     * @param distance the same as a distance from the targets, for each unit of the terms' weight:
     *     0 if every prediction is perfect
     * @param applied whether the weights moved; they do not if loss or gradient are not finite
     */
    public record Step(double loss, double distance, boolean applied) {}

    /**
     * A region's part in the loss.
     *
     * @param targets of the batch; at least one is present
     * @param weight factor on this region's loss
     */
    public record Term(Batch.Targets targets, double weight) {}

    /**
     * Takes one step on a batch. The loss of a region is the mean squared error over the moments
     * that have its target; for a region that stands on no grid, less the mean cosine, and with how
     * well each prediction tells its own target from the others of the batch; such a region is said
     * from both senses and from each alone ({@link View}). Heads of regions that are not among the
     * terms stay exactly as they are.
     */
    public Step step(Batch batch, List<Term> terms) {
        try (var _ = new PointerScope()) {
            List<ParameterGroup> active = body();
            terms.forEach(term -> active.add(heads.get(term.targets().region().name()).group()));
            active.forEach(ParameterGroup::clearGradients);
            double value;
            double distance;
            try (TrunkPass pass = new TrunkPass(learned.trunks(), batch)) {
                Loss parts = loss(pass.senses(), terms, true);
                Tensor loss = parts.sum();
                value = parts.near().item_double();
                distance = distance(value, terms);
                if (!Double.isFinite(loss.item_double())) {
                    return new Step(value, distance, false);
                }
                loss.backward();
                pass.goBack();
            }
            return new Step(value, distance, update(active));
        }
    }

    /** Moves the weights, unless a gradient is not finite. */
    private boolean update(List<ParameterGroup> active) {
        double squares = 0;
        double[] own = new double[active.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = AdamW.squaredNorm(active.get(i));
            if (!Double.isFinite(own[i])) {
                return false;
            }
            squares += active.get(i).rate() == 1 ? own[i] : 0;
        }
        for (int i = 0; i < own.length; i++) {
            ParameterGroup group = active.get(i);
            double scale =
                    group.rate() == 1
                            ? scale(MAX_GRADIENT_NORM, squares)
                            : scale(MAX_OWN_GRADIENT_NORM, own[i]);
            optimizer.update(group, scale);
        }
        if (renewal != null) {
            renewal.stepped();
        }
        return true;
    }

    private static double scale(double most, double squares) {
        return Math.min(1, most / (Math.sqrt(squares) + NORM_EPSILON));
    }

    /**
     * The distance from the targets of a batch as it would be predicted; nothing is learned from
     * it.
     */
    public double distance(Batch batch, List<Term> terms) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            return distance(
                    loss(averaged.trunks().senses(batch), terms, false).near().item_double(),
                    terms);
        }
    }

    /** The least loss of a region on no grid is minus its weight, of any other 0. */
    private double distance(double near, List<Term> terms) {
        double least = 0;
        double weight = 0;
        for (Term term : terms) {
            boolean isOnGrid =
                    heads.get(term.targets().region().name()).alignment() != Alignment.NONE;
            least -= isOnGrid ? 0 : term.weight();
            weight += term.weight();
        }
        return (near - least) / weight;
    }

    /**
     * What the loss of a batch is made of.
     *
     * @param near how far the predictions are from their targets
     * @param beside what helps to come near: how hard it is to tell by a prediction which target of
     *     the batch is its own, and how far an utterance's end is off; null if no term asks that
     */
    private record Loss(Tensor near, @Nullable Tensor beside) {
        Tensor sum() {
            return beside == null ? near : near.add(beside);
        }
    }

    private Loss loss(Senses senses, List<Term> terms, boolean training) {
        List<Tensor> views = (training ? learned : averaged).core().views(senses, training);
        Tensor near = null;
        Tensor beside = null;
        for (Term term : terms) {
            Head head = heads.get(term.targets().region().name());
            Goal goal = Goal.of(term.targets());
            if (head.alignment() == Alignment.SPEECH) {
                VoiceDecoder.Utterance said = head.utterance(senses, training);
                Scalar weight = new Scalar(term.weight());
                near = plus(near, goal.squares(said.spectrogram()).mul(weight));
                Scalar endWeight = new Scalar(term.weight() * END_SHARE);
                beside = plus(beside, head.misjudgedEnd(said, goal).mul(endWeight));
                continue;
            }
            boolean isOnGrid = head.alignment() != Alignment.NONE;
            if (isOnGrid) {
                Tensor squares = goal.squares(head.overGrid(senses, training));
                near = plus(near, squares.mul(new Scalar(term.weight())));
                continue;
            }
            for (View view : View.values()) {
                Tensor prediction = head.ofWhole(views.get(view.ordinal()), training);
                Scalar weight = new Scalar(term.weight() * view.share());
                near = plus(near, goal.distance(prediction).mul(weight));
                if (term.targets().present() > 1) {
                    beside = plus(beside, goal.confusion(prediction).mul(weight));
                }
            }
        }
        return new Loss(near, beside);
    }

    private static Tensor plus(@Nullable Tensor sum, Tensor more) {
        return sum == null ? more : sum.add(more);
    }

    /**
     * Predicts every region of one frame, standardised, and one that stands on no grid three times:
     * from both, from the picture alone, from the sound alone.
     *
     * @param frame a batch of one
     * @param regions for the name of each head where its {@code length} floats go
     * @param viewed the region that is predicted three times; null for none
     * @param views where the {@code 3 x length} floats of that go
     */
    public void predict(
            Batch frame,
            Map<String, MemorySegment> regions,
            @Nullable String viewed,
            @Nullable MemorySegment views) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Senses senses = averaged.trunks().senses(frame);
            List<Tensor> fused = averaged.core().views(senses, false);
            regions.forEach(
                    (name, out) -> copy(predict(heads.get(name), senses, fused.getFirst()), out));
            for (int i = 0; viewed != null && i < fused.size(); i++) {
                long bytes = views.byteSize() / fused.size();
                copy(
                        heads.get(viewed).ofWhole(fused.get(i), false),
                        views.asSlice(i * bytes, bytes));
            }
        }
    }

    private static Tensor predict(Head head, Senses senses, Tensor both) {
        return head.alignment() == Alignment.NONE
                ? head.ofWhole(both, false)
                : head.overGrid(senses, false);
    }

    private static void copy(Tensor tensor, MemorySegment out) {
        Torch.floats(out, tensor.shape()).copy_(tensor);
    }
}
