package io.fluxfoam.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jcuda.JCudaVersion;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NVIDIA's own compiler, that of CUDA 12.0, takes the checked-in PTX for every generation of GPUs it knows. */
class PtxTest {
    private static final String[] ARCHITECTURES = {
        "sm_60", "sm_61", "sm_70", "sm_75", "sm_80", "sm_86", "sm_87", "sm_89", "sm_90"
    };

    @BeforeAll
    static void loadCompiler() throws IOException {
        String name = "/lib/libJNvPTXCompiler-" + JCudaVersion.get() + "-linux-x86_64.so";
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty(
                "java.io.tmpdir", NativeLibrary.ofResource(name).install(NativeLibrary.defaultCache()).toString());
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
        JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, Arrays.copyOf(text, text.length + 1));
        try {
            int code = JNvPTXCompiler.nvPTXCompilerCompile(compiler, 1, new String[] {"--gpu-name=" + architecture});
            assertEquals("NVPTXCOMPILE_SUCCESS", nvPTXCompileResult.stringFor(code), architecture + log(compiler));
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
    @CsvSource({"fusion.ptx,.version 6.0", "fusion.ptx,.target sm_60", "pattern.ptx,.version 6.0"})
    void shouldAskForNoNewDriver(String name, String line) throws IOException {
        assertTrue(read(name).lines().anyMatch(line::equals), name + " has no line " + line);
    }
}
