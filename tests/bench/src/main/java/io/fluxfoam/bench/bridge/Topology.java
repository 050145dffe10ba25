package io.fluxfoam.bench.bridge;

import java.util.stream.IntStream;

/** Who imports from whom. */
enum Topology {
    /** All from the first box. */
    STAR {
        @Override
        IntStream peersOf(int box, int boxes) {
            return box == 0 ? IntStream.empty() : IntStream.of(0);
        }
    },

    /** Each from all others. */
    MESH {
        @Override
        IntStream peersOf(int box, int boxes) {
            return IntStream.range(0, boxes).filter(other -> other != box);
        }
    };

    /** The boxes that this one imports from. */
    abstract IntStream peersOf(int box, int boxes);

    /** Whether anybody imports from this one. */
    boolean isAsked(int box, int boxes) {
        return IntStream.range(0, boxes)
                .anyMatch(other -> peersOf(other, boxes).anyMatch(peer -> peer == box));
    }
}
