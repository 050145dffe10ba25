package io.fluxfoam.coordinator.status;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.Unit;

import java.util.List;

/** The coordinator's own counters. */
public final class CoordinatorCounters {
    public static final CounterSpec LOOKS =
            CounterSpec.growing(
                    "looks",
                    Unit.COUNT,
                    "foam_coordinator_looks_total",
                    "Looks that the coordinator took at the foam.");

    public static final CounterSpec HTTP_PORT =
            CounterSpec.varying(
                    "http.port",
                    Unit.COUNT,
                    "foam_coordinator_http_port",
                    "Port that the coordinator listens on.");

    public static final List<CounterSpec> ALL = List.of(LOOKS, HTTP_PORT);

    private CoordinatorCounters() {}
}
