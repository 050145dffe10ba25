package io.fluxfoam.bench.bridge;

import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.tensor.DType;

import java.util.List;

/** Streams of the default loop, as large and as often as they come there. */
enum SourceShape {
    /** The sensor's picture and sound. */
    SENSOR(List.of(new long[] {96, 320, 3}, new long[] {4 * 40_960L})),

    /** The three teachers' features. */
    TEACHERS(List.of(new long[] {19_200}, new long[] {8_832}, new long[] {1_536})),

    /** Nothing but a counter: what a link costs by itself. */
    IDLE(List.of(new long[] {8}));

    /** Frames of the loop in a second. */
    static final double PER_SECOND = 7;

    private final List<long[]> shapes;

    SourceShape(List<long[]> shapes) {
        this.shapes = shapes;
    }

    List<StreamSpec> streams(int readers) {
        return shapes.stream()
                .map(shape ->
                        StreamSpec.of("part-" + shapes.indexOf(shape), DType.U8, shape)
                                .maxReaders(readers))
                .toList();
    }

    /** Bytes of one frame. */
    long frameBytes() {
        return streams(1).stream().mapToLong(StreamSpec::slotBytes).sum();
    }
}
