package io.fluxfoam.evaluator;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The newest pictures that the student may have trained on: who knows nothing but them says of a
 * picture what the nearest one is called.
 */
final class NeighbourGallery {
    /** Pictures kept; some 5 KiB each. */
    static final int CAPACITY = 8192;

    /** Of the bounds, which are floats. */
    private static final double ROUNDING = 1e-4;

    private final List<Entry> entries = new ArrayList<>();
    private int next;

    private record Entry(int world, String caption, Thumbnail picture) {}

    /** Takes the picture of a TRAIN frame; the oldest gives way. */
    void add(int world, String caption, Thumbnail picture) {
        Entry entry = new Entry(world, caption, picture);
        if (entries.size() < CAPACITY) {
            entries.add(entry);
        } else {
            entries.set(next, entry);
        }
        next = (next + 1) % CAPACITY;
    }

    /** Lets the student's nearest rivals say what a set's frame is, if there are any. */
    void judge(SetEvaluation set, String caption, Thumbnail picture) {
        List<Entry> rivals =
                entries.stream()
                        .filter(entry -> entry.world() == set.set().world())
                        .filter(entry -> set.has(entry.caption()))
                        .toList();
        if (rivals.isEmpty()) {
            return;
        }
        double chance = set.neighbours().grey().chance();
        int truth = set.index(caption);
        set.neighbours()
                .add(
                        truth,
                        credit(nearest(rivals, picture, Thumbnail::grey), caption, chance),
                        credit(nearest(rivals, picture, Thumbnail::colour), caption, chance));
    }

    /** Where there is nothing to compare, guessing is left. */
    private static double credit(Optional<String> answer, String caption, double chance) {
        return answer.map(said -> said.equals(caption) ? 1.0 : 0.0).orElse(chance);
    }

    private static Optional<String> nearest(
            List<Entry> rivals, Thumbnail picture, Function<Thumbnail, PixelVector> view) {
        PixelVector wanted = view.apply(picture);
        if (wanted.isFlat()) {
            return Optional.empty();
        }
        double[] bounds = new double[rivals.size()];
        int likeliest = 0;
        for (int i = 0; i < bounds.length; i++) {
            PixelVector rival = view.apply(rivals.get(i).picture());
            bounds[i] = rival.isFlat() ? Double.NEGATIVE_INFINITY : wanted.cosineAtMost(rival);
            likeliest = bounds[i] > bounds[likeliest] ? i : likeliest;
        }
        @Nullable Entry best = null;
        double highest = Double.NEGATIVE_INFINITY;
        for (int turn = 0; turn < bounds.length; turn++) {
            int i = (likeliest + turn) % bounds.length;
            if (bounds[i] + ROUNDING > highest && bounds[i] > Double.NEGATIVE_INFINITY) {
                double cosine = wanted.cosine(view.apply(rivals.get(i).picture()));
                if (cosine > highest) {
                    highest = cosine;
                    best = rivals.get(i);
                }
            }
        }
        return Optional.ofNullable(best).map(Entry::caption);
    }
}
