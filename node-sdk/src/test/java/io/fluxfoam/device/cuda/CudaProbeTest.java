package io.fluxfoam.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Each case in a process of its own: what a process has once loaded it never loads again. */
@ExtendWith(StubCuda.class)
class CudaProbeTest {
    private static final String CACHE = "-Dfoam.native.cache";
    private static final String DRIVER = "-D" + CudaProbe.DRIVER_PROPERTY;

    @TempDir Path directory;

    private String probe(Map<String, String> environment, String... devices) throws Exception {
        Path output = directory.resolve("probe.log");
        try (CudaProcess process =
                CudaProcess.start(output, environment, ProbeMain.class, (Object[]) devices)) {
            assertEquals(0, process.awaitExit(), process.output());
            return process.output();
        }
    }

    @Test
    void shouldBeReadyWithADriverAndADevice() throws Exception {
        String said = probe(Map.of("CUDA_STUB_DEVICES", "2"), "cuda:1", "cuda:2", "auto");
        assertTrue(said.startsWith("probe READY 13000 2 devices: stub 0"), said);
        assertTrue(said.contains("device cuda:1\n"), said);
        assertTrue(
                said.contains("refused device is not available: device=cuda:2 devices=2\n"), said);
        assertTrue(said.contains("device cuda:0\n"), said);
    }

    @Test
    void shouldTellThatThereIsNoDriver() throws Exception {
        String said = probe(Map.of(DRIVER, "libcuda-of-nobody.so.1"), "cuda:0", "auto", "auto");
        assertEquals(
                """
                probe NO_DRIVER 0 libcuda-of-nobody.so.1 does not load
                refused device is not available: device=cuda:0 cuda=NO_DRIVER (libcuda-of-nobody.so.1 does not load)
                device auto is host: cuda=NO_DRIVER (libcuda-of-nobody.so.1 does not load)
                device host
                device host
                """,
                said);
    }

    @Test
    void shouldTellThatTheDriverIsTooOld() throws Exception {
        String said = probe(Map.of("CUDA_STUB_DRIVER_VERSION", "11040"));
        assertEquals("probe NO_DRIVER 0 driver is too old: version=11040 least=12000\n", said);
    }

    @Test
    void shouldTellThatTheDriverDoesNotStart() throws Exception {
        String said = probe(Map.of("CUDA_STUB_FAIL", "cuInit:999"));
        assertEquals("probe NO_DRIVER 0 the driver does not start: CUDA_ERROR_UNKNOWN\n", said);
    }

    @Test
    void shouldTellThatThereIsNoDevice() throws Exception {
        String said = probe(Map.of("CUDA_STUB_DEVICES", "0"));
        assertEquals("probe NO_DEVICE 0 the driver has no device for this process\n", said);
    }

    @Test
    void shouldTellWhichDeviceDoesNotAnswerAndGoOnWithout() throws Exception {
        String said = probe(Map.of("CUDA_STUB_FAIL", "cuDeviceGetName:214"), "cuda:0", "auto");
        String reason = "cuDeviceGetName failed: CUDA_ERROR_ECC_UNCORRECTABLE code=214 ordinal=0";
        assertEquals(
                """
                probe NO_DEVICE 0 REASON
                refused device is not available: device=cuda:0 cuda=NO_DEVICE (REASON)
                device auto is host: cuda=NO_DEVICE (REASON)
                device host
                """
                        .replace("REASON", reason),
                said);
    }

    @Test
    void shouldTellThatTheBindingCannotBeInstalled() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(
                open, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        String said = probe(Map.of(CACHE, open.toString()), "cuda:0");
        assertTrue(
                said.startsWith(
                        "probe NO_BINDING 0 directory of native libraries is not ours alone: "),
                said);
        assertTrue(
                said.contains("refused device is not available: device=cuda:0 cuda=NO_BINDING"),
                said);
    }

    /**
     * The case that kills processes with JCuda's own way of loading: many at once, and a file that
     * was cut by a kill.
     */
    @Test
    void shouldLoadInManyProcessesAtOnce() throws Exception {
        Path cache = directory.resolve("cache");
        NativeLibrary binding =
                NativeLibrary.ofResource("/lib/libJCudaDriver-12.6.0-linux-x86_64.so");
        Path library = onlyFile(binding.install(cache));
        byte[] content = Files.readAllBytes(library);
        Files.write(library, java.util.Arrays.copyOf(content, content.length / 3));
        List<CudaProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                processes.add(
                        CudaProcess.start(
                                directory.resolve(i + ".log"),
                                Map.of(CACHE, cache.toString()),
                                ProbeMain.class));
            }
            for (CudaProcess process : processes) {
                assertEquals(0, process.awaitExit(), process.output());
                assertTrue(process.output().startsWith("probe READY"), process.output());
            }
        } finally {
            processes.forEach(CudaProcess::close);
        }
        assertEquals(content.length, Files.size(onlyFile(library.getParent())));
    }

    private static Path onlyFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.toList();
            assertEquals(1, found.size(), found.toString());
            return found.getFirst();
        }
    }
}
