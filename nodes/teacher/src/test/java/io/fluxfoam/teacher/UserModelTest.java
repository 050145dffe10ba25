package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Models and options as users bring them, each of which once failed. {@code --check} and the node
 * give the same answer: what is refused, is refused by both, in one line and before the node joins.
 */
class UserModelTest {
    @TempDir Path directory;

    private Path model(String name) throws IOException {
        return copy(name, directory.resolve(name));
    }

    private static Path copy(String resource, Path target) throws IOException {
        try (InputStream bytes = UserModelTest.class.getResourceAsStream(resource)) {
            Files.copy(bytes, target);
        }
        return target;
    }

    private TeacherOnnx command(Path model, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--model", model.toString(), "--foam", directory + "/foam"));
        TeacherOnnx command = new TeacherOnnx();
        new CommandLine(command).parseArgs(all.toArray(String[]::new));
        return command;
    }

    private void assertLoads(Path model, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--check");
        assertEquals(0, command(model, all.toArray(String[]::new)).call());
    }

    /** What both say. */
    private String refusal(Path model, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--check");
        TeacherOnnx check = command(model, all.toArray(String[]::new));
        String checked = assertThrows(ModelException.class, check::call).getMessage();
        TeacherOnnx node = command(model, options);
        String said = assertThrows(ModelException.class, node::call).getMessage();
        assertEquals(withoutFreeBytes(checked), withoutFreeBytes(said));
        assertFalse(Files.exists(directory.resolve("foam")), "it joined");
        assertEquals(1, checked.lines().count(), checked);
        return checked;
    }

    /** Other processes take and give back memory between two looks. */
    private static String withoutFreeBytes(String said) {
        return said.replaceAll("there are bytes=\\d+", "there are bytes");
    }

    private static GenericTeacher open(Path model, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("--model", model.toString()));
        return CommandLine.populateSpec(GenericOptions.class, all.toArray(String[]::new))
                .open(Sense.PICTURE, 1);
    }

    private static float[] white(GenericTeacher teacher) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment white = arena.allocate(2 * 4 * 3).fill((byte) 255);
            MemorySegment features =
                    arena.allocate(
                            TensorSpec.elements(teacher.features().shape()) * Float.BYTES, 64);
            assertTrue(teacher.infer(new Sample(white, 2, 4, 3), features));
            return features.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    /**
     * As a model hub keeps it: a folder of blobs, and links to them under the models' own names.
     */
    private Path inHub() throws IOException {
        Path blobs = Files.createDirectories(directory.resolve("hub/blobs"));
        Path snapshot = Files.createDirectories(directory.resolve("hub/snapshots/r1"));
        copy("linked.onnx", blobs.resolve("aaaa"));
        copy("linked.onnx_data", blobs.resolve("bbbb"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx_data"), Path.of("../../blobs/bbbb"));
        return Files.createSymbolicLink(
                snapshot.resolve("model.onnx"), Path.of("../../blobs/aaaa"));
    }

    @Test
    void shouldFollowTheLinksOfAModelHub() throws Exception {
        Path model = inHub();
        assertLoads(model);
        Path plain = directory.resolve("plain");
        Files.createDirectory(plain);
        copy("linked.onnx_data", plain.resolve("model.onnx_data"));
        try (GenericTeacher linked = open(model);
                GenericTeacher whole = open(copy("linked.onnx", plain.resolve("model.onnx")))) {
            assertArrayEquals(white(whole), white(linked));
            assertEquals(whole.features().identity(), linked.features().identity());
        }
    }

    @Test
    void shouldFindTheWeightsBesideTheFileThatAModelLinksTo() throws Exception {
        Path store = Files.createDirectory(directory.resolve("store"));
        copy("linked.onnx_data", store.resolve("model.onnx_data"));
        Path real = copy("linked.onnx", store.resolve("model.onnx"));
        assertLoads(Files.createSymbolicLink(directory.resolve("mine.onnx"), real));
    }

    @Test
    void shouldNotFollowANameOutOfTheFolder() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Path model = copy("linked.onnx", inner.resolve("model.onnx"));
        copy("linked.onnx_data", directory.resolve("l2.onnx_data"));
        String bytes = Files.readString(model, StandardCharsets.ISO_8859_1);
        String escaping = bytes.replace("model.onnx_data", "../l2.onnx_data"); // as long
        Files.writeString(model, escaping, StandardCharsets.ISO_8859_1);
        String said = refusal(model);
        assertTrue(said.startsWith("model refused: " + model), said);
        assertTrue(said.contains("escapes"), said);
    }

    @Test
    void shouldSayThatASizeDependsOnThePicture() throws Exception {
        String said = refusal(model("below.onnx"));
        assertTrue(
                said.matches(
                        "no certain shape: output o of model below.onnx is \\[4,3072] on zeros and"
                                + " \\[4,\\d+] on noise"),
                said);
    }

    @Test
    void shouldSayThatAnOutputIsEmpty() throws Exception {
        assertEquals(
                "empty: output o of model zerodim.onnx is [1,0]", refusal(model("zerodim.onnx")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zipmap_label.onnx | output z of model zipmap_label.onnx is of type sequence of"
                        + " maps, which no stream carries; it has [label i64 [1]]",
                "zipmap_only.onnx | output z of model zipmap_only.onnx is of type sequence of maps,"
                        + " which no stream carries; it has []",
            })
    void shouldSayWhatAnOutputIsThatNoStreamCarries(String name, String expected) throws Exception {
        assertEquals(expected, refusal(model(name), "--output", "z"));
    }

    @Test
    void shouldSayWhatThereIsWhenThereIsNothingToChoose() throws Exception {
        assertEquals(
                "model zipmap_only.onnx has no output that a stream carries, it has [z sequence of"
                        + " maps]",
                refusal(model("zipmap_only.onnx")));
    }

    @Test
    void shouldCarryAnInnerTensorOfHalfPrecisionExactly() throws Exception {
        Path model = model("f16inner.onnx");
        assertLoads(model, "--output", "c");
        try (GenericTeacher teacher = open(model, "--output", "c", "--mean", "0.1")) {
            assertArrayEquals(new long[] {3, 32, 32}, teacher.features().shape());
            float half = Float.float16ToFloat(Float.floatToFloat16(1 - 0.1f));
            for (float value : white(teacher)) {
                assertEquals(half, value);
            }
        }
    }

    @Test
    void shouldCarryAnOutputOfHalfPrecision() throws Exception {
        Path file =
                new TinyOnnx()
                        .input("x", 1, 3, 2, 4)
                        .cast("x", 10, "h")
                        .outputOfType("h", 10)
                        .write(directory.resolve("half.onnx"));
        try (GenericTeacher teacher = open(file)) {
            assertArrayEquals(new long[] {3, 2, 4}, teacher.features().shape());
            assertEquals(1f, white(teacher)[0]);
        }
    }

    @Test
    void shouldSayHowManyBytesAPictureWantsAndThereAre() throws Exception {
        String said = refusal(model("dynamic.onnx"), "--size", "30000x30000");
        assertTrue(
                said.matches(
                        "too large: picture input x of model dynamic.onnx \\[3,30000,30000] wants"
                                + " bytes=10800000000, a tensor may have bytes=2147483647 and there"
                                + " are bytes=\\d+"),
                said);
    }

    @Test
    void shouldTakeAPictureThatIsLargerThanTheHeap() throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        line.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
        line.addAll(List.of(TeacherOnnx.class.getName(), "--check", "--size", "3000x3000"));
        line.addAll(List.of("--model", model("dynamic.onnx").toString()));
        Process check = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("teacher: model loads, features f32 [3]\n", said);
        assertEquals(0, check.waitFor());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mean | NaN | --mean=NaN is no number to shift a picture by",
                "--mean | -Infinity | --mean=-Infinity is no number to shift a picture by",
                "--mean | 0,1e39,0 | --mean=Infinity is no number to shift a picture by",
                "--std | Infinity | --std=Infinity must be above 0 and finite",
                "--std | NaN | --std=NaN must be above 0 and finite",
                "--std | 0 | --std=0.0 must be above 0 and finite",
                "--std | 1,-1,1 | --std=-1.0 must be above 0 and finite",
                "--std | 1e-45 | --mean=0.0 --std=1.4E-45 leave no finite pixels",
                "--sound-scale | NaN | --sound-scale=NaN must be finite and not 0",
                "--sound-scale | 0 | --sound-scale=0.0 must be finite and not 0",
                "--size | -3x4 | --size=-3x4 is not HEIGHTxWIDTH, such as 224x224",
                "--size | 0x4 | --size=0x4 is not HEIGHTxWIDTH, such as 224x224",
            })
    void shouldRefuseNumbersThatCannotBe(String option, String value, String expected)
            throws Exception {
        assertEquals(expected, refusal(model("ok.onnx"), option + "=" + value));
    }

    @ParameterizedTest
    @CsvSource({"100000", "0", "-1"})
    void shouldRefuseNumbersOfThreadsThatCannotBe(String threads) throws Exception {
        String said = refusal(model("ok.onnx"), "--threads=" + threads);
        assertTrue(said.matches("--threads=" + threads + " is not in 1\\.\\.\\d+"), said);
    }
}
