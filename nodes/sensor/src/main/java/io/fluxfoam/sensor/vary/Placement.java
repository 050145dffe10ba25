package io.fluxfoam.sensor.vary;

import java.util.SplittableRandom;

/**
 * Where a thing stands in its frame.
 *
 * @param centreX column of the thing's centre
 * @param centreY row of it
 * @param scale pixels of the frame for one of the thing
 * @param turnRadians to the right
 * @param mirrored whether left and right are exchanged
 */
record Placement(
        double centreX, double centreY, double scale, double turnRadians, boolean mirrored) {
    /** The largest thing leaves this part of the frame free. */
    private static final double MAX_SIZE = .95;

    /** As much of a thing may be outside at each edge: pictures of things have margins. */
    private static final double OVERHANG = .03;

    /**
     * A picture that fills the frame is at most so much larger than it is when all of it is seen.
     */
    private static final double MAX_CROP = 1.5;

    private static final double CLOSER = 1.25;

    /**
     * A place at random. A thing is inside; a picture that fills the frame may be larger than it,
     * and is then inside it nowhere: each axis by itself.
     */
    static Placement draw(
            Sprite thing,
            int width,
            int height,
            VariationStrength strength,
            boolean mayBeMirrored,
            SplittableRandom random) {
        double inside = Math.min((double) width / thing.width(), (double) height / thing.height());
        double most = MAX_SIZE * inside;
        double least = strength.minSize() * inside;
        if (thing.isOpaque()) {
            double filling =
                    Math.max((double) width / thing.width(), (double) height / thing.height());
            most = CLOSER * Math.min(filling, MAX_CROP * inside);
            least = Math.sqrt(strength.minSize()) * inside;
        }
        double scale = least + (most - least) * random.nextDouble();
        double turn = StrictMath.toRadians(strength.maxTurnDegrees()) * between(random);
        boolean mirrored = random.nextBoolean() && mayBeMirrored;
        return new Placement(
                centre(scale * thing.width(), width, random),
                centre(scale * thing.height(), height, random),
                scale,
                turn,
                mirrored);
    }

    /** From -1 to 1. */
    private static double between(SplittableRandom random) {
        return 2 * random.nextDouble() - 1;
    }

    private static double centre(double size, int room, SplittableRandom random) {
        double nearest = size * (.5 - OVERHANG);
        return nearest + random.nextDouble() * (room - 2 * nearest);
    }
}
