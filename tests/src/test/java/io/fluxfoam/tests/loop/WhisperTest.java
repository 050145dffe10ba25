package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.sensor.SensorMain;
import io.fluxfoam.student.Student;
import io.fluxfoam.teacher.whisper.TeacherWhisper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Sensor, Whisper's encoder and student as processes: what the encoder says can be learned. */
@Timeout(300)
class WhisperTest {
    private static final Path ENCODER =
            Path.of(
                            System.getProperty(
                                    "foam.golden",
                                    Path.of(System.getProperty("foam.home"))
                                            .resolve("../shared/golden")
                                            .toString()))
                    .resolve("encoder_model.onnx");

    @TempDir Path directory;

    @Test
    void shouldLearnFromAWhisperEncoder() throws Exception {
        if (!Files.isRegularFile(ENCODER)) {
            System.out.println(
                    "skipped: no " + ENCODER + " (name its folder with -Dfoam.golden=DIR)");
        }
        assumeTrue(Files.isRegularFile(ENCODER));
        Path foam = directory.resolve("foam");
        List<String> whisper = List.of("--whisper", ENCODER.toString(), "--foam", foam.toString());
        try (var sensor =
                        ChildJvm.start(
                                directory.resolve("sensor.log"),
                                SensorMain.class,
                                "--foam",
                                foam.toString());
                var teacher =
                        ChildJvm.start(
                                directory.resolve("teacher.log"),
                                TeacherWhisper.class,
                                whisper.toArray());
                var student =
                        ChildJvm.start(
                                directory.resolve("student.log"),
                                Student.class,
                                "--foam",
                                foam.toString(),
                                "--replay",
                                "200")) {
            Supplier<String> outputs =
                    () -> "\n" + sensor.output() + teacher.output() + student.output();
            for (int tensors = 1; tensors <= 64; tensors *= 2) { // an encoder takes its time
                int wanted = tensors;
                eventually(
                        () -> "tensors=" + wanted + outputs.get(),
                        () -> counter(foam, "read.teacher-whisper/features.leases") >= wanted);
            }
            eventually(
                    () -> "it is learned" + outputs.get(),
                    () -> counter(foam, "teacher.teacher-whisper.weight") == 1);
            eventually(() -> "steps" + outputs.get(), () -> counter(foam, "step") > 1);
            assertEquals(0, counter(foam, "refusedTensors"));
            assertEquals(0, student.terminate(), student::output);
            assertEquals(0, teacher.terminate(), teacher::output);
            assertEquals(0, sensor.terminate(), sensor::output);
        }
    }

    private static double counter(Path path, String label) throws IOException {
        FoamDirectory foam = FoamDirectory.open(path);
        CountersSnapshot counters =
                CountersSnapshot.read(
                        foam.file(
                                "student",
                                MarkView.read(foam, "student").incarnation(),
                                "counters"));
        return counters.values().getOrDefault(label, Double.NaN).doubleValue();
    }
}
