package io.fluxfoam.evaluator.gold;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How often a word has turned out right: the mean of a beta distribution whose counts decay, shrunk
 * to what is known of more such words by ten counts that are not its own.
 */
public final class Reliability {
    private static final double DECAY = .995;
    private static final double SHRINKAGE = 10;

    private double right;
    private double weight;
    private long golds;

    /** Nothing is known yet. */
    public Reliability() {}

    private Reliability(double right, double weight, long golds) {
        this.right = right;
        this.weight = weight;
        this.golds = golds;
    }

    /**
     * Learns how right one was.
     *
     * @param share 0 wrong, 1 right
     */
    public void learn(double share) {
        right = DECAY * right + share;
        weight = DECAY * weight + 1;
        golds++;
    }

    /**
     * Its mean.
     *
     * @param wider what is known of more such words
     */
    public double mean(double wider) {
        return (right + SHRINKAGE * wider) / (weight + SHRINKAGE);
    }

    /** How often it was measured. */
    public long golds() {
        return golds;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeDouble(right);
        out.writeDouble(weight);
        out.writeLong(golds);
    }

    static Reliability readFrom(DataInput in) throws IOException {
        double right = in.readDouble();
        double weight = in.readDouble();
        long golds = in.readLong();
        if (!(right >= 0 && right <= weight && weight <= 1 + 1 / (1 - DECAY)) || golds < 0) {
            throw new IOException("right=" + right + " weight=" + weight + " golds=" + golds);
        }
        return new Reliability(right, weight, golds);
    }
}
