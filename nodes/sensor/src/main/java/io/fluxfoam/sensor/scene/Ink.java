package io.fluxfoam.sensor.scene;

import java.util.SplittableRandom;

/**
 * Two tinted colours, text and background, that differ clearly in luminance: readable also to a
 * teacher that looks at grey values. Channels are 0..255, order RGB.
 */
record Ink(double[] text, double[] background) {
    static final double MIN_CONTRAST = 90;

    private static final double MAX_CONTRAST = 230;
    private static final double MAX_TINT = 70;
    private static final double[] LUMA = {.299, .587, .114};

    /** Random contrast, brightness, polarity and tints. */
    static Ink draw(SplittableRandom random) {
        double contrast = random.nextDouble(MIN_CONTRAST, MAX_CONTRAST);
        double dark = random.nextDouble(255 - contrast);
        double[] darkInk = tinted(dark, random);
        double[] lightInk = tinted(dark + contrast, random);
        return random.nextBoolean() ? new Ink(darkInk, lightInk) : new Ink(lightInk, darkInk);
    }

    /** Luminance of a colour (ITU-R BT.601). */
    static double luminance(double[] rgb) {
        return LUMA[0] * rgb[0] + LUMA[1] * rgb[1] + LUMA[2] * rgb[2];
    }

    /**
     * A random colour of exactly this luminance; the tint is as strong as drawn or as the RGB cube
     * allows.
     */
    private static double[] tinted(double luminance, SplittableRandom random) {
        double[] tint = {
            random.nextDouble(-1, 1), random.nextDouble(-1, 1), random.nextDouble(-1, 1)
        };
        double tintLuminance = luminance(tint);
        double strength = random.nextDouble(MAX_TINT);
        for (int c = 0; c < tint.length; c++) {
            tint[c] -= tintLuminance;
            double room = tint[c] > 0 ? 255 - luminance : luminance;
            strength = Math.min(strength, room / Math.abs(tint[c]));
        }
        double[] rgb = new double[tint.length];
        for (int c = 0; c < rgb.length; c++) {
            rgb[c] = luminance + strength * tint[c];
        }
        return rgb;
    }
}
