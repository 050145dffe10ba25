package io.fluxfoam.bench.memory;

import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.MemoryState;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.BestEffortRead;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One teacher, looked at from outside. */
final class TeacherRun {
    private static final long POLL_MS = 100;
    private static final double NS_PER_SECOND = 1e9;

    /** Of fewer inferences within the time no mean is taken, but of those since the start. */
    private static final int FEW = 20;

    private final FoamDirectory foam;
    private final String teacher;

    private TeacherRun(FoamDirectory foam, String teacher) {
        this.foam = foam;
        this.teacher = teacher;
    }

    /** Starts the teacher; nothing but its own speed limits how many frames it looks at. */
    static TeacherRun start(Workspace workspace, String teacher, String memory) throws IOException {
        FoamDirectory foam = foam(workspace);
        List<String> line = new ArrayList<>(JavaLine.node(teacher, foam.path(), teacher));
        line.addAll(List.of("--fps", "1000", "--memory", memory));
        workspace.start(teacher, line);
        return new TeacherRun(foam, teacher);
    }

    /** The foam that teacher and sensor meet in. */
    static FoamDirectory foam(Workspace workspace) throws IOException {
        return FoamDirectory.create(workspace.directory().resolve("foam"));
    }

    /** What the teacher has counted. */
    private record Counted(
            long atNs,
            long frames,
            long lookups,
            long hits,
            long bypasses,
            long lookupNs,
            long inferences,
            long inferenceNs,
            long falseHits,
            String state) {
        /** What the teacher would have taken without memory. */
        double aloneNs() {
            return inferences == 0
                    ? 0
                    : (double) inferenceNs / inferences * (inferences + bypasses);
        }
    }

    /**
     * Waits until the teacher has answered so many frames and its memory is in such a state.
     *
     * @throws IOException if that does not come within the time
     */
    void await(long frames, Predicate<String> state, int timeoutSeconds)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
        Optional<Counted> last = counted();
        while (last.isEmpty() || last.get().frames < frames || !state.test(last.get().state)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException(
                        "not so far: teacher="
                                + teacher
                                + " frames="
                                + frames
                                + " timeoutSeconds="
                                + timeoutSeconds
                                + " counted="
                                + last);
            }
            Thread.sleep(POLL_MS);
            last = counted();
        }
    }

    /** Looks at the teacher for so long. */
    MemoryFigures measure(int seconds) throws IOException, InterruptedException {
        Counted before = require();
        Thread.sleep(seconds * 1_000L);
        Counted after = require();
        double spanSeconds = (after.atNs - before.atNs) / NS_PER_SECOND;
        long inferences = after.inferences - before.inferences;
        long lookups = after.lookups - before.lookups;
        Double inferenceNs =
                inferences >= FEW
                        ? ratio(after.inferenceNs - before.inferenceNs, inferences)
                        : ratio(after.inferenceNs, after.inferences);
        Double lookupNs = ratio(after.lookupNs - before.lookupNs, lookups);
        return new MemoryFigures(
                after.state,
                (after.frames - before.frames) / spanSeconds,
                inferenceNs == null ? null : inferenceNs / 1e6,
                lookupNs == null ? null : lookupNs / 1e3,
                inferenceNs == null || lookupNs == null ? null : inferenceNs / lookupNs,
                ratio(after.hits - before.hits, lookups),
                ratio(after.lookupNs, after.aloneNs()),
                after.falseHits);
    }

    private static Double ratio(double part, double whole) {
        return whole == 0 ? null : part / whole;
    }

    private Counted require() throws IOException {
        return counted().orElseThrow(() -> new IOException("no counters: teacher=" + teacher));
    }

    private Optional<Counted> counted() {
        return BestEffortRead.at(
                () -> {
                    long incarnation = MarkView.read(foam, teacher).incarnation();
                    return counted(
                            CountersSnapshot.read(foam.file(teacher, incarnation, "counters")));
                },
                e -> {});
    }

    private static Counted counted(CountersSnapshot counters) {
        long atNs = System.nanoTime();
        long frames =
                (long) counters.number(LoopCounters.FRAMES)
                        + (long) counters.number(LoopCounters.DECLINED);
        Optional<String> epoch =
                counters.values().keySet().stream()
                        .flatMap(label -> LoopCounters.MEMORY_STATE.which(label).stream())
                        .findFirst();
        if (epoch.isEmpty()) {
            return new Counted(atNs, frames, 0, 0, 0, 0, 0, 0, 0, MemoryState.OFF.text());
        }
        return new Counted(
                atNs,
                frames,
                value(counters, LoopCounters.MEMORY_LOOKUPS, epoch.get()),
                value(counters, LoopCounters.MEMORY_HITS, epoch.get()),
                value(counters, LoopCounters.MEMORY_BYPASSES, epoch.get()),
                value(counters, LoopCounters.MEMORY_LOOKUP_NANOS, epoch.get()),
                value(counters, LoopCounters.MEMORY_INFERENCES, epoch.get()),
                value(counters, LoopCounters.MEMORY_INFERENCE_NANOS, epoch.get()),
                value(counters, LoopCounters.MEMORY_FALSE_HITS, epoch.get()),
                MemoryState.ofCode(value(counters, LoopCounters.MEMORY_STATE, epoch.get()))
                        .map(MemoryState::text)
                        .orElse("unknown"));
    }

    private static long value(CountersSnapshot counters, CounterSpec spec, String epoch) {
        return (long) counters.number(spec.of(epoch));
    }
}
