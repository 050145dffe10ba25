package io.fluxfoam.sensor;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Worlds;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Several sources of one shape that take turns by the frame's counter, see {@link Worlds}. Each
 * gets the counters that it would have alone. One that ends, as with {@code --once}, ends its own
 * turns only: their counters are left out, and the whole has ended when all have.
 */
final class WorldsSource implements FrameSource {
    private final Worlds worlds;
    private final List<String> names;
    private final List<FrameSource> sources;
    private final Consumer<String> notices;
    private final Candidates candidates;
    private final BitSet ended = new BitSet();
    private @Nullable String caption;

    /**
     * Owns the sources from here on, unless it fails.
     *
     * @param names what the user calls them
     * @param notices told in one line which one has ended, or has too many captions
     */
    WorldsSource(
            Worlds worlds,
            List<String> names,
            List<FrameSource> sources,
            Consumer<String> notices) {
        this.worlds = worlds;
        this.names = List.copyOf(names);
        this.sources = List.copyOf(sources);
        this.notices = notices;
        this.candidates = join();
    }

    private Candidates join() {
        List<CandidateSet> sets = new ArrayList<>();
        Set<String> captions = new HashSet<>();
        for (int world = 0; world < sources.size(); world++) {
            for (CandidateSet set : sources.get(world).candidates().sets()) {
                sets.add(set.of(world));
                captions.addAll(set.captions());
            }
        }
        if (captions.size() <= Candidates.MAX_CAPTIONS) {
            return new Candidates(worlds, sets);
        }
        int limit = Candidates.MAX_CAPTIONS / sets.size();
        notices.accept(
                "held-out captions of all sources: "
                        + captions.size()
                        + ", too many: of each set only "
                        + limit
                        + " chosen at random are candidates, once for all");
        return new Candidates(worlds, sets.stream().map(set -> set.atMost(limit)).toList());
    }

    @Override
    public FrameShape shape() {
        return sources.getFirst().shape();
    }

    @Override
    public boolean captioned() {
        return sources.stream().anyMatch(FrameSource::captioned);
    }

    /** One mirror for all: where one source shows letters, left is not right. */
    @Override
    public boolean mirrored() {
        return sources.stream().allMatch(FrameSource::mirrored);
    }

    @Override
    public Candidates candidates() {
        return candidates;
    }

    @Override
    public void load() throws IOException {
        for (FrameSource source : sources) {
            source.load();
        }
    }

    @Override
    public void rehearse(MemorySegment pictureRgb, MemorySegment soundF32) throws IOException {
        for (FrameSource source : sources) {
            source.rehearse(pictureRgb, soundF32);
        }
    }

    @Override
    public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
            throws IOException {
        int world = worlds.world(counter);
        FrameSource source = sources.get(world);
        if (ended.get(world)) {
            return false;
        }
        if (!source.read(worlds.own(counter), pictureRgb, soundF32)) {
            ended.set(world);
            notices.accept(
                    names.get(world)
                            + " has ended"
                            + (isOver() ? "" : "; the other sources keep their turns"));
            return false;
        }
        caption = source.caption();
        return true;
    }

    private boolean isOver() {
        return ended.cardinality() == sources.size();
    }

    /** The beginning of the next turn of a source that has not ended. */
    @Override
    public long nextAfter(long counter) {
        if (isOver()) {
            return OVER;
        }
        long next = counter;
        do {
            next = (next / worlds.switchEvery() + 1) * worlds.switchEvery();
        } while (ended.get(worlds.world(next)));
        return next;
    }

    @Override
    public @Nullable String caption() {
        return caption;
    }

    @Override
    public long skippedItems() {
        return sources.stream().mapToLong(FrameSource::skippedItems).sum();
    }

    @Override
    public void close() {
        sources.forEach(FrameSource::close);
    }
}
