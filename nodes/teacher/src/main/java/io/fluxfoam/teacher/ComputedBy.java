package io.fluxfoam.teacher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What may change the last bits of what a model computes, though the model is the same: the
 * runtime, its threads, and the processor, by which the runtime chooses its code.
 */
final class ComputedBy {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private ComputedBy() {}

    /** On some lines. Loads the runtime. */
    static String text(int threads) {
        return "onnxruntime "
                + OnnxRuntime.environment().getVersion()
                + "\nthreads "
                + threads
                + "\n"
                + System.getProperty("os.arch")
                + "\n"
                + Processor.TEXT;
    }

    /** Model and features of the first one, as the kernel names them on any architecture. */
    private static final class Processor {
        private static final List<String> TELLING =
                List.of("model", "CPU", "cpu family", "flags", "Features");
        private static final String TEXT = read();

        private static String read() {
            try (Stream<String> lines = Files.lines(PROCESSORS, StandardCharsets.ISO_8859_1)) {
                return lines.takeWhile(line -> !line.isBlank())
                        .filter(line -> TELLING.stream().anyMatch(line::startsWith))
                        .collect(Collectors.joining("\n"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
