package io.fluxfoam.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcuda.JCudaVersion;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be known of the checked-in PTX without a GPU: NVIDIA's own compiler, that of CUDA 12.0,
 * takes it for every generation of GPUs it knows, it was made from the source beside it, and it has
 * the kernels that the Java side launches.
 */
class PtxTest {
    private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(([^)]*)\\)");
    private static final Pattern PARAMETER =
            Pattern.compile("\\.param (?:\\.align \\d+ )?\\.[usfb](\\d+)[^,\\[]*(?:\\[(\\d+)\\])?");
    private static final String[] ARCHITECTURES = {
        "sm_60", "sm_61", "sm_70", "sm_75", "sm_80", "sm_86", "sm_87", "sm_89", "sm_90"
    };

    @BeforeAll
    static void loadCompiler() throws IOException {
        String name = "/lib/libJNvPTXCompiler-" + JCudaVersion.get() + "-linux-x86_64.so";
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty(
                "java.io.tmpdir",
                NativeLibrary.ofResource(name).install(NativeLibrary.defaultCache()).toString());
        try {
            JNvPTXCompiler.setExceptionsEnabled(false);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    private static String read(String name) throws IOException {
        try (InputStream in = PtxTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static void compile(String ptx, String architecture) {
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        byte[] text = ptx.getBytes(StandardCharsets.US_ASCII);
        JNvPTXCompiler.nvPTXCompilerCreate(
                compiler, text.length, Arrays.copyOf(text, text.length + 1));
        try {
            int code =
                    JNvPTXCompiler.nvPTXCompilerCompile(
                            compiler, 1, new String[] {"--gpu-name=" + architecture});
            assertEquals(
                    "NVPTXCOMPILE_SUCCESS",
                    nvPTXCompileResult.stringFor(code),
                    architecture + log(compiler));
            long[] bytes = new long[1];
            JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(compiler, bytes);
            assertTrue(bytes[0] > 0);
        } finally {
            JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
        }
    }

    private static String log(nvPTXCompilerHandle compiler) {
        long[] bytes = new long[1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, bytes);
        byte[] log = new byte[(int) bytes[0] + 1];
        if (bytes[0] > 0) {
            JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
        }
        return "\n" + new String(log, StandardCharsets.US_ASCII).trim();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fusion.ptx", "pattern.ptx"})
    void shouldCompileForEveryGeneration(String name) throws IOException {
        String ptx = read(name);
        for (String architecture : ARCHITECTURES) {
            compile(ptx, architecture);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fusion.ptx", "pattern.ptx"})
    void shouldAskForNoNewDriver(String name) throws IOException {
        List<String> header = read(name).lines().skip(1).limit(3).toList();
        assertEquals(List.of(".version 6.0", ".target sm_60", ".address_size 64"), header);
    }

    /** Without this a kernel could be changed in its source and go on running as it was. */
    @ParameterizedTest
    @CsvSource({
        "fusion.ptx, src/main/resources/io/fluxfoam/device/cuda/fusion.cu",
        "pattern.ptx, src/test/native/pattern.cu"
    })
    void shouldBeMadeFromTheSourceBesideIt(String name, String source) throws Exception {
        Path file = Path.of(System.getProperty("foam.home"), "node-sdk", source);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        assertEquals(
                "// " + file.getFileName() + " sha256 " + HexFormat.of().formatHex(digest),
                read(name).lines().findFirst().orElse(""),
                "run src/test/native/make-ptx.sh");
    }

    @Test
    void shouldHaveTheEntriesAndParametersThatAreLaunched() throws IOException {
        assertEquals(CudaFusionKernels.PARAMETER_BYTES, entries(read("fusion.ptx")));
        assertEquals(PatternKernels.PARAMETER_BYTES, entries(read("pattern.ptx")));
    }

    private static Map<String, List<Integer>> entries(String ptx) {
        Map<String, List<Integer>> entries = new HashMap<>();
        for (Matcher entry = ENTRY.matcher(ptx); entry.find(); ) {
            List<Integer> bytes = new ArrayList<>();
            for (Matcher parameter = PARAMETER.matcher(entry.group(2)); parameter.find(); ) {
                int elements =
                        parameter.group(2) == null ? 1 : Integer.parseInt(parameter.group(2));
                bytes.add(elements * Integer.parseInt(parameter.group(1)) / 8);
            }
            entries.put(entry.group(1), bytes);
        }
        return entries;
    }
}
