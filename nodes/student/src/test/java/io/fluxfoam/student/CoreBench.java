package io.fluxfoam.student;

import com.sun.management.OperatingSystemMXBean;

import io.fluxfoam.student.net.LanguagePlan.Learned;
import io.fluxfoam.student.train.Trainer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Cores beside each other on the moments of a tape, all of which are there from the first step:
 * what a student knows of held-out frames after so many samples and so many CPU-seconds. Prints
 * figures and asserts none of them; docs/LEARNING.md has the command. {@code -Dtape=DIR}, {@code
 * -Darms=pooled,seeded:all:2,...}, {@code -Dseeds=3}, {@code -Dcpu=120}.
 */
@Tag("slow")
class CoreBench {
    private static final int BATCH = 16;
    private static final int STEPS_BETWEEN_FIGURES = 125;

    private final OperatingSystemMXBean system =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Test
    void measure() throws Exception {
        Path tape = Path.of(System.getProperty("tape", "give -Dtape=DIR"));
        double cpuSeconds = Double.parseDouble(System.getProperty("cpu", "120"));
        int seeds = Integer.getInteger("seeds", 3);
        String arms =
                System.getProperty(
                        "arms", "pooled,seeded:all:2,random:all:2,seeded:frozen:2,seeded:norms:2");
        RecordedMoments moments = RecordedMoments.of(tape);
        System.out.println("tape=" + tape + " " + moments);
        System.out.println("arm,seed,samples,cpuSeconds,parameters,figures");
        for (int seed = 1; seed <= seeds; seed++) {
            for (String arm : arms.split(",")) {
                run(arm, seed, moments, cpuSeconds);
            }
        }
    }

    private static CoreOptions core(String arm) {
        if (arm.equals("pooled")) {
            return new CoreOptions();
        }
        String[] parts = arm.split(":");
        return new CoreOptions(
                CoreOptions.Kind.LANGUAGE,
                Integer.parseInt(parts[2]),
                Learned.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                null,
                parts[0].equals("random"));
    }

    private void run(String arm, int seed, RecordedMoments moments, double cpuSeconds)
            throws IOException {
        try (TapedStudent student = TapedStudent.ofAll(core(arm), seed, BATCH, moments)) {
            double used = 0;
            long samples = 0;
            while (used < cpuSeconds) {
                long began = system.getProcessCpuTime();
                for (int step = 0; step < STEPS_BETWEEN_FIGURES; ) {
                    Trainer.Outcome outcome = student.step();
                    if (outcome != Trainer.Outcome.STEPPED) {
                        throw new IllegalStateException("step: " + outcome);
                    }
                    step++;
                    samples += BATCH;
                }
                used += (system.getProcessCpuTime() - began) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "%s,%d,%d,%.1f,%d,%s%n",
                        arm,
                        seed,
                        samples,
                        used,
                        student.parameters(),
                        HeldOutFigures.of(student, moments));
            }
        }
    }
}
