package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.WorkQueue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/**
 * The kernels of {@code pattern.cu} in the calling thread's queue: memory of which every 32-bit
 * word tells whether it was written whole.
 */
public final class PatternKernels implements AutoCloseable {
    static final Map<String, List<Integer>> PARAMETER_BYTES =
            Map.of(
                    "fill",
                    List.of(8, 8, 4),
                    "count_wrong",
                    List.of(8, 8, 4, 8),
                    "linger",
                    List.of(8));

    private static final long WATCHDOG_NS = 60_000_000_000L;
    private static final int THREADS = 32;
    private static final long WORDS_A_BLOCK = 1 << 14;
    private static final int MAX_BLOCKS = 1_024;

    private final CudaModule module;
    private final WorkQueue queue;
    private final CudaKernel fill;
    private final CudaKernel countWrong;
    private final CudaKernel linger;
    private final Buffer wrong;
    private final Buffer wrongOnHost;
    private final Buffer zero;

    /** Loads the kernels for the calling thread. */
    public PatternKernels(Device device) {
        this.module = CudaModule.ofResource(device, PatternKernels.class, "pattern.ptx");
        this.queue = device.queue();
        this.fill = kernel(module, "fill");
        this.countWrong = kernel(module, "count_wrong");
        this.linger = kernel(module, "linger");
        this.wrong = device.allocate(Integer.BYTES);
        this.wrongOnHost = device.allocateHost(Integer.BYTES);
        this.zero = device.allocateHost(Integer.BYTES);
    }

    private static CudaKernel kernel(CudaModule module, String name) {
        return module.kernel(name, PARAMETER_BYTES.get(name));
    }

    private static int blocks(long words) {
        return Math.clamp(words / WORDS_A_BLOCK, 1, MAX_BLOCKS);
    }

    /** Writes the pattern of this seed. */
    public void fill(DeviceMemory memory, long words, int seed) {
        fill.argument(0, memory.address())
                .argument(1, words)
                .argument(2, seed)
                .launch(queue, blocks(words), 1, THREADS);
    }

    /** Adds the number of words that are not of this seed's pattern to {@link #wrong()}. */
    public void countWrong(DeviceMemory memory, long words, int seed) {
        countWrong
                .argument(0, memory.address())
                .argument(1, words)
                .argument(2, seed)
                .argument(3, wrong.memory().address())
                .launch(queue, blocks(words), 1, THREADS);
    }

    /** Keeps the queue busy for this time. */
    public void linger(long nanoseconds) {
        linger.argument(0, nanoseconds).launch(queue, 1, 1, 1);
    }

    /** Waits for the queue, and returns what was counted since the last call. */
    public int wrong() {
        queue.copy(wrong.memory(), wrongOnHost.memory(), Integer.BYTES);
        queue.copy(zero.memory(), wrong.memory(), Integer.BYTES);
        queue.await(WATCHDOG_NS);
        return wrongOnHost.memory().segment().get(ValueLayout.JAVA_INT, 0);
    }

    /** Writes the pattern of this seed by the CPU. */
    public static void fillOnHost(MemorySegment memory, int seed) {
        for (long i = 0; i < memory.byteSize() / Integer.BYTES; i++) {
            memory.setAtIndex(ValueLayout.JAVA_INT, i, seed * 0x9E3779B1 ^ (int) i);
        }
    }

    @Override
    public void close() {
        wrong.close();
        wrongOnHost.close();
        zero.close();
        module.close();
    }
}
