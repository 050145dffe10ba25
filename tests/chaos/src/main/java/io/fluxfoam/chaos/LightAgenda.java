package io.fluxfoam.chaos;

import java.util.List;
import java.util.Random;

/** Kills of light nodes that work, at random moments, as many as wanted. All of it is one window. */
final class LightAgenda implements Agenda {
    private static final int MAX_PAUSE_MILLIS = 200;

    private final Random random;
    private final List<String> nodes;
    private final int kills;
    private final int atOnce;
    private int begun;
    private int ended;
    private long nextMillis;

    /**
     * An agenda.
     *
     * @param atOnce kills under way at one time
     */
    LightAgenda(long seed, List<String> nodes, int kills, int atOnce) {
        if (atOnce >= nodes.size()) {
            throw new IllegalArgumentException("a survivor has to see each death: nodes=" + nodes.size() + " atOnce=" + atOnce);
        }
        this.random = new Random(seed);
        this.nodes = List.copyOf(nodes);
        this.kills = kills;
        this.atOnce = atOnce;
    }

    @Override
    public List<Torment> due(long nowMillis) {
        if (begun == kills || begun - ended == atOnce || nowMillis < nextMillis) {
            return List.of();
        }
        return List.of(new Torment(nowMillis, Fault.KILL, nodes.get(random.nextInt(nodes.size()))));
    }

    @Override
    public void begun(Torment torment) {
        begun++;
        nextMillis = torment.atMillis() + random.nextInt(MAX_PAUSE_MILLIS);
    }

    @Override
    public void ended(Torment torment) {
        ended++;
    }

    @Override
    public boolean isOver(long nowMillis) {
        return ended == kills;
    }

    @Override
    public int windowAt(long nowMillis) {
        return 0;
    }
}
