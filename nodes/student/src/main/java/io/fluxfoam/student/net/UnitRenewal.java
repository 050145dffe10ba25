package io.fluxfoam.student.net;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Keeps a net able to learn: of the units behind each layer that are old enough the least useful
 * one begins anew now and then, made by new weights and read by none. So what is computed is
 * exactly what it would be without that unit, whatever the new weights are, and of a unit that was
 * silent nothing is lost at all.
 *
 * <pre>
 *   utility = activity / (1 - .99^age) * sum |w|     activity: running mean of what the unit makes, .99 of it kept
 *                                                    at a step; w: every weight that reads it, as it is now
 *   due    += rate * how many units are older than maturity
 *   due &gt;= 1:  due -= 1; of these the one of the least utility begins anew, age 0
 * </pre>
 *
 * <p>Source: continual backprop with the contribution utility (Dohare et al., Loss of plasticity in
 * deep continual learning, Nature 632, 2024), which keeps the running mean of the product. Its
 * authors' program adds to the next biases what the unit said in the mean; here nothing is added:
 * most layers are normalised.
 *
 * <p>Who begins anew as what follows from the seed, the layer and the group's step, so that the
 * next life does as this one would have. Belongs to the trainer, but for {@link #see}.
 */
public final class UnitRenewal {
    private static final double LEFT = .99;

    /** Of the mean activity of a layer's units: below it a unit says nothing. */
    private static final double DEAD = .01;

    private final Settings settings;
    private final long seed;
    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, Tensor> newest = new HashMap<>();
    private final MemorySegment state;
    private final Tensor flatActivity;
    private final Tensor flatNewest;
    private final int count;
    private long renewed;

    /**
     * How often units begin anew.
     *
     * @param rate share of the old enough ones of a layer at each step; 0 for never
     * @param maturity steps before a unit is old enough to be judged
     */
    public record Settings(double rate, int maturity) {
        /** Never. */
        public static final Settings OFF = new Settings(0, 0);

        /** Whether they ever do. */
        public boolean isOn() {
            return rate > 0;
        }
    }

    /**
     * The units behind a layer.
     *
     * @param layer its name, as it shows what they make
     * @param group whose rows make them
     * @param makers parameters and buffers of which a row makes a unit
     * @param readers who reads them now; more may come
     */
    public record Units(
            String layer,
            ParameterGroup group,
            List<String> makers,
            Supplier<List<Reader>> readers) {}

    /**
     * A parameter that reads units.
     *
     * @param part which of the inputs that lie side by side they are
     */
    public record Reader(ParameterGroup group, String parameter, int part) {}

    private record Layer(Units units, List<UnitWeights> makers, int first, int count) {}

    /**
     * Of these units.
     *
     * <pre>
     *   state   activity f32 [units]   ages f32 [units]   due f32 [layers]
     * </pre>
     *
     * @param arena what is known of them lives in
     * @param seed of what they begin anew with
     */
    public UnitRenewal(Arena arena, Settings settings, long seed, List<Units> all) {
        this.settings = settings;
        this.seed = seed;
        int first = 0;
        for (Units units : all) {
            List<UnitWeights> makers =
                    units.makers().stream()
                            .map(name -> new UnitWeights(units.group(), name))
                            .toList();
            int own = (int) makers.getFirst().outputs();
            layers.add(new Layer(units, makers, first, own));
            first += own;
        }
        count = first;
        state = arena.allocate((2L * count + layers.size()) * Float.BYTES, 64);
        MemorySegment seen = arena.allocate((long) count * Float.BYTES, 64);
        try (var _ = new PointerScope()) {
            flatActivity = kept(state, count);
            flatNewest = kept(seen, count);
            for (Layer layer : layers) {
                MemorySegment own = seen.asSlice((long) layer.first * Float.BYTES);
                newest.put(layer.units.layer(), kept(own, layer.count));
            }
        }
        layers.stream().map(layer -> layer.units.group()).distinct().forEach(g -> g.watch(this));
    }

    private static Tensor kept(MemorySegment floats, int length) {
        Tensor tensor = Torch.floats(floats, length);
        tensor.retainReference();
        return tensor;
    }

    /** What the units behind a layer made of a batch; of different layers from any thread. */
    void see(String layer, Tensor made) {
        Tensor into = newest.get(layer);
        if (into != null) {
            long[] others = new long[(int) made.dim() - 1];
            for (int i = 1; i < others.length; i++) {
                others[i] = i + 1;
            }
            into.copy_(made.detach().mean(others));
        }
    }

    /** After each step that has moved the weights. */
    public void stepped() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            flatActivity.lerp_(flatNewest, new Scalar(1 - LEFT));
            for (int i = 0; i < layers.size(); i++) {
                stepped(layers.get(i), 2 * count + i);
            }
        }
    }

    private void stepped(Layer layer, int dueAt) {
        int mature = 0;
        for (int unit = layer.first; unit < layer.first + layer.count; unit++) {
            set(count + unit, at(count + unit) + 1);
            mature += isMature(unit) ? 1 : 0;
        }
        double due = at(dueAt) + settings.rate * mature;
        for (; due >= 1 && mature > 0; due--, mature--) {
            renew(layer, leastUseful(layer));
        }
        set(dueAt, due);
    }

    private boolean isMature(int unit) {
        return at(count + unit) > settings.maturity;
    }

    private int leastUseful(Layer layer) {
        float[] read = read(layer);
        int least = -1;
        double utility = Double.POSITIVE_INFINITY;
        for (int i = 0; i < layer.count; i++) {
            int unit = layer.first + i;
            double own = activity(unit) * read[i];
            if (isMature(unit) && (least < 0 || own < utility)) {
                utility = own;
                least = i;
            }
        }
        return least;
    }

    /** The mean of what a unit makes; of a young one of all its steps. */
    private double activity(int unit) {
        double age = at(count + unit);
        return age == 0 ? 0 : at(unit) / (1 - Math.pow(LEFT, age));
    }

    private static float[] read(Layer layer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sums = arena.allocate((long) layer.count * Float.BYTES, 64);
            Tensor sum = Torch.floats(sums, layer.count);
            for (Reader reader : layer.units.readers().get()) {
                sum.add_(new UnitWeights(reader.group, reader.parameter).readBy(reader.part));
            }
            return sums.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private void renew(Layer layer, int unit) {
        long step = layer.units.group().step();
        SplittableRandom random =
                new SplittableRandom(
                        seed + step * 0x9E3779B97F4A7C15L + layer.first + (long) unit * count);
        for (UnitWeights maker : layer.makers) {
            maker.renew(unit, random);
        }
        for (Reader reader : layer.units.readers().get()) {
            new UnitWeights(reader.group, reader.parameter).silence(reader.part, unit);
        }
        set(layer.first + unit, 0);
        set(count + layer.first + unit, 0);
        renewed++;
    }

    /** Takes over what is known of the units of a narrower net; what is new is young. */
    void takeOver(UnitRenewal narrower) {
        for (int i = 0; i < layers.size(); i++) {
            Layer old = narrower.layers.get(i);
            for (int unit = 0; unit < old.count; unit++) {
                int from = old.first + unit;
                int to = layers.get(i).first + unit;
                set(to, narrower.at(from));
                set(count + to, narrower.at(narrower.count + from));
            }
            set(2 * count + i, narrower.at(2 * narrower.count + i));
        }
        renewed = narrower.renewed;
    }

    /** What has to be known of the units to go on, see the constructor. */
    public MemorySegment state() {
        return state;
    }

    /** How many units began anew, in this life. */
    public long renewed() {
        return renewed;
    }

    /** How many there are. */
    public int units() {
        return count;
    }

    /** How many that are old enough say next to nothing. */
    public int dead() {
        int dead = 0;
        for (Layer layer : layers) {
            double sum = 0;
            for (int unit = layer.first; unit < layer.first + layer.count; unit++) {
                sum += activity(unit);
            }
            for (int unit = layer.first; unit < layer.first + layer.count; unit++) {
                boolean isSilent = activity(unit) <= DEAD * sum / layer.count;
                dead += isSilent && isMature(unit) ? 1 : 0;
            }
        }
        return dead;
    }

    private float at(int index) {
        return state.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    private void set(int index, double value) {
        state.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    }
}
