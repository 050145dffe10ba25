package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.measure.SampleStatistics;

/**
 * How long one cache line takes from one process to the other: the floor under every latency here.
 * One line each way, no fence, no pause. Both processes call at the same time.
 */
final class PingPong {
    private static final int BATCHES = 15;
    private static final int ROUND_TRIPS = 100;
    private final Rendezvous rendezvous;
    private long count;

    PingPong(Rendezvous rendezvous) {
        this.rendezvous = rendezvous;
    }

    /** The writer's side; nanoseconds one way, the median of some batches. */
    double measure() {
        double[] oneWayNs = new double[BATCHES];
        for (int batch = 0; batch < BATCHES; batch++) {
            long startNs = System.nanoTime();
            serve(ROUND_TRIPS);
            oneWayNs[batch] = (System.nanoTime() - startNs) / (2.0 * ROUND_TRIPS);
        }
        return SampleStatistics.median(oneWayNs);
    }

    private void serve(int roundTrips) {
        for (int i = 0; i < roundTrips; i++) {
            rendezvous.ping(++count);
            while (rendezvous.lastPong() != count) {
                // the other process's turn
            }
        }
    }

    /** The reader's side. */
    void answer() {
        for (int i = 0; i < BATCHES * ROUND_TRIPS; i++) {
            count++;
            while (rendezvous.lastPing() != count) {
                // the other process's turn
            }
            rendezvous.pong(count);
        }
    }
}
