package io.fluxfoam.teacher.whisper;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.OnnxModel;
import io.fluxfoam.teacher.OnnxOptions;
import io.fluxfoam.teacher.OnnxRun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Silero's voice detector: how likely it is that somebody speaks, for each 32 ms of a sound, with
 * what it remembers of those before. For one thread.
 */
final class VoiceDetector implements AutoCloseable {
    private static final int CHUNK = 512;
    private static final int MEMORY_CELLS = 2 * 64;

    private final Arena arena = Arena.ofShared();
    private final OnnxModel model;
    private final OnnxRun run;
    private final MemorySegment chunk = floats(CHUNK);
    private final MemorySegment likelihood = floats(1);
    private final MemorySegment hidden = floats(MEMORY_CELLS);
    private final MemorySegment cells = floats(MEMORY_CELLS);
    private final MemorySegment nextHidden = floats(MEMORY_CELLS);
    private final MemorySegment nextCells = floats(MEMORY_CELLS);

    /** Loads the model. */
    VoiceDetector(ModelDirectory models, int threads) {
        model = OnnxModel.open(models.file("silero_vad.onnx"), OnnxOptions.threads(threads));
        MemorySegment rate = arena.allocate(ValueLayout.JAVA_LONG);
        rate.set(ValueLayout.JAVA_LONG, 0, FrameShape.SOUND_RATE);
        run =
                model.newRun()
                        .input("input", chunk, 1, CHUNK)
                        .input("sr", rate)
                        .input("h", hidden, 2, 1, MEMORY_CELLS / 2)
                        .input("c", cells, 2, 1, MEMORY_CELLS / 2)
                        .output("output", likelihood, 1, 1)
                        .output("hn", nextHidden, 2, 1, MEMORY_CELLS / 2)
                        .output("cn", nextCells, 2, 1, MEMORY_CELLS / 2);
    }

    private MemorySegment floats(int count) {
        return arena.allocate((long) count * Float.BYTES, 64);
    }

    /**
     * The greatest likelihood of all chunks.
     *
     * @param sound f32 [samples] in [-1, 1]; what is left behind the last whole chunk is not heard
     */
    float speech(MemorySegment sound) {
        hidden.fill((byte) 0);
        cells.fill((byte) 0);
        float most = 0;
        for (long at = 0; at + chunk.byteSize() <= sound.byteSize(); at += chunk.byteSize()) {
            chunk.copyFrom(sound.asSlice(at, chunk.byteSize()));
            run.run();
            most = Math.max(most, likelihood.get(ValueLayout.JAVA_FLOAT, 0));
            hidden.copyFrom(nextHidden);
            cells.copyFrom(nextCells);
        }
        return most;
    }

    @Override
    public void close() {
        run.close();
        model.close();
        arena.close();
    }
}
