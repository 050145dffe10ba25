package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.backward;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A batch on its way through the trunks and, with the gradients of what they made of it, back. What
 * the trunk for the whole picture does, a second thread does meanwhile: the three have no parameter
 * in common, so what is computed is the same to the last bit, and where a core is free the step
 * takes two thirds of the time. Opened inside a scope of the calling thread, which must outlive it.
 */
final class TrunkPass implements AutoCloseable {
    /** Of all students of the process: there is one that trains. */
    private static final ExecutorService ASIDE =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("foam-trainer-sight").factory());

    private final Encoding window;
    private final Encoding sound;
    private final SightTrunk.Glance whole;
    private final Senses leaves;

    /** Goes through the trunks. */
    TrunkPass(Trunks trunks, Batch batch) {
        Tensor sights = batch.sights();
        Tensor columns = batch.columns();
        Future<SightTrunk.Glance> seeing = ASIDE.submit(() -> see(trunks, sights, columns));
        Tensor windows = batch.windows();
        window = trunks.window().encode(windows, true);
        sound = trunks.sound().encode(batch.sounds(), true);
        whole = join(seeing);
        leaves =
                new Senses(
                        windows,
                        new Encoding(leaf(window.grid()), leaf(window.pooled())),
                        new SightTrunk.Glance(
                                leaf(whole.grid()), leaf(whole.largest()), leaf(whole.mean())),
                        new Encoding(leaf(sound.grid()), leaf(sound.pooled())));
    }

    private static SightTrunk.Glance see(Trunks trunks, Tensor sights, Tensor columns) {
        try (var _ = new PointerScope()) {
            SightTrunk.Glance glance = trunks.sight().encode(sights, columns, true);
            all(glance).forEach(Tensor::retainReference);
            return glance;
        }
    }

    private static List<Tensor> all(SightTrunk.Glance glance) {
        return List.of(glance.grid(), glance.largest(), glance.mean());
    }

    private static Tensor leaf(Tensor made) {
        Tensor leaf = made.detach();
        leaf.set_requires_grad(true);
        return leaf;
    }

    /** What the trunks made of the batch; gradients end here. */
    Senses senses() {
        return leaves;
    }

    /** Goes back through the trunks, once the gradients of {@link #senses} are there. */
    void goBack() {
        List<Tensor> gradients = all(leaves.whole()).stream().map(Tensor::grad).toList();
        Future<?> seeing =
                ASIDE.submit(() -> {
                    try (var _ = new PointerScope()) {
                        goBack(all(whole), gradients);
                    }
                });
        goBack(
                List.of(window.grid(), window.pooled(), sound.grid(), sound.pooled()),
                List.of(
                        leaves.window().grid().grad(),
                        leaves.window().pooled().grad(),
                        leaves.sound().grid().grad(),
                        leaves.sound().pooled().grad()));
        join(seeing);
    }

    /** What no head has used has no gradient. */
    private static void goBack(List<Tensor> made, List<Tensor> gradients) {
        TensorVector from = new TensorVector();
        TensorVector with = new TensorVector();
        for (int i = 0; i < made.size(); i++) {
            if (gradients.get(i).defined()) {
                from.push_back(made.get(i));
                with.push_back(gradients.get(i));
            }
        }
        if (!from.empty()) {
            backward(from, with, new BoolOptional(), false, new TensorVector());
        }
    }

    private static <T> T join(Future<T> work) {
        try {
            return work.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted in a step", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a step failed: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        all(whole).forEach(Tensor::releaseReference);
    }
}
