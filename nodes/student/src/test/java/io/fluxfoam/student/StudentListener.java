package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapTag;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Hears all that the student publishes. */
final class StudentListener implements NodeAgent {
    final AtomicReference<HeatmapLayout> layout = new AtomicReference<>();
    final AtomicReference<Long> firstStep = new AtomicReference<>();
    final List<Long> heatmaps = new CopyOnWriteArrayList<>();
    final List<Long> holdout = new CopyOnWriteArrayList<>();
    final List<Long> trained = new CopyOnWriteArrayList<>();
    private Subscription layouts;
    private Subscription heatmapStream;
    private Subscription holdoutStream;
    private Subscription steps;

    @Override
    public void onStart(Node node) {
        layouts = node.subscribe("student/layout", ReadMode.LATEST);
        heatmapStream = node.subscribe("student/heatmap", ReadMode.IN_ORDER);
        holdoutStream = node.subscribe("student/holdout", ReadMode.IN_ORDER);
        steps = node.subscribe("student/steps", ReadMode.IN_ORDER);
    }

    @Override
    public int doWork() {
        int work = 0;
        try (Lease lease = layouts.poll()) {
            if (lease != null) {
                byte[] text = lease.payload().toArray(ValueLayout.JAVA_BYTE);
                layout.set(
                        HeatmapLayout.parse(
                                (int) lease.tag(), new String(text, StandardCharsets.UTF_8)));
                work++;
            }
        }
        try (Lease lease = heatmapStream.poll()) {
            if (lease != null
                    && layout.get() != null
                    && HeatmapTag.of(lease.tag()).version() == layout.get().version()) {
                assertEquals(layout.get().floats(), lease.dim(0));
                heatmaps.add(lease.frameNumber());
                work++;
            }
        }
        try (Lease lease = holdoutStream.poll()) {
            if (lease != null) {
                assertEquals(3, lease.dim(0));
                assertEquals(12, lease.dim(1));
                for (float value : lease.payload().toArray(ValueLayout.JAVA_FLOAT)) {
                    assertTrue(Float.isFinite(value));
                }
                holdout.add(lease.frameNumber());
                work++;
            }
        }
        try (Lease lease = steps.poll()) {
            if (lease != null) {
                long[] record = lease.payload().toArray(ValueLayout.JAVA_LONG);
                assertEquals(5, record.length);
                firstStep.compareAndSet(null, record[0]);
                for (int i = 1; i < record.length; i++) {
                    trained.add(record[i]);
                }
                work++;
            }
        }
        return work;
    }
}
