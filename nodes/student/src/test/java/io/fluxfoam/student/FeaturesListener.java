package io.fluxfoam.student;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps what a teacher says of each frame. */
final class FeaturesListener implements NodeAgent {
    private final String teacher;
    private final int floats;
    private final Map<Long, float[]> said = new ConcurrentHashMap<>();
    private Subscription features;

    FeaturesListener(String teacher, int floats) {
        this.teacher = teacher;
        this.floats = floats;
    }

    /** By frame number; from any thread. */
    Map<Long, float[]> said() {
        return said;
    }

    @Override
    public void onStart(Node node) {
        features = node.subscribe(teacher + "/features", ReadMode.IN_ORDER);
    }

    @Override
    public int doWork() {
        try (Lease lease = features.poll()) {
            if (lease == null) {
                return 0;
            }
            if (lease.payloadBytes() == (long) floats * Float.BYTES) {
                said.put(
                        lease.frameNumber(),
                        lease.payload().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
            }
            return 1;
        }
    }
}
