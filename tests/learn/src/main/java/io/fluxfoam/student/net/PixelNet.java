package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.linalg_svdvals;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.relu;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A small net of pixels made of the student's own parts: its parameters are a {@link
 * ParameterGroup}, its optimizer is {@link AdamW}, it predicts with averaged weights. Layers {@code
 * 0, 1, ..} are linear maps with ReLU, the last one says the outputs.
 */
public final class PixelNet {
    private static final double MAX_GRADIENT_NORM = 5;
    private static final double GAIN = Math.sqrt(2);

    private final ParameterGroup parameters;
    private final AdamW optimizer;
    private final int[] widths;

    /**
     * An untrained net.
     *
     * @param widths inputs, each hidden layer, outputs
     */
    public PixelNet(Arena arena, long seed, AdamW optimizer, int... widths) {
        this.optimizer = optimizer;
        this.widths = widths.clone();
        ParameterGroup.Builder builder = new ParameterGroup.Builder("pixels");
        for (int layer = 0; layer < layers(); layer++) {
            double gain = layer < layers() - 1 ? GAIN : 1;
            builder.linear(name(layer), gain, widths[layer + 1], widths[layer]);
        }
        parameters = builder.build(arena, seed);
        if (optimizer.viscosity().isOn()) {
            parameters.resist();
        }
    }

    private static String name(int layer) {
        return "layer" + layer;
    }

    /** Number of linear maps. */
    public int layers() {
        return widths.length - 1;
    }

    /** What it learns. */
    public ParameterGroup parameters() {
        return parameters;
    }

    /** What begins hidden units anew; told after each step, it does so from now on. */
    public UnitRenewal renewal(Arena arena, UnitRenewal.Settings settings, long seed) {
        List<UnitRenewal.Units> units = new ArrayList<>();
        for (int layer = 0; layer < layers() - 1; layer++) {
            String name = name(layer);
            List<UnitRenewal.Reader> readers =
                    List.of(new UnitRenewal.Reader(parameters, name(layer + 1), 0));
            units.add(
                    new UnitRenewal.Units(
                            name, parameters, List.of(name, name + ".bias"), () -> readers));
        }
        return new UnitRenewal(arena, settings, seed, units);
    }

    /** Weights of a layer, {@code [outputs, inputs]}. */
    public MemorySegment weights(int layer) {
        return parameters.segment(name(layer));
    }

    /** Where a layer's weights begin among all values. */
    public long offset(int layer) {
        return (weights(layer).address() - parameters.values().address()) / Float.BYTES;
    }

    /** Computes what the batch is far off, and the gradients of that. */
    public void gradients(PixelBatch batch) {
        try (var _ = new PointerScope()) {
            parameters.clearGradients();
            Tensor said = forward(parameters.learned(), batch, true);
            said(batch, said);
            Tensor entropy = entropy(batch, said);
            Tensor loss = entropy.dot(Torch.floats(batch.weights, batch.rows()));
            if (batch.holds()) {
                Tensor then = Torch.floats(batch.said, batch.rows(), batch.outputs());
                Tensor away = said.sub(then).square().mean(1L);
                loss = loss.add(away.dot(Torch.floats(batch.held, batch.rows())));
            }
            loss.backward();
        }
    }

    /** Moves the weights by the gradients there are. */
    public void update() {
        double squares = AdamW.squaredNorm(parameters);
        if (Double.isFinite(squares)) {
            optimizer.update(
                    parameters, Math.min(1, MAX_GRADIENT_NORM / (Math.sqrt(squares) + 1e-6)));
        }
    }

    /** Says the outputs and losses of the batch with the averaged weights. */
    public void predict(PixelBatch batch) {
        say(parameters.averaged(), batch);
    }

    /** Says the outputs and losses of the batch with the weights as they are. */
    public void say(PixelBatch batch) {
        say(parameters.learned(), batch);
    }

    private void say(TensorView view, PixelBatch batch) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor said = forward(view, batch, false);
            said(batch, said);
            entropy(batch, said);
        }
    }

    /**
     * The last hidden layer's state on a batch.
     *
     * @param dead share of units that are silent on every row
     * @param effectiveRank exponential of the entropy of the singular values' shares (Roy and
     *     Vetterli, 2007)
     */
    public record Vitality(double dead, double effectiveRank) {}

    /** Of the weights as they are. */
    public Vitality vitality(PixelBatch batch) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor hidden = hidden(parameters.learned(), batch, false);
            int units = widths[widths.length - 2];
            float[] sums = floats(hidden.sum(0L), units);
            int dead = 0;
            for (float sum : sums) {
                dead += sum == 0 ? 1 : 0;
            }
            float[] values = floats(linalg_svdvals(hidden), Math.min(batch.rows(), units));
            double total = 0;
            for (float value : values) {
                total += value;
            }
            double entropy = 0;
            for (float value : values) {
                double share = value / total;
                entropy -= share > 0 ? share * Math.log(share) : 0;
            }
            return new Vitality(dead / (double) units, total > 0 ? Math.exp(entropy) : 0);
        }
    }

    private static float[] floats(Tensor tensor, int count) {
        float[] out = new float[count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(count * (long) Float.BYTES, 64);
            Torch.floats(segment, count).copy_(tensor);
            MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, 0, out, 0, count);
        }
        return out;
    }

    private Tensor hidden(TensorView view, PixelBatch batch, boolean training) {
        Tensor x = Torch.floats(batch.pixels, batch.rows(), batch.inputs());
        for (int layer = 0; layer < layers() - 1; layer++) {
            x = relu(linear(x, view.tensor(name(layer)), view.optional(name(layer) + ".bias")));
            if (training) {
                view.made(name(layer), x);
            }
        }
        return x;
    }

    private Tensor forward(TensorView view, PixelBatch batch, boolean training) {
        String last = name(layers() - 1);
        return linear(
                hidden(view, batch, training), view.tensor(last), view.optional(last + ".bias"));
    }

    private static void said(PixelBatch batch, Tensor said) {
        Torch.floats(batch.written, batch.rows(), batch.outputs()).copy_(said.detach());
    }

    private static Tensor entropy(PixelBatch batch, Tensor said) {
        Tensor shifts = Torch.floats(batch.shifts, batch.rows(), batch.outputs());
        Tensor targets = Torch.floats(batch.targets, batch.rows(), batch.outputs());
        Tensor entropy = log_softmax(said.add(shifts), 1).mul(targets).sum(1L).mul(new Scalar(-1));
        Torch.floats(batch.losses, batch.rows()).copy_(entropy.detach());
        return entropy;
    }
}
