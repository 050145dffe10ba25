package io.fluxfoam.student.net;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Region;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The memory of one training batch, used again for every step. Whoever assembles it writes all rows
 * of inputs and masks, and of each target the rows that are present; absent rows hold zeros.
 *
 * <pre>
 *   sound    f32 [size, SAMPLES]   samples in [-1, 1]
 *   picture  f32 [size, BAND_HEIGHT * BAND_WIDTH]  band of the picture, see PictureNorm
 *   hears    f32 [size]            1, or 0 where the fused features must do without sound
 *   sees     f32 [size]            1, or 0 where they must do without picture
 * </pre>
 */
public final class Batch {
    /** Samples in a sound window. */
    public static final int SAMPLES = FrameShape.STANDARD_SOUND_SAMPLES;

    /** Rows of a picture's band. */
    public static final int BAND_HEIGHT = 48;

    /** Columns of a picture. */
    public static final int BAND_WIDTH = FrameShape.STANDARD_WIDTH;

    private final int size;
    private final MemorySegment sound;
    private final MemorySegment picture;
    private final MemorySegment hears;
    private final MemorySegment sees;

    /** Allocates a batch of this many moments; its memory lives as long as the arena. */
    public Batch(Arena arena, int size) {
        this.size = size;
        sound = arena.allocate((long) size * SAMPLES * Float.BYTES, 64);
        picture = arena.allocate((long) size * BAND_HEIGHT * BAND_WIDTH * Float.BYTES, 64);
        hears = arena.allocate((long) size * Float.BYTES, 64);
        sees = arena.allocate((long) size * Float.BYTES, 64);
    }

    /** Number of moments. */
    public int size() {
        return size;
    }

    /** Sound of all moments. */
    public MemorySegment sound() {
        return sound;
    }

    /** Picture bands of all moments. */
    public MemorySegment picture() {
        return picture;
    }

    /** Sound of one moment. */
    public MemorySegment sound(int row) {
        return row(sound, row);
    }

    /** Picture band of one moment. */
    public MemorySegment picture(int row) {
        return row(picture, row);
    }

    /**
     * Decides what the fused features of one moment are made of; at least one of the two should be
     * true.
     */
    public void modalities(int row, boolean picturePresent, boolean soundPresent) {
        sees.setAtIndex(ValueLayout.JAVA_FLOAT, row, picturePresent ? 1 : 0);
        hears.setAtIndex(ValueLayout.JAVA_FLOAT, row, soundPresent ? 1 : 0);
    }

    MemorySegment hears() {
        return hears;
    }

    MemorySegment sees() {
        return sees;
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
        private int present;

        /** Allocates targets for batches of this size; the memory lives as long as the arena. */
        public Targets(Arena arena, Region region, int size) {
            this.region = region;
            this.size = size;
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

        /** Makes all rows absent. */
        public void clear() {
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

        MemorySegment values() {
            return values;
        }

        MemorySegment mask() {
            return mask;
        }
    }
}
