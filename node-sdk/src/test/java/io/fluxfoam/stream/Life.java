package io.fluxfoam.stream;

import io.fluxfoam.memory.MortalWords;
import io.fluxfoam.memory.Words;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/**
 * A life in named steps. Each store of a step is a point, {@code step.n}, and the life ends before
 * the store at its fatal point, when it comes there for the wanted time. After that none of its
 * stores happens. Belongs to one thread.
 */
final class Life implements UnaryOperator<Words> {
    private final String fatalPoint;
    private final int fatalTime;
    private final Runnable end;
    private final Map<String, Integer> points = new LinkedHashMap<>();
    private final List<AutoCloseable> estate = new ArrayList<>();
    private final Map<String, LongConsumer> actions = new HashMap<>();
    private String step = "start";
    private int storeInStep;
    private boolean isOver;
    private Words words;

    /** A life that ends by {@code end} at this point. */
    Life(String fatalPoint, int fatalTime, Runnable end) {
        this.fatalPoint = fatalPoint;
        this.fatalTime = fatalTime;
        this.end = end;
    }

    /** A life that comes to its natural end. */
    static Life full() {
        return new Life("", 0, () -> {});
    }

    /** A life that ends with {@link MortalWords.Death}. */
    static Life until(String fatalPoint, int fatalTime) {
        return new Life(
                fatalPoint,
                fatalTime,
                () -> {
                    throw new MortalWords.Death();
                });
    }

    /** Begins a step. */
    void step(String name) {
        step = name;
        storeInStep = 0;
    }

    /**
     * What happens once, just before the store at a point: another party's move. It gets the
     * store's offset.
     */
    void at(String point, LongConsumer action) {
        actions.put(point, action);
    }

    private boolean mayStore(long offset) {
        if (isOver) {
            return false;
        }
        String point = step + "." + storeInStep++;
        int time = points.merge(point, 1, Integer::sum);
        LongConsumer action = actions.remove(point);
        if (action != null) {
            action.accept(offset);
        }
        if (point.equals(fatalPoint) && time == fatalTime) {
            isOver = true;
            end.run();
        }
        return true;
    }

    @Override
    public Words apply(Words wrapped) {
        words = wrapped;
        return new MortalWords(wrapped, this::mayStore);
    }

    /** Words for what belongs to the same life but is no point of it. */
    Words silently(Words wrapped) {
        return new MortalWords(wrapped, _ -> !isOver);
    }

    /** Something that the life leaves behind. */
    <T extends AutoCloseable> T own(T thing) {
        estate.add(thing);
        return thing;
    }

    /**
     * Gives back to this process what its end would give back: mappings, and nothing that others
     * can see.
     */
    void bury() throws Exception {
        isOver = true;
        for (AutoCloseable thing : estate.reversed()) {
            thing.close();
        }
    }

    /** Whether the life has ended at its fatal point, or was buried. */
    boolean isOver() {
        return isOver;
    }

    /** The words themselves, for looking at them. */
    Words words() {
        return words;
    }

    /** Points that the life has come to, in order, with how often it was there. */
    Map<String, Integer> points() {
        return Collections.unmodifiableMap(points);
    }
}
