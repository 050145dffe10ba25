package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.net.InputShape;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

class EarTest {
    private static final InputShape SHAPE = Scenery.SHAPE;

    private final Ear ear = new Ear(SHAPE);
    private final float[] energies = new float[(int) SHAPE.soundBytes() / Float.BYTES];

    private boolean hear(float... samples) {
        return ear.hear(MemorySegment.ofArray(samples), MemorySegment.ofArray(energies));
    }

    private static float[] tone(double hertz, double amplitude) {
        float[] samples = new float[SHAPE.samples()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / 16_000));
        }
        return samples;
    }

    private int loudestBand(int step) {
        int loudest = 0;
        for (int band = 0; band < InputShape.BANDS; band++) {
            loudest = energy(band, step) > energy(loudest, step) ? band : loudest;
        }
        return loudest;
    }

    private float energy(int band, int step) {
        return energies[band * SHAPE.soundSteps() + step];
    }

    @Test
    void shouldHearAToneInTheBandOfItsPitch() {
        int before = -1;
        for (double hertz : new double[] {100, 300, 1_000, 3_000, 7_000}) {
            assertTrue(hear(tone(hertz, .3)));
            int band = loudestBand(100);
            assertTrue(band > before, hertz + " Hz in band " + band);
            before = band;
        }
    }

    @Test
    void shouldHearTwiceTheAmplitudeAsFourTimesTheEnergyWhateverThePhase() {
        assertTrue(hear(tone(1_000, .2)));
        int band = loudestBand(50);
        float quiet = energy(band, 50);
        assertEquals(quiet, energy(band, 51), .01);
        assertTrue(hear(tone(1_000, .4)));
        assertEquals(Math.log(4), energy(band, 50) - quiet, .01);
    }

    @Test
    void shouldHearSilenceAsItsFloorAndRefuseWhatIsNoNumber() {
        float[] samples = new float[SHAPE.samples()];
        assertTrue(hear(samples));
        assertEquals(Math.log(1e-4), energy(20, 200), 1e-5);
        samples[777] = Float.NaN;
        assertFalse(hear(samples));
    }
}
