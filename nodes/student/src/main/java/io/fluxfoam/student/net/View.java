package io.fluxfoam.student.net;

/** Of what the whole of a frame is said. */
enum View {
    BOTH("fusion.both", .4),
    PICTURE("fusion.picture", .4),
    SOUND("fusion.sound", .2);

    private final String layer;
    private final double share;

    View(String layer, double share) {
        this.layer = layer;
        this.share = share;
    }

    /** Declares a batch normalisation for each: what is said without sound varies otherwise. */
    static void declare(ParameterGroup.Builder builder, long channels) {
        for (View view : values()) {
            builder.batchNorm(view.layer, channels);
        }
    }

    /** Name of its batch normalisation. */
    String layer() {
        return layer;
    }

    /** Its part in the loss; all parts together are 1. */
    double share() {
        return share;
    }
}
