package io.fluxfoam.teacher;

import io.fluxfoam.distill.MemoryMode;
import io.fluxfoam.node.Node;
import io.fluxfoam.teacher.memory.Answer;
import io.fluxfoam.teacher.memory.FalseHit;
import io.fluxfoam.teacher.memory.KernelMemory;
import io.fluxfoam.teacher.memory.MemoryCounters;
import io.fluxfoam.teacher.memory.MemoryListener;
import io.fluxfoam.teacher.memory.Namespace;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A teacher behind its memory, if it has one. What its node should say is said at its terminal, in
 * its error log, and, if the memory was wrong, in its journal. A memory that cannot be kept is no
 * reason not to teach.
 */
final class TeacherMemory implements MemoryListener, AutoCloseable {
    private static final String JOURNAL_KIND = "memory";

    private final Node node;
    private final Teacher teacher;
    private final String epoch;
    private final TeacherSettings settings;
    private final Queue<FalseHit> untold = new ConcurrentLinkedQueue<>();
    private Path directory;
    private MemoryCounters counters;
    private KernelMemory memory;

    /** Declares the counters; on the duty-cycle thread. */
    TeacherMemory(Node node, Teacher teacher, String epoch, TeacherSettings settings) {
        this.node = node;
        this.teacher = teacher;
        this.epoch = epoch;
        this.settings = settings;
        if (settings.memory().mode() != MemoryMode.OFF) {
            counters = new MemoryCounters(node.counters(), epoch);
            try {
                directory = node.state();
            } catch (IOException e) {
                trouble(new IOException("no memory: " + e, e));
            }
        }
    }

    /** Takes up what earlier lives have left. */
    void load() {
        if (directory == null) {
            return;
        }
        FeatureSpec made = teacher.features();
        try {
            memory =
                    new KernelMemory(
                            directory,
                            Namespace.of(
                                    epoch,
                                    made.sense() + "\n" + ComputedBy.text(settings.threads())),
                            settings.memory(),
                            TensorMemory.floatBytes(node.name(), made.shape()),
                            counters,
                            this);
        } catch (IOException e) {
            trouble(new IOException("no memory: " + e.getMessage(), e));
        }
    }

    /** Computes features of a frame's sample, or knows them. */
    Answer answer(Sample sample, MemorySegment features) {
        return memory == null
                ? new Answer(teacher.infer(sample, features), true)
                : memory.answer(
                        sample.payload(),
                        sample.shape(),
                        features,
                        () -> teacher.infer(sample, features));
    }

    /** The same of a sample that comes again and again. */
    Answer answerKnown(Sample sample, MemorySegment features) {
        return memory == null
                ? new Answer(teacher.infer(sample, features), true)
                : memory.answerKnown(
                        sample.payload(),
                        sample.shape(),
                        features,
                        () -> teacher.infer(sample, features));
    }

    @Override
    public void trouble(IOException reason) {
        node.error(reason);
        System.err.println(node.name() + ": " + reason.getMessage());
    }

    @Override
    public void falseHit(FalseHit falseHit) {
        node.error(new IllegalStateException(falseHit.text()));
        System.err.println(node.name() + ": " + falseHit.text());
        untold.add(falseHit);
    }

    /** Writes into the journal what is new; on the duty-cycle thread. */
    void tell() {
        for (FalseHit next = untold.poll(); next != null; next = untold.poll()) {
            try {
                node.journal().append(JOURNAL_KIND, next.facts());
            } catch (IOException e) {
                node.error(e);
            }
        }
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }
}
