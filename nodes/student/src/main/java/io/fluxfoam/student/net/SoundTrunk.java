package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.log;
import static org.bytedeco.pytorch.global.torch.matmul;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Hears. Raw samples {@code [batch, samples]} go through a trainable filter bank (40 pairs of
 * filters, 25 ms long, every 10 ms, born as Gabor filters on the mel scale), energy, logarithm, and
 * four convolutions to steps of 80 ms, 23 of 2.56 s.
 */
final class SoundTrunk {
    private static final long CHANNELS = 128;

    private static final int BANDS = 40;
    private static final int WINDOW = 400;
    private static final int HOP = 160;

    /** Of fewer the last convolution would leave nothing; so it reads beyond their ends. */
    private static final long FULL_STEPS = 16;

    private static final double SAMPLE_RATE_HZ = 16_000;
    private static final double LOWEST_HZ = 60;
    private static final double HIGHEST_HZ = 7_600;
    private static final float AMPLITUDE = .1f;
    private static final double ENERGY_FLOOR = 1e-4;

    private final ParameterGroup group;

    SoundTrunk(ParameterGroup group) {
        this.group = group;
    }

    /** Channels of its grid, and of what it pools. */
    static long channels(Width width) {
        return width.of(CHANNELS);
    }

    static void declare(ParameterGroup.Builder builder, Width width) {
        builder.parameter("sound.filters", SoundTrunk::gabor, WINDOW, 2 * BANDS)
                .batchNorm("sound.log", BANDS)
                .convolution("sound.1", width.of(48), BANDS, 5)
                .convolution("sound.2", width.of(64), width.of(48), 5)
                .convolution("sound.3", width.of(80), width.of(64), 5)
                .convolution("sound.4", channels(width), width.of(80), 10)
                .convolution("sound.pool", channels(width), channels(width), 5);
    }

    Encoding encode(Tensor samples, boolean training) {
        Tensor filtered = matmul(samples.unfold(1, WINDOW, HOP), group.tensor("sound.filters"));
        Tensor energy = filtered.mul(filtered);
        Tensor bands = energy.narrow(2, 0, BANDS).add(energy.narrow(2, BANDS, BANDS));
        Tensor x = log(bands.add(new Scalar(ENERGY_FLOOR))).transpose(1, 2);
        x = Layers.batchNorm(group, "sound.log", x, training);
        x = Layers.block(group, "sound.1", x, 2, 2, training);
        x = Layers.block(group, "sound.2", x, 2, 2, training);
        x = Layers.block(group, "sound.3", x, 2, 2, training);
        x = Layers.block(group, "sound.4", x, 1, x.size(2) < FULL_STEPS ? 4 : 0, training);
        Tensor pooled =
                amax(Layers.block(group, "sound.pool", x, 1, 2, training), new long[] {2}, false);
        return new Encoding(x, pooled);
    }

    /**
     * Cosine and sine of each band under a Hann window, centred on equal steps of the mel scale.
     */
    private static void gabor(MemorySegment filters, SplittableRandom random) {
        double lowest = mel(LOWEST_HZ);
        double step = (mel(HIGHEST_HZ) - lowest) / BANDS;
        for (int band = 0; band < BANDS; band++) {
            double hz = hertz(lowest + step * (band + .5));
            for (int n = 0; n < WINDOW; n++) {
                double hann = .5 - .5 * Math.cos(2 * Math.PI * n / WINDOW);
                double phase = 2 * Math.PI * hz * (n - WINDOW / 2) / SAMPLE_RATE_HZ;
                long row = (long) n * 2 * BANDS;
                filters.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        row + band,
                        (float) (AMPLITUDE * hann * Math.cos(phase)));
                filters.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        row + BANDS + band,
                        (float) (AMPLITUDE * hann * Math.sin(phase)));
            }
        }
    }

    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    private static double hertz(double mel) {
        return 700 * (Math.pow(10, mel / 2595) - 1);
    }
}
