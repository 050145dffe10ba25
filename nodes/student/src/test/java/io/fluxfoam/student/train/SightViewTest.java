package io.fluxfoam.student.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.net.InputShape;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Where the picture's columns are in what is seen of it. */
class SightViewTest {
    private static final InputShape SHAPE = Scenery.SHAPE;
    private static final int GRID = SHAPE.sightGridColumns();

    private final MemorySegment small =
            Arena.ofAuto().allocate((long) InputShape.COLOURS * SHAPE.sightPixels());
    private final MemorySegment floats = Arena.ofAuto().allocate(SHAPE.sightBytes());
    private final MemorySegment weights = Arena.ofAuto().allocate((long) GRID * GRID * Float.BYTES);

    /** The brighter, the further right. */
    private void paintRamp() {
        for (long i = 0; i < small.byteSize(); i++) {
            long column = i % SHAPE.sightColumns();
            small.set(ValueLayout.JAVA_BYTE, i, (byte) (60 + 120 * column / SHAPE.sightColumns()));
        }
    }

    /** Mean of what is seen in each of the grid's columns. */
    private double[] seen() {
        double[] means = new double[GRID];
        long count = floats.byteSize() / Float.BYTES;
        for (long i = 0; i < count; i++) {
            int column = (int) (i % SHAPE.sightColumns() * GRID / SHAPE.sightColumns());
            means[column] += floats.getAtIndex(ValueLayout.JAVA_FLOAT, i) * GRID / count;
        }
        return means;
    }

    private double[] putBack(double[] seen) {
        double[] columns = new double[GRID];
        for (int from = 0; from < GRID; from++) {
            for (int to = 0; to < GRID; to++) {
                columns[to] +=
                        seen[from]
                                * weights.getAtIndex(
                                        ValueLayout.JAVA_FLOAT, (long) from * GRID + to);
            }
        }
        return columns;
    }

    /** Of the columns that are in sight however it is looked at. */
    private static double slope(double[] columns) {
        return columns[GRID - 4] - columns[3];
    }

    @Test
    void shouldSeeEachColumnWhereItIsInThePictureAsItIs() {
        paintRamp();
        new SightView(SHAPE, false).plain(small, floats, weights);
        double[] seen = seen();
        double[] columns = putBack(seen);
        for (int i = 0; i < GRID; i++) {
            assertEquals(seen[i], columns[i], 0);
        }
    }

    @Test
    void shouldPutTheColumnsOfAnyViewBackToThePictures() {
        paintRamp();
        SightView view = new SightView(SHAPE, true);
        SplittableRandom random = new SplittableRandom(5);
        int mirrored = 0;
        for (int round = 0; round < 200; round++) {
            view.varied(small, floats, weights, random);
            double[] seen = seen();
            double[] columns = putBack(seen);
            mirrored += slope(seen) < 0 ? 1 : 0;
            assertTrue(slope(columns) > 0, "the ramp rises to the right in view " + round);
            double step = slope(columns) / (GRID - 7);
            for (int i = 4; i < GRID - 4; i++) {
                double straight = columns[3] + (i - 3) * step;
                assertEquals(straight, columns[i], step, "column " + i + " of view " + round);
            }
        }
        assertTrue(mirrored > 50 && mirrored < 150, "mirrored views: " + mirrored);
    }
}
