package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** No option of a teacher from the user's own model is taken and then ignored. */
class TeacherOptionsTest {
    @TempDir Path directory;

    private TeacherOnnx command(String... more) throws Exception {
        Path model =
                new TinyOnnx()
                        .input("pixels", 1, 3, 2, 4)
                        .node("GlobalAveragePool", List.of("pixels"), "means")
                        .output("means", 1, 3, 1, 1)
                        .write(directory.resolve("means.onnx"));
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--model", model.toString(), "--foam", directory + "/foam"));
        TeacherOnnx command = new TeacherOnnx();
        new CommandLine(command).parseArgs(all.toArray(String[]::new));
        return command;
    }

    @Test
    void shouldOnlyLoadAModelThatIsToBeChecked() throws Exception {
        assertEquals(0, command("--check").call());
        assertFalse(Files.exists(directory.resolve("foam")), "it joined");
    }

    @Test
    void shouldSayThatAModelToBeCheckedDoesNotLoad() throws Exception {
        TeacherOnnx command = command("--check");
        Files.writeString(directory.resolve("means.onnx"), "no model");
        assertThrows(ModelException.class, command::call);
    }

    @Test
    void shouldRefuseADirectoryOfModelsBesideAModel() throws Exception {
        ModelException refusal =
                assertThrows(ModelException.class, () -> command("--models", "/nowhere").call());
        assertEquals("--models=/nowhere is of no use to a model of your own", refusal.getMessage());
    }

    @Test
    void shouldRefuseAMemoryOfNoSize() throws Exception {
        for (String size : List.of("0", "-1", "1048577")) {
            ModelException refusal =
                    assertThrows(
                            ModelException.class, () -> command("--memory-limit", size).call());
            assertEquals("--memory-limit=" + size + " is not in 1..1048576", refusal.getMessage());
        }
    }

    @Test
    void shouldRefuseARateThatIsNone() throws Exception {
        ModelException refusal =
                assertThrows(ModelException.class, () -> command("--fps", "0").call());
        assertEquals("--fps: frames per second=0.0 not in 0.01..1000", refusal.getMessage());
    }
}
