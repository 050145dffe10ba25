package io.fluxfoam.chaos;

import io.fluxfoam.liveness.MarkView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The end of one node or of many at once; over when all of them are back. */
final class Killing implements Ordeal {
    private final List<Victim> victims;

    private Killing(List<Victim> victims) {
        this.victims = victims;
    }

    /** {@code kill -9}. All are found before the first is killed. */
    static Killing of(Ground ground, List<MarkView> nodes) throws IOException {
        List<Victim> victims = new ArrayList<>();
        for (MarkView node : nodes) {
            victims.add(new Victim(ground, node));
        }
        Set<String> dying = nodes.stream().map(MarkView::name).collect(Collectors.toSet());
        for (Victim victim : victims) {
            victim.kill(dying);
        }
        return new Killing(victims);
    }

    /** SIGTERM, and a start after this time at the earliest. */
    static Killing gently(Ground ground, MarkView node, long absenceNs) throws IOException {
        Victim victim = new Victim(ground, node);
        victim.terminate(absenceNs);
        return new Killing(List.of(victim));
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        boolean isOver = true;
        for (Victim victim : victims) {
            victim.look(nowNs);
            isOver &= victim.isOver();
        }
        return isOver;
    }

    @Override
    public List<Victim> victims() {
        return victims;
    }

    @Override
    public boolean isAbout(String node) {
        return victims.stream().anyMatch(victim -> victim.node().equals(node));
    }
}
