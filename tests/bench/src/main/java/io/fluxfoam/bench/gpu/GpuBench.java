package io.fluxfoam.bench.gpu;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures all routes of ours at all sizes, each by a pair of processes of its own. */
final class GpuBench {
    private final Workspace workspace;
    private final String device;
    private final GpuBudget budget;
    private final List<GpuRow> rows = new ArrayList<>();
    private final List<GpuResult.Join> joins = new ArrayList<>();

    GpuBench(Workspace workspace, String device, GpuBudget budget) {
        this.workspace = workspace;
        this.device = device;
        this.budget = budget;
    }

    void measure(GpuRoute route, long payloadBytes) throws InterruptedException {
        boolean[] neighbours = {false, true};
        int done = 0;
        try (GpuPair pair = GpuPair.start(workspace, route.name().toLowerCase(Locale.ROOT) + "-" + payloadBytes, device, route, payloadBytes)) {
            if (route == GpuRoute.FOAM_POLL) {
                joins.add(pair.measureJoins(payloadBytes, budget.joins()));
            }
            for (boolean neighbour : neighbours) {
                rows.add(measure(pair, route, payloadBytes, neighbour));
                done++;
            }
        } catch (IOException e) {
            for (; done < neighbours.length; done++) {
                rows.add(GpuRow.unmeasured(route.label(), waiting(route), neighbours[done], payloadBytes, e.getMessage()));
            }
        }
    }

    private GpuRow measure(GpuPair pair, GpuRoute route, long payloadBytes, boolean neighbour)
            throws IOException, InterruptedException {
        ChildProcess busy = neighbour ? GpuPair.startNeighbour(workspace, "busy", device) : null;
        try {
            List<GpuRow.Repetition> repetitions = new ArrayList<>();
            for (int i = 0; i < budget.repetitions(); i++) {
                repetitions.add(pair.measure(budget.of(route, payloadBytes)));
            }
            return GpuRow.of(route.label(), waiting(route), neighbour, payloadBytes, repetitions);
        } finally {
            if (busy != null) {
                workspace.end(busy);
            }
        }
    }

    private static String waiting(GpuRoute route) {
        return route.waiting().name().toLowerCase(Locale.ROOT);
    }

    List<GpuRow> rows() {
        return rows;
    }

    List<GpuResult.Join> joins() {
        return joins;
    }
}
