package io.fluxfoam.chaos.wire;

/**
 * How one way of a wire is.
 *
 * @param delayMillis of all that goes that way
 * @param lossRatio share of the datagrams that do not arrive; of 1 nothing arrives
 */
public record Weather(double delayMillis, double lossRatio) {
    public static final Weather FAIR = new Weather(0, 0);
    public static final Weather CUT = new Weather(0, 1);

    public Weather {
        if (!(delayMillis >= 0 && lossRatio >= 0 && lossRatio <= 1)) {
            throw new IllegalArgumentException(
                    "no weather: delayMillis=" + delayMillis + " lossRatio=" + lossRatio);
        }
    }

    boolean isCut() {
        return lossRatio == 1;
    }
}
