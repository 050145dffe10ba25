package io.fluxfoam.learn;

import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.PixelNet;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Continual backprop: of each hidden layer's units that are old enough, the least useful one begins
 * anew now and then: with new weights in front, and none behind. Useful is a unit whose activity is
 * large and read with large weights.
 */
final class UnitRenewal extends WeightBrake {
    private static final int MATURE_STEPS = 100;
    private static final double RATE = 1e-4;
    private static final double GAIN = Math.sqrt(2);

    private final PixelNet net;
    private final double rate;
    private final RandomGenerator random;
    private final int[][] ages;
    private final double[] due;
    private long renewed;

    UnitRenewal(PixelNet net, double strength, long seed) {
        this.net = net;
        rate = strength * RATE;
        random = new SplittableRandom(seed + 4);
        int hidden = net.layers() - 1;
        ages = new int[hidden][];
        for (int layer = 0; layer < hidden; layer++) {
            ages[layer] = new int[net.activity(layer).length];
        }
        due = new double[hidden];
        net.watch();
    }

    @Override
    void afterUpdate() {
        for (int layer = 0; layer < ages.length; layer++) {
            int mature = 0;
            for (int unit = 0; unit < ages[layer].length; unit++) {
                ages[layer][unit]++;
                mature += ages[layer][unit] > MATURE_STEPS ? 1 : 0;
            }
            due[layer] += rate * mature;
            if (due[layer] >= 1) {
                due[layer]--;
                renew(layer, leastUseful(layer));
            }
        }
    }

    private int leastUseful(int layer) {
        int least = -1;
        double utility = Double.POSITIVE_INFINITY;
        for (int unit = 0; unit < ages[layer].length; unit++) {
            if (ages[layer][unit] > MATURE_STEPS) {
                double own = utility(layer, unit);
                if (own < utility) {
                    utility = own;
                    least = unit;
                }
            }
        }
        return least;
    }

    private double utility(int layer, int unit) {
        int units = ages[layer].length;
        long readers = net.weights(layer + 1).byteSize() / Float.BYTES / units;
        double read = 0;
        for (long reader = 0; reader < readers; reader++) {
            read += Math.abs(at(net.weights(layer + 1), reader * units + unit));
        }
        return net.activity(layer)[unit] * read;
    }

    /**
     * The optimizer forgets the unit too. As it goes on counting its steps, the first of the new
     * ones are up to three times as large as those of others.
     */
    private void renew(int layer, int unit) {
        int units = ages[layer].length;
        long inputs = net.weights(layer).byteSize() / Float.BYTES / units;
        long readers = net.weights(layer + 1).byteSize() / Float.BYTES / units;
        double deviation = GAIN / Math.sqrt(inputs);
        for (long input = 0; input < inputs; input++) {
            value(net.offset(layer) + unit * inputs + input, deviation * random.nextGaussian());
        }
        value(net.biasOffset(layer) + unit, 0);
        for (long reader = 0; reader < readers; reader++) {
            value(net.offset(layer + 1) + reader * units + unit, 0);
        }
        ages[layer][unit] = 0;
        net.activity(layer)[unit] = 0;
        renewed++;
    }

    private void value(long index, double value) {
        ParameterGroup group = net.parameters();
        set(group.values(), index, value);
        set(group.firstMoments(), index, 0);
        set(group.secondMoments(), index, 0);
    }

    /** How many units began anew. */
    long renewed() {
        return renewed;
    }

    @Override
    long bytes() {
        long units = 0;
        for (int[] layer : ages) {
            units += layer.length;
        }
        return 2 * units * Integer.BYTES;
    }
}
