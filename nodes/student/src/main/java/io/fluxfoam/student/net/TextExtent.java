package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.arange;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * From which column of a window to which something stands out, told from its pixels alone. A column
 * is one of it if some of its pixels are at least half as far from the background as the farthest
 * pixel.
 */
final class TextExtent {
    private static final double FAR = .5;
    private static final double PIXELS = 2.5;
    private static final long[] ROWS = {1, 2};
    private static final long[] COLUMNS = {1};

    private TextExtent() {}

    /**
     * How much of each column of the grid lies between the first and the last of it.
     *
     * @param windows {@code [batch, 1, rows, columns]}, how far each pixel is from the background
     * @param columns of the grid
     * @return {@code [batch, columns]}, 0 to 1
     */
    static Tensor of(Tensor windows, long columns) {
        Tensor pixels = windows.squeeze(1);
        Tensor far = pixels.ge(amax(pixels, ROWS, true).mul(new Scalar(FAR)));
        Tensor count = far.to(pixels.scalar_type()).sum(COLUMNS, false, new ScalarTypeOptional());
        Tensor isText = count.gt(new Scalar(PIXELS)).to(pixels.scalar_type());
        double width = pixels.size(2);
        Tensor places = arange(new Scalar(0.0), new Scalar(width));
        Tensor last = amax(isText.mul(places.add(new Scalar(1))), COLUMNS, true);
        // The farther left, the larger.
        Tensor left = amax(isText.mul(places.neg().add(new Scalar(width))), COLUMNS, true);
        Tensor first = left.neg().add(new Scalar(width));
        Scalar perColumn = new Scalar(columns / width);
        Tensor grid = arange(new Scalar(0.0), new Scalar((double) columns));
        Tensor until = last.mul(perColumn).minimum(grid.add(new Scalar(1)));
        Tensor from = first.mul(perColumn).maximum(grid);
        return until.sub(from).clamp_min(new Scalar(0));
    }
}
