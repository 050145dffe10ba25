package io.fluxfoam.bench.gpu;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.Workspace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Measures all ways at one size after the other. Every repetition goes through all of them, and
 * begins with another one each time, so that what drifts (clocks, heat, other processes) meets them
 * alike.
 */
final class GpuBench {
    private final Workspace workspace;
    private final String device;
    private final TorchPeer.Python torch;
    private final GpuBudget budget;
    private final List<GpuRow> rows = new ArrayList<>();
    private final List<GpuResult.Join> joins = new ArrayList<>();

    /** {@code torch} is null where there is none. */
    GpuBench(Workspace workspace, String device, TorchPeer.Python torch, GpuBudget budget) {
        this.workspace = workspace;
        this.device = device;
        this.torch = torch;
        this.budget = budget;
    }

    /** What starts a peer. */
    private interface Start {
        GpuPeer start() throws IOException, InterruptedException;
    }

    /**
     * A way at one size, and what was found about it. Without a peer if it could not start or has
     * failed.
     */
    private static final class Entrant implements AutoCloseable {
        private final String transport;
        private final String waiting;
        private final GpuBudget budget;
        private final List<GpuRow.Repetition> repetitions = new ArrayList<>();
        private GpuPeer peer;
        private String failure;

        private Entrant(String transport, String waiting, GpuBudget budget, Start start)
                throws InterruptedException {
            this.transport = transport;
            this.waiting = waiting;
            this.budget = budget;
            try {
                peer = start.start();
            } catch (IOException e) {
                fail(e);
            }
        }

        private void fail(IOException reason) {
            failure = String.valueOf(reason.getMessage());
            close();
        }

        private void measure(boolean neighbour) throws InterruptedException {
            if (peer == null) {
                return;
            }
            try {
                repetitions.add(peer.measure(neighbour ? budget.besideNeighbour() : budget));
            } catch (IOException e) {
                fail(e);
            }
        }

        /** The row of all repetitions since the last row. */
        private GpuRow row(boolean neighbour, long payloadBytes) {
            GpuRow row =
                    failure == null
                            ? GpuRow.of(transport, waiting, neighbour, payloadBytes, repetitions)
                            : GpuRow.unmeasured(
                                    transport, waiting, neighbour, payloadBytes, failure);
            repetitions.clear();
            return row;
        }

        @Override
        public void close() {
            if (peer != null) {
                peer.close();
                peer = null;
            }
        }
    }

    void measure(long payloadBytes) throws InterruptedException, IOException {
        List<Entrant> entrants = new ArrayList<>();
        try {
            for (GpuRoute route : GpuRoute.values()) {
                entrants.add(entrant(route, payloadBytes));
            }
            if (torch != null) {
                for (TorchPeer.Way way : TorchPeer.Way.values()) {
                    entrants.add(
                            new Entrant(
                                    way.transport(),
                                    way.waiting(),
                                    budget,
                                    () -> torch.start(way, payloadBytes)));
                }
            }
            measure(entrants, false, payloadBytes);
            ChildProcess busy = GpuPair.startNeighbour(workspace, "busy-" + payloadBytes, device);
            measure(entrants, true, payloadBytes);
            workspace.end(busy);
        } finally {
            entrants.forEach(Entrant::close);
        }
    }

    private Entrant entrant(GpuRoute route, long payloadBytes) throws InterruptedException {
        String name = route.name().toLowerCase(Locale.ROOT) + "-" + payloadBytes;
        Start start =
                () -> {
                    GpuPair pair = GpuPair.start(workspace, name, device, route, payloadBytes);
                    if (route == GpuRoute.FOAM_POLL) {
                        joins.add(pair.measureJoins(payloadBytes, budget.joins()));
                    }
                    return pair;
                };
        String waiting = route.waiting().name().toLowerCase(Locale.ROOT);
        return new Entrant(route.label(), waiting, budget.of(route, payloadBytes), start);
    }

    private void measure(List<Entrant> entrants, boolean neighbour, long payloadBytes)
            throws InterruptedException {
        List<Entrant> turn = new ArrayList<>(entrants);
        for (int repetition = 0; repetition < budget.repetitions(); repetition++) {
            for (Entrant entrant : turn) {
                entrant.measure(neighbour);
            }
            Collections.rotate(turn, 1);
        }
        entrants.forEach(entrant -> rows.add(entrant.row(neighbour, payloadBytes)));
    }

    List<GpuRow> rows() {
        return rows;
    }

    List<GpuResult.Join> joins() {
        return joins;
    }
}
