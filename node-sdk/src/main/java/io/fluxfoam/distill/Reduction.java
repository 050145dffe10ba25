package io.fluxfoam.distill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a student learns of a teacher's tensor: all of it where it fits, else less that says the
 * most of it, and the same on every machine.
 *
 * <pre>
 *   at most MOST_FLOATS   every value, [columns, rows * channels]; on no grid [rows * columns, channels]
 *   more, on a grid       the mean over the rows, resampled to at most MOST_TOKENS columns
 *   more, on no grid      the mean over all positions: a summary
 * </pre>
 *
 * <p>Columns are resampled as areas: each new one is the mean of those that it covers. Channels are
 * as they are if the region then fits, else they are added up in as many groups as do, each with a
 * fixed random sign, which keeps distances (feature hashing; Weinberger et al., arXiv 0902.2206).
 * Statistics are learned of what comes out. Belongs to one thread.
 */
public final class Reduction {
    /** Most floats of a region. */
    public static final int MOST_FLOATS = 8_192;

    /** Most tokens of a map that does not fit; a student's own grids have 23 to 40 as a rule. */
    static final int MOST_TOKENS = 32;

    /** Most floats of a summary: each is said from all fused features. */
    static final int MOST_OF_A_SUMMARY = 1_024;

    private static final int MOST_CHANNELS = 1 << 20;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long SEED = 0x5EED;

    private final Axes axes;
    private final int rows;
    private final int columns;
    private final int channels;
    private final int keptRows;
    private final int tokens;
    private final int dim;
    private final float[] means;
    private final float[] groups;
    private final int[] groupOf;
    private final float[] signs;

    private Reduction(Axes axes, int rows, int columns, int channels, Alignment alignment) {
        boolean isMap = alignment != Alignment.NONE && axes != Axes.ROWS;
        this.axes = axes;
        this.rows = isMap ? rows : 1;
        this.columns = isMap ? columns : rows * columns;
        this.channels = channels;
        boolean fits = (long) rows * columns * channels <= MOST_FLOATS;
        int most = alignment == Alignment.NONE ? 1 : MOST_TOKENS;
        keptRows = fits ? this.rows : 1;
        tokens = fits ? this.columns : Math.min(this.columns, most);
        dim =
                fits
                        ? keptRows * channels
                        : Math.min(
                                channels,
                                alignment == Alignment.NONE
                                        ? MOST_OF_A_SUMMARY
                                        : MOST_FLOATS / tokens);
        means = new float[keptRows * channels];
        groups = dim < means.length ? new float[dim] : means;
        groupOf = new int[means.length];
        signs = new float[means.length];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < signs.length; i++) {
            // Shuffled as it grows (Durstenfeld), so that groups are of like size.
            int other = random.nextInt(i + 1);
            groupOf[i] = groupOf[other];
            groupOf[other] = i % dim;
            signs[i] = random.nextBoolean() ? 1 : -1;
        }
    }

    /**
     * The reduction of tensors of this shape.
     *
     * @throws IllegalArgumentException if the shape is empty, or its channels are too many
     */
    public static Reduction of(long[] shape, Axes axes, Alignment alignment) {
        int leading = 0;
        while (leading < shape.length - 1 && shape[leading] == 1) {
            leading++;
        }
        long[] sizes = Arrays.copyOfRange(shape, leading, shape.length);
        long count = sizes.length == 0 ? 0 : 1;
        for (long size : sizes) {
            count = Math.multiplyExact(count, size);
        }
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "no tensor to learn from: shape=" + Arrays.toString(shape));
        }
        int last = sizes.length - 1;
        int channels = (int) (axes == Axes.CHW ? sizes[0] : sizes[last]);
        if (channels > MOST_CHANNELS) {
            throw new IllegalArgumentException(
                    "too wide to learn from: shape="
                            + Arrays.toString(shape)
                            + " axes="
                            + axes.text()
                            + " channels="
                            + channels
                            + " of "
                            + MOST_CHANNELS);
        }
        int positions = (int) (count / channels);
        int columnAxis = axes == Axes.CHW ? last : last - 1;
        boolean isOneColumn = last == 0;
        int columns = isOneColumn ? 1 : axes == Axes.ROWS ? positions : (int) sizes[columnAxis];
        return new Reduction(axes, positions / columns, columns, channels, alignment);
    }

    /** Tokens of the region. */
    public int tokens() {
        return tokens;
    }

    /** Floats of a token. */
    public int dim() {
        return dim;
    }

    /** Whether the region is the tensor as it lies there. */
    public boolean isPlain() {
        return tokens == columns && dim == channels && rows == 1 && axes != Axes.CHW;
    }

    /**
     * Reduces a tensor.
     *
     * @param tensor its f32 values, row-major, of the shape that this is for
     * @param region where {@code tokens * dim} floats go; may not overlap it
     */
    public void apply(MemorySegment tensor, MemorySegment region) {
        long bytes = (long) tokens * dim * Float.BYTES;
        if (isPlain()) {
            region.asSlice(0, bytes).copyFrom(tensor.asSlice(0, bytes));
            return;
        }
        for (int token = 0; token < tokens; token++) {
            average(tensor, token);
            if (groups != means) {
                group();
            }
            MemorySegment.copy(groups, 0, region, FLOAT, (long) token * dim * Float.BYTES, dim);
        }
    }

    /** The mean of what a token covers, for each row that is kept and each channel. */
    private void average(MemorySegment tensor, int token) {
        Arrays.fill(means, 0);
        int from = (int) ((long) token * columns / tokens);
        int to = (int) Math.ceilDiv((token + 1L) * columns, (long) tokens);
        for (int row = 0; row < rows; row++) {
            int at = keptRows == rows ? row * channels : 0;
            for (int column = from; column < to; column++) {
                add(tensor, row * columns + column, at);
            }
        }
        float share = 1f / ((to - from) * (rows / keptRows));
        for (int i = 0; i < means.length; i++) {
            means[i] *= share;
        }
    }

    private void add(MemorySegment tensor, int position, int at) {
        int positions = rows * columns;
        int stride = axes == Axes.CHW ? positions : 1;
        long first = axes == Axes.CHW ? position : (long) position * channels;
        for (int channel = 0; channel < channels; channel++) {
            means[at + channel] += tensor.getAtIndex(FLOAT, first + (long) channel * stride);
        }
    }

    private void group() {
        Arrays.fill(groups, 0);
        for (int i = 0; i < means.length; i++) {
            groups[groupOf[i]] += signs[i] * means[i];
        }
    }
}
