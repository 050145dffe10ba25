package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.arange;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.cumsum;
import static org.bytedeco.pytorch.global.torch.exp;
import static org.bytedeco.pytorch.global.torch.log;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.softmax;
import static org.bytedeco.pytorch.global.torch.softplus;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Says aloud what is seen: an utterance's spectrogram from the columns of the picture's window, and
 * from nothing else. Each column has a duration, so that what stands behind a long word comes
 * later; at each step of the utterance the columns whose time it is are mixed, and two slots of
 * silence before and behind them all.
 *
 * <pre>
 *   grid [96, columns] -> context [128, columns] -> durations, softplus, only where there is text
 *                                                -> centres: onset + what the columns before take
 *   steps of 2 tokens: softmax over columns of -(step - centre)^2 / 2 spread + ln(duration)
 *                                                -> mixed [128, steps] -> post-net -> 2 tokens of each step
 * </pre>
 *
 * <p>A decoder that finds its own places (attention) learns sentences by heart instead: it cannot
 * move later words by the durations of those before them (docs/LEARNING.md).
 *
 * @param group its parameters
 * @param tokens of the utterance
 * @param dim floats of a token
 */
record VoiceDecoder(TensorView group, int tokens, int dim) {
    /** How much faster than the rest it learns. */
    private static final double RATE = 2.5;

    private static final long CHANNELS = 128;
    private static final int TOKENS_PER_STEP = 2;
    private static final int SLOTS = 2;
    private static final double OUT_GAIN = .5;
    private static final double DURATION_GAIN = .3;

    /** At first a column lasts 1.9 steps: a line of text about as long as it takes to read. */
    private static final float FIRST_DURATION = 1.7f;

    private static final float FIRST_ONSET = 3;
    private static final float SILENT_BEYOND = 1;
    private static final double LEAST_SPREAD = .05;
    private static final double LEAST_DURATION = 1e-3;

    /** In scales above the silence in which an utterance begins. */
    private static final double SPEECH = .4;

    /**
     * What it says.
     *
     * @param spectrogram standardised, {@code [batch, tokens * dim]}
     * @param end when the last column is over, in steps, {@code [batch, 1]}
     */
    record Utterance(Tensor spectrogram, Tensor end) {}

    /** Declares its parameters; what is corrected when statistics change comes first. */
    static void declare(ParameterGroup.Builder builder, Width width, int dim) {
        long channels = width.of(CHANNELS);
        builder.rate(RATE)
                .linear("out", OUT_GAIN, (long) TOKENS_PER_STEP * dim, channels)
                .convolution("context", channels, PictureTrunk.channels(width), 9)
                .parameter(
                        "duration",
                        Initializer.normal(DURATION_GAIN / Math.sqrt(channels)),
                        1,
                        channels)
                .parameter("duration.bias", Initializer.constant(FIRST_DURATION), 1)
                .parameter("onset", Initializer.constant(FIRST_ONSET), 1)
                .parameter("spread", Initializer.constant(0), 1)
                .parameter("silence", Initializer.normal(DURATION_GAIN), SLOTS, channels)
                .parameter("silence.beyond", Initializer.constant(SILENT_BEYOND), 1)
                .convolution("post.1", channels, channels, 5)
                .convolution("post.2", channels, channels, 5);
    }

    /** Says what is seen. */
    Utterance say(Senses senses, boolean training) {
        Tensor grid = senses.window().grid();
        Tensor columns = Layers.block(group, "context", grid, 1, 4, training);
        Tensor text = TextExtent.of(senses.windows(), grid.size(2));
        Tensor durations =
                softplus(Layers.pointwise(group, "duration", columns).squeeze(1)).mul(text);
        Tensor ends = ends(durations);
        Tensor weights = weights(durations, ends);
        long batch = grid.size(0);
        Tensor silence =
                group.tensor("silence").unsqueeze(0).expand(new long[] {batch, -1, -1}, false);
        Tensor slots = cat(new TensorVector(columns.transpose(1, 2), silence), 1);
        Tensor mixed = matmul(weights, slots).transpose(1, 2);
        Tensor x = Layers.block(group, "post.1", mixed, 1, 2, training);
        x = x.add(Layers.block(group, "post.2", x, 1, 2, training));
        Tensor out = Layers.pointwise(group, "out", x).transpose(1, 2).flatten(1, 2);
        return new Utterance(out.narrow(1, 0, (long) tokens * dim), end(ends));
    }

    /** When each column is over, in steps. */
    Tensor ends(Tensor durations) {
        return cumsum(durations, 1).add(group.tensor("onset"));
    }

    private static Tensor end(Tensor ends) {
        return ends.narrow(1, ends.size(1) - 1, 1);
    }

    /** Whose time it is: {@code [batch, steps, columns + 2]}, each row adding up to 1. */
    Tensor weights(Tensor durations, Tensor ends) {
        Tensor times = counted(Math.ceilDiv(tokens, TOKENS_PER_STEP)).sub(new Scalar(.5));
        Tensor centres = ends.sub(durations.mul(new Scalar(.5)));
        Tensor away = times.unsqueeze(0).unsqueeze(2).sub(centres.unsqueeze(1));
        Tensor spread = exp(group.tensor("spread")).add(new Scalar(LEAST_SPREAD));
        Tensor near =
                away.mul(away)
                        .div(spread)
                        .mul(new Scalar(-.5))
                        .add(log(durations.add(new Scalar(LEAST_DURATION))).unsqueeze(1));
        Tensor beyond = group.tensor("silence.beyond");
        Tensor after = times.unsqueeze(0).sub(end(ends)).sub(beyond);
        Tensor before =
                group.tensor("onset")
                        .sub(times)
                        .sub(beyond)
                        .unsqueeze(0)
                        .expand(new long[] {after.size(0), -1}, false);
        return softmax(cat(new TensorVector(near, before.unsqueeze(2), after.unsqueeze(2)), 2), 2);
    }

    /**
     * How far the end of an utterance is from where speech ends in the targets, a smooth distance
     * in steps, in the mean over those that are present. Durations then soon add up to what they
     * should; by the spectrogram alone words that are far off their places pull nowhere.
     */
    Tensor misjudgedEnd(Utterance said, Goal goal) {
        Tensor target = goal.target().view(-1, tokens, dim);
        Tensor loudness =
                target.sub(target.narrow(1, 0, 1))
                        .mean(new long[] {2}, false, new ScalarTypeOptional());
        Tensor speech = loudness.gt(new Scalar(SPEECH)).to(target.scalar_type());
        Tensor end =
                speech.mul(counted(tokens))
                        .amax(new long[] {1}, true)
                        .mul(new Scalar(1.0 / TOKENS_PER_STEP));
        Tensor distance = said.end().sub(end).abs();
        Tensor near = distance.clamp_max(new Scalar(1));
        return near.mul(distance.sub(near.mul(new Scalar(.5))))
                .mul(goal.mask())
                .sum()
                .mul(new Scalar(goal.share()));
    }

    /** 1, 2, ... as floats. */
    private static Tensor counted(int count) {
        return arange(new Scalar(1.0), new Scalar(count + 1.0));
    }
}
