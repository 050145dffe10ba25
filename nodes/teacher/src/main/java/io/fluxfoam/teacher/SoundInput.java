package io.fluxfoam.teacher;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Sound windows for a network that wants one length: of a longer one the end, before a shorter one
 * silence.
 *
 * @param scale factor for every sample; 32768 for a model that wants int16-valued floats
 * @param rank rank of the model's input; the axes in front of the samples are 1
 * @param samples length of the window
 */
record SoundInput(float scale, int rank, int samples) implements SampleEncoder {
    @Override
    public Sense sense() {
        return Sense.SOUND;
    }

    @Override
    public long[] shape() {
        long[] shape = new long[rank];
        java.util.Arrays.fill(shape, 1);
        shape[rank - 1] = samples;
        return shape;
    }

    @Override
    public void encode(Sample sample, MemorySegment target) {
        sample.require(Sense.SOUND, TensorSpec.ANY);
        long first = sample.shape()[0] - samples;
        for (long i = 0; i < samples; i++) {
            long at = first + i;
            float value = at < 0 ? 0 : sample.payload().getAtIndex(ValueLayout.JAVA_FLOAT, at);
            target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value * scale);
        }
    }

    @Override
    public void encodeNoise(MemorySegment target) {
        Random random = new Random(0);
        for (long i = 0; i < samples; i++) {
            target.setAtIndex(ValueLayout.JAVA_FLOAT, i, (2 * random.nextFloat() - 1) * scale);
        }
    }
}
