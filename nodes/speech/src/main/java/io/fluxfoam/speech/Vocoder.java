package io.fluxfoam.speech;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Makes speech of a {@link MelSpectrogram}. First the power at each frequency that explains the
 * bands and is nowhere negative (multiplicative updates; Lee and Seung, 2001); then samples of
 * which that is the spectrogram, whatever the phases: they begin at random and are those of the
 * samples found last, again and again, each time a little beyond (Griffin and Lim, 1984; Perraudin,
 * Balazs and Søndergaard, 2013). Keeps its scratch; for one thread.
 */
public final class Vocoder {
    private static final int POWER_ROUNDS = 20;
    private static final int PHASE_ROUNDS = 24;
    private static final double BEYOND = .99;
    private static final int HOP = 128;
    private static final int FRAMES = MelSpectrogram.SAMPLES / HOP;
    private static final int WINDOW = Spectrum.WINDOW;
    private static final int BINS = Spectrum.BINS;

    /** A spectrogram that was predicted may say anything: power of a full-scale tone and more. */
    private static final float LOUDEST = 12;

    /** What is quieter in the mean of its bands is silence. */
    private static final double SILENCE = MelSpectrogram.FLOOR / 2;

    private static final double TINY = 1e-12;

    private final double[] hann = Spectrum.hann();
    private final MelFilters filters = new MelFilters(MelSpectrogram.BANDS);
    private final double[] coverage = new double[BINS];
    private final FourierPair fourier = new FourierPair();
    private final double[] bands = new double[MelSpectrogram.BANDS];
    private final double[] explained = new double[MelSpectrogram.BANDS];
    private final double[] wanted = new double[BINS];
    private final double[] given = new double[BINS];
    private final double[][] steps = new double[MelSpectrogram.STEPS][BINS];
    private final double[][] magnitudes = new double[FRAMES][BINS];
    private final boolean[] silent = new boolean[FRAMES];
    private final Spectrum[] phases = spectra();
    private final Spectrum[] before = spectra();
    private final Spectrum[] pair = {new Spectrum(), new Spectrum()};
    private final double[][] windows = new double[2][WINDOW];
    private final double[] sound = new double[MelSpectrogram.SAMPLES + WINDOW];
    private final double[] overlaps = new double[sound.length];

    public Vocoder() {
        Arrays.fill(explained, 1);
        filters.spread(explained, coverage);
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int i = 0; i < WINDOW; i++) {
                overlaps[from(frame) + i] += hann[i] * hann[i];
            }
        }
    }

    private static Spectrum[] spectra() {
        Spectrum[] spectra = new Spectrum[FRAMES];
        Arrays.setAll(spectra, frame -> new Spectrum());
        return spectra;
    }

    /** First sample of a frame's window, which begins half a window before the sound does. */
    private static int from(int frame) {
        return frame * HOP + HOP / 2;
    }

    /**
     * Makes {@link MelSpectrogram#SAMPLES} samples in [-1, 1].
     *
     * @param spectrogram {@link MelSpectrogram#LENGTH} floats; any that are finite
     * @param seed of the phases
     * @param samples where they go
     */
    public void speak(float[] spectrogram, long seed, float[] samples) {
        for (int step = 0; step < MelSpectrogram.STEPS; step++) {
            solve(spectrogram, step * MelSpectrogram.BANDS, steps[step]);
        }
        for (int frame = 0; frame < FRAMES; frame++) {
            interpolate(frame);
        }
        beginPhases(new SplittableRandom(seed));
        for (int round = 0; round < PHASE_ROUNDS; round++) {
            addUp();
            takePhases();
        }
        addUp();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.clamp(sound[WINDOW / 2 + i], -1, 1);
        }
    }

    /** Magnitudes of a step; all 0 if it is silent. */
    private void solve(float[] spectrogram, int at, double[] magnitude) {
        double sum = 0;
        for (int band = 0; band < bands.length; band++) {
            double power = Math.exp(Math.min(LOUDEST, spectrogram[at + band]));
            bands[band] = Math.max(0, power - MelSpectrogram.FLOOR);
            sum += bands[band];
        }
        Arrays.fill(magnitude, 0);
        if (sum < SILENCE * bands.length) {
            return;
        }
        Arrays.fill(wanted, 0);
        filters.spread(bands, wanted);
        for (int bin = 0; bin < BINS; bin++) {
            magnitude[bin] = coverage[bin] > 0 ? wanted[bin] / coverage[bin] : 0;
        }
        for (int round = 0; round < POWER_ROUNDS; round++) {
            filters.bands(magnitude, explained);
            Arrays.fill(given, 0);
            filters.spread(explained, given);
            for (int bin = 0; bin < BINS; bin++) {
                magnitude[bin] *= wanted[bin] / (given[bin] + TINY);
            }
        }
        for (int bin = 0; bin < BINS; bin++) {
            magnitude[bin] = Math.sqrt(magnitude[bin]);
        }
    }

    /** Of a frame between two steps. */
    private void interpolate(int frame) {
        double at = (frame + .5) * HOP / MelSpectrogram.HOP - .5;
        int before = (int) Math.floor(at);
        double share = at - before;
        double[] early = steps[Math.max(0, before)];
        double[] late = steps[Math.min(MelSpectrogram.STEPS - 1, before + 1)];
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            magnitudes[frame][bin] = (1 - share) * early[bin] + share * late[bin];
            sum += magnitudes[frame][bin];
        }
        silent[frame] = sum == 0;
    }

    private void beginPhases(SplittableRandom random) {
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int bin = 0; bin < BINS; bin++) {
                double phase = 2 * Math.PI * random.nextDouble();
                phases[frame].real()[bin] = Math.cos(phase);
                phases[frame].imaginary()[bin] = Math.sin(phase);
            }
            Arrays.fill(before[frame].real(), 0);
            Arrays.fill(before[frame].imaginary(), 0);
        }
    }

    /** The sound that has these magnitudes and phases most nearly. */
    private void addUp() {
        Arrays.fill(sound, 0);
        for (int frame = 0; frame < FRAMES; frame += 2) {
            if (silent[frame] && silent[frame + 1]) {
                continue;
            }
            for (int i = 0; i < pair.length; i++) {
                compose(magnitudes[frame + i], phases[frame + i], pair[i]);
            }
            fourier.inverse(pair[0], pair[1], windows[0], windows[1]);
            for (int i = 0; i < pair.length; i++) {
                int from = from(frame + i);
                for (int k = 0; k < WINDOW; k++) {
                    sound[from + k] += windows[i][k] * hann[k];
                }
            }
        }
        for (int i = 0; i < sound.length; i++) {
            sound[i] /= overlaps[i] + TINY;
        }
    }

    private static void compose(double[] magnitude, Spectrum phase, Spectrum into) {
        for (int bin = 0; bin < BINS; bin++) {
            into.real()[bin] = magnitude[bin] * phase.real()[bin];
            into.imaginary()[bin] = magnitude[bin] * phase.imaginary()[bin];
        }
        into.imaginary()[0] = 0;
        into.imaginary()[BINS - 1] = 0;
    }

    /** Phases of the sound as it is now, and a little beyond them. */
    private void takePhases() {
        for (int frame = 0; frame < FRAMES; frame += 2) {
            if (silent[frame] && silent[frame + 1]) {
                continue;
            }
            for (int i = 0; i < pair.length; i++) {
                int from = from(frame + i);
                for (int k = 0; k < WINDOW; k++) {
                    windows[i][k] = sound[from + k] * hann[k];
                }
            }
            fourier.forward(windows[0], windows[1], pair[0], pair[1]);
            for (int i = 0; i < pair.length; i++) {
                turn(phases[frame + i], pair[i], before[frame + i]);
            }
        }
    }

    private static void turn(Spectrum phase, Spectrum now, Spectrum before) {
        for (int bin = 0; bin < BINS; bin++) {
            double real = now.real()[bin];
            double imaginary = now.imaginary()[bin];
            double x = real + BEYOND * (real - before.real()[bin]);
            double y = imaginary + BEYOND * (imaginary - before.imaginary()[bin]);
            double length = Math.sqrt(x * x + y * y) + TINY;
            phase.real()[bin] = x / length;
            phase.imaginary()[bin] = y / length;
            before.real()[bin] = real;
            before.imaginary()[bin] = imaginary;
        }
    }
}
