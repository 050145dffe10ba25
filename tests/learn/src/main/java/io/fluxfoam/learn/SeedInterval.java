package io.fluxfoam.learn;

/**
 * Mean over seeds and where the true mean is with 95% (Student, 1908). Of one seed nothing is known
 * of the spread: {@code low} and {@code high} are the mean.
 */
record SeedInterval(double mean, double low, double high) {
    /** 97.5% quantiles of Student's t for 1, 2, .. degrees of freedom. */
    private static final double[] QUANTILES = {
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010,
        2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739,
        2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
    };

    /** Seeds for which a quantile is known. */
    static final int MOST = QUANTILES.length + 1;

    static SeedInterval of(double... perSeed) {
        double mean = 0;
        for (double value : perSeed) {
            mean += value / perSeed.length;
        }
        if (perSeed.length == 1) {
            return new SeedInterval(mean, mean, mean);
        }
        double squares = 0;
        for (double value : perSeed) {
            squares += (value - mean) * (value - mean);
        }
        double error = Math.sqrt(squares / (perSeed.length - 1) / perSeed.length);
        double half = QUANTILES[perSeed.length - 2] * error;
        return new SeedInterval(mean, mean - half, mean + half);
    }

    /** Of the differences of two arms, seed by seed. */
    static SeedInterval paired(double[] arm, double[] other) {
        double[] differences = new double[arm.length];
        for (int i = 0; i < arm.length; i++) {
            differences[i] = arm[i] - other[i];
        }
        return of(differences);
    }
}
