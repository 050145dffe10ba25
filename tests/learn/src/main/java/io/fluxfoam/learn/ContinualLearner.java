package io.fluxfoam.learn;

import io.fluxfoam.learn.ArmPlan.Asks;
import io.fluxfoam.learn.ArmPlan.Brake;
import io.fluxfoam.learn.ArmPlan.Memory;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.PixelBatch;
import io.fluxfoam.student.net.PixelNet;
import io.fluxfoam.student.replay.KeepRule;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A student of one arm: takes steps on the newest moments, and on what its memory has of those
 * before. Not thread-safe.
 */
final class ContinualLearner implements AutoCloseable {
    private static final double WEIGHT_DECAY = .01;
    private static final int WARM_UP_STEPS = 30;
    private static final int EXAM_ROWS = 500;
    private static final double SHARE_LEFT = .98;
    private static final double LEAST_SHARE = 1e-3;

    private final Arena arena = Arena.ofConfined();
    private final ArmPlan plan;
    private final LearnerSettings settings;
    private final List<Glimpse> everything;
    private final PixelNet net;
    private final PixelBatch batch;
    private final PixelBatch exam;
    private final KeptMoments kept;
    private final WeightBrake brake;
    private final SplittableRandom random;
    private final byte[] pixels;
    private final float[] said;
    private final double[] saidShare;
    private int stepsOfChunk;

    /**
     * An untrained one.
     *
     * @param everything the whole stream, for an arm that may look at all of it
     * @param widths of the net
     */
    ContinualLearner(
            ArmPlan plan, LearnerSettings settings, List<Glimpse> everything, int... widths) {
        this.plan = plan;
        this.settings = settings;
        this.everything = everything;
        int inputs = widths[0];
        int outputs = widths[widths.length - 1];
        AdamW optimizer =
                new AdamW(settings.learningRate(), WEIGHT_DECAY, WARM_UP_STEPS, plan.viscosity());
        net = new PixelNet(arena, settings.seed(), optimizer, widths);
        batch = new PixelBatch(arena, settings.chunk() + settings.replayed(), inputs, outputs);
        exam = new PixelBatch(arena, EXAM_ROWS, inputs, outputs);
        random = new SplittableRandom(settings.seed() + 1);
        kept =
                plan.memory() == Memory.KEPT
                        ? new KeptMoments(
                                settings.memoryBytes(),
                                inputs,
                                outputs,
                                plan.bits(),
                                plan.keepsOwn(),
                                rule(plan.isBalanced(), settings.seed() + 2))
                        : null;
        double strength = plan.keepsOwn() ? 1 : settings.strength(); // else it is of what is kept
        brake = WeightBrake.of(plan.brake(), net, strength, settings.seed());
        pixels = new byte[inputs];
        said = new float[outputs];
        saidShare = new double[outputs];
        Arrays.fill(saidShare, 1.0 / outputs);
    }

    private static KeepRule rule(boolean isBalanced, long seed) {
        return isBalanced ? KeepRule.balanced(seed) : KeepRule.uniform(seed);
    }

    PixelNet net() {
        return net;
    }

    /** What it takes beside the net and its optimizer. */
    long bytes() {
        long viscosity =
                plan.viscosity().isOn() ? 3 * net.parameters().parameterCount() * Float.BYTES : 0;
        long memory =
                switch (plan.memory()) {
                    case NONE -> 0;
                    case KEPT -> kept.bytes();
                    case ALL ->
                            everything.size() * (pixels.length + (long) said.length * Float.BYTES);
                };
        return memory + brake.bytes() + viscosity;
    }

    /** Takes a step on these newest moments and on what is kept. */
    void step(List<Glimpse> newest) {
        batch.clear();
        if (plan.memory() == Memory.ALL) {
            int rows = settings.chunk() + settings.replayed();
            for (int i = 0; i < rows; i++) {
                add(everything.get(random.nextInt(everything.size())), 1.0 / rows);
            }
            net.gradients(batch);
        } else {
            addNewest(newest);
            int replayed = kept == null || kept.count() == 0 ? 0 : settings.replayed();
            addReplayed(replayed);
            if (plan.asks() == Asks.SHIFTED) {
                shift(replayed);
            }
            net.gradients(batch);
        }
        brake.beforeUpdate();
        net.update();
        brake.afterUpdate();
        stepsOfChunk++;
    }

    private void addNewest(List<Glimpse> newest) {
        boolean isPart = plan.asks() == Asks.PRESENT;
        boolean[] present = new boolean[said.length];
        for (Glimpse glimpse : newest) {
            for (int i = 0; i < present.length; i++) {
                present[i] |= glimpse.target()[i] > 0;
            }
        }
        for (Glimpse glimpse : newest) {
            int row = add(glimpse, 1.0 / newest.size());
            for (int i = 0; isPart && i < present.length; i++) {
                if (!present[i]) {
                    batch.silence(row, i);
                }
            }
        }
    }

    /** By the logarithm of each output's share of all that was said in the newest steps. */
    private void shift(int replayed) {
        for (int output = 0; output < saidShare.length; output++) {
            double now = 0;
            for (int row = 0; row < batch.rows(); row++) {
                now += batch.target(row, output) * batch.weight(row);
            }
            now /= replayed > 0 ? 2 : 1;
            saidShare[output] += (1 - SHARE_LEFT) * (now - saidShare[output]);
        }
        for (int row = 0; row < batch.rows(); row++) {
            for (int output = 0; output < saidShare.length; output++) {
                batch.shift(row, output, Math.log(saidShare[output] + LEAST_SHARE));
            }
        }
    }

    private int add(Glimpse glimpse, double weight) {
        int row = batch.add();
        glimpse.pixels(pixels);
        Glimpse.scale(pixels, batch.pixels(row));
        batch.target(row, glimpse.target(), weight);
        return row;
    }

    private void addReplayed(int count) {
        for (int i = 0; i < count; i++) {
            int place = kept.draw(random);
            int row = batch.add();
            kept.pixels(place, pixels);
            Glimpse.scale(pixels, batch.pixels(row));
            batch.target(row, kept.target(place), 1.0 / count);
            if (plan.keepsOwn()) {
                batch.hold(row, kept.own(place), settings.strength() / count);
            }
        }
    }

    /** The newest moments become older ones: they are offered to the memory. */
    void leave(List<Glimpse> newest) {
        if (kept != null) {
            if (stepsOfChunk == 0) { // too little time for a step: nothing was said of them yet
                batch.clear();
                addNewest(newest);
                net.say(batch);
            }
            for (int row = 0; row < newest.size(); row++) {
                Glimpse glimpse = newest.get(row);
                glimpse.pixels(pixels);
                batch.outputs(row, said);
                kept.offer(pixels, glimpse.target(), said);
            }
        }
        stepsOfChunk = 0;
    }

    /** Whether it has to be told when another task begins. */
    boolean isTold() {
        return plan.brake() == Brake.EWC || plan.brake() == Brake.SI;
    }

    /** Tells that another task begins, and what was in the one that ends. */
    void boundary(List<Glimpse> ended) {
        brake.boundary(
                ended,
                random,
                glimpse -> {
                    batch.clear();
                    add(glimpse, 1);
                    net.gradients(batch);
                });
    }

    /** Share of the pictures of which the loudest output is what they show; averaged weights. */
    double accuracy(LabelledPictures pictures, int from, int to) {
        return right(pictures, from, to, null, net::predict) / (double) (to - from);
    }

    /** The same of pixels in another order, with the weights as they are at this moment. */
    double accuracyNow(LabelledPictures pictures, int from, int to, int[] order) {
        return right(pictures, from, to, order, net::say) / (double) (to - from);
    }

    /** Of the pictures of some classes, whatever else it could say. */
    double accuracyOf(LabelledPictures pictures, boolean[] classes) {
        int right = 0;
        int asked = 0;
        for (int base = 0; base < pictures.count(); base += EXAM_ROWS) {
            exam.clear();
            ask(pictures, base, Math.min(EXAM_ROWS, pictures.count() - base), null);
            net.predict(exam);
            for (int row = 0; row < exam.rows(); row++) {
                int label = pictures.label(base + row);
                asked += classes[label] ? 1 : 0;
                right += classes[label] && exam.loudest(row) == label ? 1 : 0;
            }
        }
        return right / (double) asked;
    }

    private int right(
            LabelledPictures pictures, int from, int to, int[] order, Consumer<PixelBatch> says) {
        int right = 0;
        for (int base = from; base < to; base += EXAM_ROWS) {
            exam.clear();
            ask(pictures, base, Math.min(EXAM_ROWS, to - base), order);
            says.accept(exam);
            for (int row = 0; row < exam.rows(); row++) {
                right += exam.loudest(row) == pictures.label(base + row) ? 1 : 0;
            }
        }
        return right;
    }

    /** How alive the last hidden layer is on some pictures. */
    PixelNet.Vitality vitality(LabelledPictures pictures, int from, int[] order) {
        exam.clear();
        ask(pictures, from, EXAM_ROWS, order);
        return net.vitality(exam);
    }

    private void ask(LabelledPictures pictures, int from, int rows, int[] order) {
        for (int i = 0; i < rows; i++) {
            int row = exam.add();
            new Glimpse(pictures, from + i, order, said).pixels(pixels);
            Glimpse.scale(pixels, exam.pixels(row));
            exam.target(row, said, 0);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
