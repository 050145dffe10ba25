package io.fluxfoam.bench.memory;

/**
 * What was seen of one teacher within some seconds.
 *
 * @param state of its memory at the end
 * @param framesPerSecond that it answered
 * @param inferenceMillis of one computed; since the start, if it was hardly any
 * @param lookupMicros of one looked up
 * @param timesCheaper a look-up than computing; null if there was none of one of them
 * @param known share of those looked up that it knew
 * @param lookupShare the memory's time over what the teacher would have taken alone, since the
 *     start
 * @param falseHits since the start
 */
record MemoryFigures(
        String state,
        double framesPerSecond,
        Double inferenceMillis,
        Double lookupMicros,
        Double timesCheaper,
        Double known,
        Double lookupShare,
        long falseHits) {}
