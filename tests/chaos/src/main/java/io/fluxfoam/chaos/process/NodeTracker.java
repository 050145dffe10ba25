package io.fluxfoam.chaos.process;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.liveness.PeerMark;
import io.fluxfoam.memory.LayoutException;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All nodes of a foam but chaos itself, as of the last {@link #look}. Belongs to one thread. */
public final class NodeTracker implements AutoCloseable {
    private final FoamDirectory foam;
    private final String self;
    private final Map<String, PeerMark> marks = new TreeMap<>();
    private final Map<String, MarkView> views = new TreeMap<>();

    public NodeTracker(FoamDirectory foam, String self) {
        this.foam = foam;
        this.self = self;
    }

    public void look() throws IOException {
        admitNewcomers();
        for (Iterator<Map.Entry<String, PeerMark>> entries = marks.entrySet().iterator();
                entries.hasNext(); ) {
            Map.Entry<String, PeerMark> entry = entries.next();
            if (entry.getValue().isCurrent()) {
                views.put(entry.getKey(), look(entry.getKey(), entry.getValue()));
            } else {
                entry.getValue().close();
                entries.remove();
            }
        }
    }

    /** Of damaged bytes only the lock is believed. */
    private MarkView look(String name, PeerMark mark) throws IOException {
        try {
            return mark.look();
        } catch (LayoutException e) {
            return views.get(name).withState(mark.isHeld() ? NodeState.STALLED : NodeState.DEAD);
        }
    }

    private void admitNewcomers() throws IOException {
        for (String name : foam.nodes()) {
            if (name.equals(self) || marks.containsKey(name)) {
                continue;
            }
            try {
                PeerMark mark = PeerMark.open(foam, name);
                marks.put(name, mark);
                views.put(name, mark.look());
            } catch (NoSuchFileException | LayoutException e) {
                forget(name); // just being made, or gone again
            }
        }
    }

    private void forget(String name) {
        PeerMark mark = marks.remove(name);
        if (mark != null) {
            mark.close();
        }
    }

    public Optional<MarkView> node(String name) {
        return Optional.ofNullable(views.get(name));
    }

    /** The first node of this role whose lock is held. */
    public Optional<MarkView> living(String role) {
        return living().stream().filter(mark -> mark.role().equals(role)).findFirst();
    }

    /** The nodes whose lock is held. */
    public List<MarkView> living() {
        return views.values().stream().filter(mark -> mark.state().isHeld()).toList();
    }

    public List<MarkView> all() {
        return List.copyOf(views.values());
    }

    /** Counters of this incarnation; empty if they are not there or make no sense now. */
    public Optional<CountersSnapshot> counters(MarkView mark) throws IOException {
        try {
            return Optional.of(
                    CountersSnapshot.read(foam.file(mark.name(), mark.incarnation(), "counters")));
        } catch (NoSuchFileException | LayoutException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        marks.values().forEach(PeerMark::close);
        marks.clear();
    }
}
