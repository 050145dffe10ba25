package io.fluxfoam.student.net;

import io.fluxfoam.distill.Region;

import org.bytedeco.pytorch.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The memory of one batch, used again for every step. Whoever assembles it writes all rows of
 * inputs and masks, and of each target the rows that are present; absent rows hold zeros.
 *
 * <pre>
 *   window  f32 [size, window rows * columns]  see PictureNorm; only the first rows, those of the readers
 *   sight   f32 [size, 3 * rows * columns]     see SightNorm
 *   columns f32 [size, grid columns, grid columns]  where the picture's columns are in the sight
 *   sound   f32 [size, bands * steps]          energies, as the ear has heard them
 * </pre>
 */
public final class Batch {
    private final int size;
    private final InputShape shape;
    private final MemorySegment window;
    private final MemorySegment sight;
    private final MemorySegment columns;
    private final MemorySegment sound;
    private int readers;

    /** Allocates a batch of this many moments; its memory lives as long as the arena. */
    public Batch(Arena arena, InputShape shape, int size) {
        this.size = size;
        this.shape = shape;
        window = arena.allocate(size * shape.windowBytes(), 64);
        sight = arena.allocate(size * shape.sightBytes(), 64);
        long grid = shape.sightGridColumns();
        columns = arena.allocate(size * grid * grid * Float.BYTES, 64);
        for (long diagonal = 0; diagonal < size * grid; diagonal++) {
            columns.setAtIndex(ValueLayout.JAVA_FLOAT, diagonal * grid + diagonal % grid, 1);
        }
        sound = arena.allocate(size * shape.soundBytes(), 64);
        readers = size;
    }

    /** Number of moments. */
    public int size() {
        return size;
    }

    /** What its inputs are. */
    public InputShape shape() {
        return shape;
    }

    /** Window of one moment. */
    public MemorySegment window(int row) {
        return row(window, row);
    }

    /** Whole picture of one moment. */
    public MemorySegment sight(int row) {
        return row(sight, row);
    }

    /** How the columns of one moment's sight make the picture's; they are them, if nobody said. */
    public MemorySegment columns(int row) {
        return row(columns, row);
    }

    /** Sound of one moment. */
    public MemorySegment sound(int row) {
        return row(sound, row);
    }

    /** How many of its moments are looked at sharply too: the first ones; all, if nobody said. */
    public int readers() {
        return readers;
    }

    /**
     * Decides how many moments are looked at sharply too. What is seen sharply cannot be looked at
     * anew each time, since regions stand on its columns; so it is soon known by heart, and nothing
     * would be left to learn for the sight of the whole. And the window costs most.
     *
     * @param moments from 1 to all
     */
    public void readers(int moments) {
        readers = Objects.checkIndex(moments - 1, size) + 1;
    }

    Tensor windows() {
        return Torch.floats(window, readers, 1, InputShape.WINDOW_ROWS, shape.windowColumns());
    }

    Tensor sights() {
        return Torch.floats(
                sight, size, InputShape.COLOURS, shape.sightRows(), shape.sightColumns());
    }

    Tensor columns() {
        int grid = shape.sightGridColumns();
        return Torch.floats(columns, size, grid, grid);
    }

    Tensor sounds() {
        return Torch.floats(sound, size, InputShape.BANDS, shape.soundSteps());
    }

    private MemorySegment row(MemorySegment block, int row) {
        long bytes = block.byteSize() / size;
        return block.asSlice(row * bytes, bytes);
    }

    /**
     * Standardised targets of one region for the moments of a batch, and which of them are present.
     */
    public static final class Targets {
        private final Region region;
        private final int size;
        private final MemorySegment values;
        private final MemorySegment mask;
        private int rows;
        private int present;

        /** Allocates targets for batches of this size; the memory lives as long as the arena. */
        public Targets(Arena arena, Region region, int size) {
            this.region = region;
            this.size = size;
            this.rows = size;
            values = arena.allocate((long) size * region.length() * Float.BYTES, 64);
            mask = arena.allocate((long) size * Float.BYTES, 64);
        }

        public Region region() {
            return region;
        }

        /** How many moments of the batch have this target. */
        public int present() {
            return present;
        }

        /** How many moments can have this target: the first ones. */
        public int rows() {
            return rows;
        }

        /** Makes all rows absent. */
        public void clear() {
            clear(size);
        }

        /** Makes all rows absent, of which only the first ones can have this target. */
        public void clear(int mostRows) {
            rows = Objects.checkIndex(mostRows - 1, size) + 1;
            values.fill((byte) 0);
            mask.fill((byte) 0);
            present = 0;
        }

        /** Makes a row that was absent present; the caller writes its {@code length} floats. */
        public MemorySegment include(int row) {
            mask.setAtIndex(ValueLayout.JAVA_FLOAT, row, 1);
            present++;
            long bytes = values.byteSize() / size;
            return values.asSlice(row * bytes, bytes);
        }

        Tensor values() {
            return Torch.floats(values, rows, region.length());
        }

        Tensor mask() {
            return Torch.floats(mask, rows, 1);
        }
    }
}
