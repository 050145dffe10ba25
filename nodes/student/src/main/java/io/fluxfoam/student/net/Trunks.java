package io.fluxfoam.student.net;

import org.bytedeco.pytorch.Tensor;

/** The three trunks over the same parameters. */
record Trunks(PictureTrunk window, SightTrunk sight, SoundTrunk sound) {
    static Trunks of(TensorView view) {
        return new Trunks(new PictureTrunk(view), new SightTrunk(view), new SoundTrunk(view));
    }

    /** What they make of a batch that nothing is learned from. */
    Senses senses(Batch batch) {
        Tensor windows = batch.windows();
        return new Senses(
                windows,
                window.encode(windows, false),
                sight.encode(batch.sights(), batch.columns(), false),
                sound.encode(batch.sounds(), false));
    }
}
