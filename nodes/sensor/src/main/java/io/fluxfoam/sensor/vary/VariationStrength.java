package io.fluxfoam.sensor.vary;

/** How far two variations of one thing may be from each other. */
public enum VariationStrength {
    /** For pictures and recordings that vary of themselves. */
    MILD(.7, 4, .08, .08, 10, 6, .1, .06, 1, 24),
    /** One picture and one recording are enough to teach a thing from. */
    STRONG(.5, 12, .2, .15, 25, 15, .25, .18, 2.5, 12);

    private final double minSize;
    private final double maxTurnDegrees;
    private final double tint;
    private final double contrast;
    private final double brightness;
    private final double maxGrain;
    private final double blurred;
    private final double stretch;
    private final double maxPitchSemitones;
    private final double minSignalToNoiseDb;

    VariationStrength(
            double minSize,
            double maxTurnDegrees,
            double tint,
            double contrast,
            double brightness,
            double maxGrain,
            double blurred,
            double stretch,
            double maxPitchSemitones,
            double minSignalToNoiseDb) {
        this.minSize = minSize;
        this.maxTurnDegrees = maxTurnDegrees;
        this.tint = tint;
        this.contrast = contrast;
        this.brightness = brightness;
        this.maxGrain = maxGrain;
        this.blurred = blurred;
        this.stretch = stretch;
        this.maxPitchSemitones = maxPitchSemitones;
        this.minSignalToNoiseDb = minSignalToNoiseDb;
    }

    /** Smallest size of a thing, as a part of the largest that the frame has room for. */
    double minSize() {
        return minSize;
    }

    /** A thing is turned by at most this, either way. */
    double maxTurnDegrees() {
        return maxTurnDegrees;
    }

    /** The gain of each colour is 1 plus or minus at most this. */
    double tint() {
        return tint;
    }

    /** The gain of all colours is 1 plus or minus at most this. */
    double contrast() {
        return contrast;
    }

    /** At most this is added to, or taken from, all values of 0 to 255. */
    double brightness() {
        return brightness;
    }

    /** Largest standard deviation of the pixels' noise. */
    double maxGrain() {
        return maxGrain;
    }

    /** Part of the things that are half as sharp as they could be. */
    double blurred() {
        return blurred;
    }

    /** A sound's duration is multiplied by 1 plus or minus at most this. */
    double stretch() {
        return stretch;
    }

    /** A sound is at most so much higher or lower. */
    double maxPitchSemitones() {
        return maxPitchSemitones;
    }

    /** A sound is at least so much louder than the noise that it is put in. */
    double minSignalToNoiseDb() {
        return minSignalToNoiseDb;
    }
}
