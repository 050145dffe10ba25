package io.fluxfoam.cli;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.stream.StreamPeek;
import io.fluxfoam.tensor.FrameNumber;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code ./foam say}. */
@Command(
        name = "say",
        description =
                "Write what the student says of a held-out frame as a sound file (foam up --voice).")
final class SayCommand implements Callable<Integer> {
    private static final double NS_PER_SECOND = 1e9;

    @Mixin private FoamOptions options;

    @Option(
            names = "--frame",
            paramLabel = "N",
            description =
                    "Of this frame, INCARNATION:COUNTER as tail shows it, or the counter alone"
                            + " (default: the newest that was said).")
    private String frame;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the sound goes: WAVE, 16 kHz mono (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("said.wav");

    @Override
    public Integer call() throws Exception {
        if (frame != null && !frame.matches("(\\d{1,8}:)?\\d{1,12}")) {
            throw new IllegalArgumentException("--frame=" + frame + " is no INCARNATION:COUNTER");
        }
        FoamDirectory foam = options.open();
        List<MarkView> students =
                options.probe().marks().stream()
                        .filter(mark -> mark.role().equals(Roles.STUDENT))
                        .toList();
        if (students.isEmpty()) {
            throw new IOException("there is no student in the foam: path=" + foam.path());
        }
        Optional<StreamPeek.Copy> said = said(foam, students.getFirst());
        if (said.isEmpty() || !said.get().intact()) {
            String what = frame == null ? "nothing yet" : "nothing (any more) of frame " + frame;
            throw new IOException(students.getFirst().name() + " has said " + what);
        }
        StreamPeek.Copy utterance = said.get();
        float[] samples = utterance.bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        WaveFile.write(file, samples, FrameShape.SOUND_RATE);
        System.out.printf(
                Locale.ROOT,
                "frame %s, %.2f s, said %.2f s after it was seen: %s%n",
                SlotsCommand.frame(utterance.frameNumber()),
                (double) samples.length / FrameShape.SOUND_RATE,
                (utterance.publishNs() - utterance.captureNs()) / NS_PER_SECOND,
                file);
        return 0;
    }

    private Optional<StreamPeek.Copy> said(FoamDirectory foam, MarkView student)
            throws IOException {
        String control =
                FoamDirectory.fileName(
                        student.name(), student.incarnation(), LoopStreams.VOICE + ".control");
        try (StreamPeek peek = StreamPeek.open(foam, control)) {
            Optional<StreamPeek.Copy> newest = peek.newerThan(0);
            if (frame == null || newest.isEmpty()) {
                return newest;
            }
            return peek.ofFrame(number(newest.get().frameNumber()));
        } catch (NoSuchFileException e) {
            throw new IOException(
                    student.name()
                            + " ("
                            + student.state()
                            + ") does not speak: start the foam with --voice",
                    e);
        }
    }

    /** The frame that is meant; of the newest one's sensor, if nothing else is said. */
    private long number(long newest) {
        int colon = frame.indexOf(':');
        long incarnation =
                colon < 0
                        ? FrameNumber.incarnation(newest)
                        : Long.parseLong(frame.substring(0, colon));
        return FrameNumber.of(incarnation, Long.parseLong(frame.substring(colon + 1)));
    }
}
