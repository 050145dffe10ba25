package io.fluxfoam.chaos.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Kills of light nodes that work, at random moments, as many as wanted. All of it is one window.
 * The same seed gives the same targets in the same order, however often it is asked.
 */
public final class RandomKillSchedule implements FaultSchedule {
    private static final int MAX_PAUSE_MILLIS = 200;

    private final Random random;
    private final List<String> nodes;
    private final int kills;
    private final int atOnce;

    /**
     * Those drawn last, one less than may be down at one time: who is drawn next is not waited for
     * by rule.
     */
    private final Deque<String> recent = new ArrayDeque<>();

    private ScheduledFault next;
    private int begun;
    private int ended;
    private long notBeforeMillis;
    private long lastAskedMillis;

    /**
     * A schedule.
     *
     * @param atOnce kills under way at one time
     */
    public RandomKillSchedule(long seed, List<String> nodes, int kills, int atOnce) {
        if (atOnce >= nodes.size()) {
            throw new IllegalArgumentException(
                    "a survivor has to see each death: nodes="
                            + nodes.size()
                            + " atOnce="
                            + atOnce);
        }
        this.random = new Random(seed);
        this.nodes = List.copyOf(nodes);
        this.kills = kills;
        this.atOnce = atOnce;
    }

    @Override
    public List<ScheduledFault> due(long nowMillis) {
        lastAskedMillis = nowMillis;
        if (begun == kills || begun - ended == atOnce || nowMillis < notBeforeMillis) {
            return List.of();
        }
        if (next == null) {
            next = new ScheduledFault(nowMillis, FaultKind.KILL, draw());
        }
        return List.of(next);
    }

    private String draw() {
        List<String> others = nodes.stream().filter(node -> !recent.contains(node)).toList();
        String drawn = others.get(random.nextInt(others.size()));
        recent.addLast(drawn);
        if (recent.size() == atOnce) {
            recent.removeFirst();
        }
        return drawn;
    }

    @Override
    public void begun(ScheduledFault fault) {
        begun++;
        next = null;
        notBeforeMillis = lastAskedMillis + random.nextInt(MAX_PAUSE_MILLIS);
    }

    @Override
    public void ended(ScheduledFault fault) {
        ended++;
    }

    @Override
    public boolean isOver(long nowMillis) {
        return ended == kills;
    }

    @Override
    public List<ScheduledFault> dropped() {
        return List.of();
    }

    @Override
    public int windowAt(long nowMillis) {
        return 0;
    }
}
