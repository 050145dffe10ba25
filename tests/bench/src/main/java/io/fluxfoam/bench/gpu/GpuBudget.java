package io.fluxfoam.bench.gpu;

/**
 * How much is measured of each row.
 *
 * @param warmups messages of each task before the first that counts
 * @param samples messages that count
 * @param repetitions of all tasks
 * @param joins of a reader, for the cost of opening and closing
 * @param cycles of killing a producer
 */
record GpuBudget(int warmups, int samples, int repetitions, int joins, int cycles) {
    private static final long LARGE_BYTES = 16L << 20;

    /**
     * Less beside a neighbour, whose every kernel may come between two of ours: each message then
     * takes milliseconds.
     */
    GpuBudget besideNeighbour() {
        return new GpuBudget(
                Math.min(warmups, 10), Math.min(samples, 100), repetitions, joins, cycles);
    }

    /** Less of what takes long: a staged tensor of 256 MB is copied twice. */
    GpuBudget of(GpuRoute route, long payloadBytes) {
        boolean isSlow = !route.isInPlace() && payloadBytes >= LARGE_BYTES;
        return isSlow
                ? new GpuBudget(
                        Math.min(warmups, 5), Math.min(samples, 50), repetitions, joins, cycles)
                : this;
    }
}
