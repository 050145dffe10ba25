package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.cosine_similarity;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeadCorrection;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Width;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The student: two trunks, one that sees and one that hears, their fusion, and a head for each
 * region of the heatmap. It gets pixels and samples, nothing else; its outputs are standardised.
 *
 * <pre>
 *   picture [band]   -> PictureTrunk -> grid [96,40] --------> heads of regions on the picture
 *                                    -> pooled [192] -+
 *                                                     +-> Fusion [256] -> all other heads
 *                                    -> pooled [128] -+
 *   sound [samples]  -> SoundTrunk   -> grid [128,23] -------> heads of regions on the sound
 * </pre>
 *
 * <p>These are the channels of the packaged width; {@link #widened} makes a student with more of
 * them that computes the same.
 */
public final class StudentNet {
    private static final double MAX_GRADIENT_NORM = 5;
    private static final double NORM_EPSILON = 1e-6;
    private static final double COSINE_EPSILON = 1e-8;

    private final Arena arena;
    private final long seed;
    private final AdamW optimizer;
    private final Width width;
    private final ParameterGroup trunk;
    private final PictureTrunk pictureTrunk;
    private final SoundTrunk soundTrunk;
    private final Fusion fusion;
    private final Map<String, Head> heads = new LinkedHashMap<>();
    private final MemorySegment viewMasks;

    /**
     * Makes an untrained student without heads.
     *
     * @param arena what the parameters live in; must outlive the network
     * @param seed of all initial values
     */
    public StudentNet(Arena arena, long seed, AdamW optimizer, Width width) {
        Torch.load();
        this.arena = arena;
        this.seed = seed;
        this.optimizer = optimizer;
        this.width = width;
        ParameterGroup.Builder builder = new ParameterGroup.Builder("trunk");
        PictureTrunk.declare(builder, width);
        SoundTrunk.declare(builder, width);
        Fusion.declare(builder, width);
        trunk = builder.build(arena, seed);
        pictureTrunk = new PictureTrunk(trunk);
        soundTrunk = new SoundTrunk(trunk);
        fusion = new Fusion(trunk);
        viewMasks = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 1, 0, 1, 0, 1);
    }

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
        StudentNet wider = new StudentNet(newArena, newSeed, optimizer, newWidth);
        wider.trunk.takeOver(trunk);
        heads.forEach((name, head) -> {
            Head widerHead = head.ofWidth(newWidth, newArena, name, newSeed);
            widerHead.group().takeOver(head.group());
            wider.heads.put(name, widerHead);
        });
        return wider;
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
        return new Head(
                arena, width, region.name(), alignment, region.tokens(), region.dim(), seed);
    }

    /** Corrects a head for changed statistics of its region. */
    public void correct(String region, HeadCorrection correction) {
        heads.get(region).correct(correction);
    }

    /** The trunk's parameters, then those of each head in the order they were added. */
    public List<ParameterGroup> groups() {
        List<ParameterGroup> groups = new ArrayList<>();
        groups.add(trunk);
        heads.values().forEach(head -> groups.add(head.group()));
        return groups;
    }

    /** Number of parameters of trunk and heads. */
    public long parameterCount() {
        return groups().stream().mapToLong(ParameterGroup::parameterCount).sum();
    }

    /**
     * What a step did.
     *
     * @param loss loss of the batch before the step; may be not finite
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
     * that have its target; for a region that stands on no grid, less the mean cosine. Heads of
     * regions that are not among the terms stay exactly as they are.
     */
    public Step step(Batch batch, List<Term> terms) {
        try (var _ = new PointerScope()) {
            List<ParameterGroup> active = new ArrayList<>();
            active.add(trunk);
            terms.forEach(term -> active.add(heads.get(term.targets().region().name()).group()));
            active.forEach(ParameterGroup::clearGradients);
            Tensor loss = loss(batch, terms, true);
            double value = loss.item_double();
            double distance = distance(value, terms);
            if (!Double.isFinite(value)) {
                return new Step(value, distance, false);
            }
            loss.backward();
            double norm = Math.sqrt(active.stream().mapToDouble(AdamW::squaredNorm).sum());
            if (!Double.isFinite(norm)) {
                return new Step(value, distance, false);
            }
            double scale = Math.min(1, MAX_GRADIENT_NORM / (norm + NORM_EPSILON));
            active.forEach(group -> optimizer.update(group, scale));
            return new Step(value, distance, true);
        }
    }

    /**
     * The distance from the targets of a batch as it would be predicted; nothing is learned from
     * it.
     */
    public double distance(Batch batch, List<Term> terms) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            return distance(loss(batch, terms, false).item_double(), terms);
        }
    }

    /** The least loss of a region on no grid is minus its weight, of any other 0. */
    private double distance(double loss, List<Term> terms) {
        double least = 0;
        double weight = 0;
        for (Term term : terms) {
            boolean isOnGrid =
                    heads.get(term.targets().region().name()).alignment() != Alignment.NONE;
            least -= isOnGrid ? 0 : term.weight();
            weight += term.weight();
        }
        return (loss - least) / weight;
    }

    private Tensor loss(Batch batch, List<Term> terms, boolean training) {
        int size = batch.size();
        Encoding picture =
                pictureTrunk.encode(
                        Torch.floats(batch.picture(), size, 1, Batch.BAND_HEIGHT, Batch.BAND_WIDTH),
                        training);
        Encoding sound =
                soundTrunk.encode(Torch.floats(batch.sound(), size, Batch.SAMPLES), training);
        Tensor fused =
                fusion.fuse(
                        picture.pooled().mul(Torch.floats(batch.sees(), size, 1)),
                        sound.pooled().mul(Torch.floats(batch.hears(), size, 1)),
                        training);
        Tensor sum = null;
        for (Term term : terms) {
            Head head = heads.get(term.targets().region().name());
            Tensor loss =
                    loss(head, term.targets(), size, head.predict(picture, sound, fused))
                            .mul(new Scalar(term.weight()));
            sum = sum == null ? loss : sum.add(loss);
        }
        return sum;
    }

    private static Tensor loss(Head head, Batch.Targets targets, int size, Tensor prediction) {
        int length = targets.region().length();
        Tensor target = Torch.floats(targets.values(), size, length);
        Tensor mask = Torch.floats(targets.mask(), size);
        Tensor error = prediction.sub(target).mul(mask.view(size, 1));
        Tensor loss =
                error.mul(error).sum().mul(new Scalar(1.0 / ((double) length * targets.present())));
        if (head.alignment() != Alignment.NONE) {
            return loss;
        }
        Tensor cosine = cosine_similarity(prediction, target, 1, COSINE_EPSILON).mul(mask).sum();
        return loss.sub(cosine.mul(new Scalar(1.0 / targets.present())));
    }

    /**
     * Predicts every region of one frame, standardised.
     *
     * @param picture its band, {@code band height x width} floats
     * @param sound its samples, {@link Batch#SAMPLES} floats
     * @param regions for the name of each head where its {@code length} floats go
     */
    public void predict(
            MemorySegment picture, MemorySegment sound, Map<String, MemorySegment> regions) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Encoding seen = see(picture);
            Encoding heard = hear(sound);
            Tensor fused = fusion.fuse(seen.pooled(), heard.pooled(), false);
            regions.forEach((name, out) -> copy(heads.get(name).predict(seen, heard, fused), out));
        }
    }

    /**
     * Predicts one region that stands on no grid three times, standardised: from both, from the
     * picture alone, from the sound alone.
     *
     * @param out where the {@code 3 x length} floats go
     */
    public void predictApart(
            MemorySegment picture, MemorySegment sound, String region, MemorySegment out) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Encoding seen = see(picture);
            Encoding heard = hear(sound);
            Tensor masks = Torch.floats(viewMasks, 2, 3, 1);
            Tensor fused =
                    fusion.fuse(
                            seen.pooled().mul(masks.select(0, 0)),
                            heard.pooled().mul(masks.select(0, 1)),
                            false);
            copy(heads.get(region).predict(seen, heard, fused), out);
        }
    }

    private Encoding see(MemorySegment picture) {
        return pictureTrunk.encode(
                Torch.floats(picture, 1, 1, Batch.BAND_HEIGHT, Batch.BAND_WIDTH), false);
    }

    private Encoding hear(MemorySegment sound) {
        return soundTrunk.encode(Torch.floats(sound, 1, Batch.SAMPLES), false);
    }

    private static void copy(Tensor tensor, MemorySegment out) {
        Torch.floats(out, tensor.shape()).copy_(tensor);
    }
}
