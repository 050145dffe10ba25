package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.heatmap.HeatmapLayout;
import io.fluxfoam.heatmap.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class StudentNetTest {
    @Test
    void quick() {
        Arena arena = Arena.ofShared();
        StudentNet net = new StudentNet(arena, 1, AdamW.DEFAULT);
        HeatmapLayout layout = HeatmapLayout.EMPTY.append("v", 40, 120).append("a", 23, 96).append("l", 1, 384);
        net.addHead(layout.regions().get(0), Alignment.PICTURE);
        net.addHead(layout.regions().get(1), Alignment.SOUND);
        net.addHead(layout.regions().get(2), Alignment.NONE);
        assertEquals(791_496, net.parameterCount());
        RandomGenerator r = new SplittableRandom(3);
        Batch batch = new Batch(arena, 16);
        fill(batch.sound(), r, .1f);
        fill(batch.picture(), r, 1);
        for (int i = 0; i < 16; i++) batch.modalities(i, i % 5 != 0, i % 5 < 3);
        List<StudentNet.Term> terms = layout.regions().stream().map(region -> {
            var t = new Batch.Targets(arena, region, 16);
            t.clear();
            for (int i = 0; i < 16; i++) fill(t.include(i), r, 1);
            return new StudentNet.Term(t, 1);
        }).toList();
        var os = (com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        for (int i = 0; i < 10; i++) System.out.println(net.step(batch, terms));
        long c = os.getProcessCpuTime(), t0 = System.nanoTime();
        StudentNet.Step last = null;
        for (int i = 0; i < 60; i++) last = net.step(batch, terms);
        System.out.println(last + " per cpu s " + 960e9 / (os.getProcessCpuTime() - c) + " per s " + 960e9 / (System.nanoTime() - t0));
        MemorySegment out = arena.allocate(384 * 4, 64), ov = arena.allocate(4800*4), oa = arena.allocate(23*96*4), three = arena.allocate(384*12);
        t0 = System.nanoTime();
        for (int i = 0; i < 50; i++) net.predict(batch.picture(0), batch.sound(0), Map.of("l", out, "v", ov, "a", oa));
        System.out.println("predict ms " + (System.nanoTime() - t0) / 50e6);
        net.predictApart(batch.picture(0), batch.sound(0), "l", three);
        System.out.println(out.getAtIndex(ValueLayout.JAVA_FLOAT, 5) + " " + three.getAtIndex(ValueLayout.JAVA_FLOAT, 5) + " " + three.getAtIndex(ValueLayout.JAVA_FLOAT, 389)+ " " + three.getAtIndex(ValueLayout.JAVA_FLOAT, 5+768));
        t0 = System.nanoTime();
        for (int i = 0; i < 100; i++) AdamW.DEFAULT.update(net.groups().get(0), 1);
        System.out.println("adamw ms " + (System.nanoTime() - t0) / 100e6);
        t0 = System.nanoTime(); double s = 0;
        for (int i = 0; i < 100; i++) s += AdamW.squaredNorm(net.groups().get(0));
        System.out.println("norm ms " + (System.nanoTime() - t0) / 100e6);
    }

    static void fill(MemorySegment s, RandomGenerator r, float scale) {
        for (long i = 0; i < s.byteSize() / 4; i++) s.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) r.nextGaussian() * scale);
    }
}
