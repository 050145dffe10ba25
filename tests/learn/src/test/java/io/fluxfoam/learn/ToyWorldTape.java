package io.fluxfoam.learn;

import io.fluxfoam.device.Device;
import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tape.TapeWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A tape of a small world: three grey squares in turn, each named by a teacher that says nothing of
 * every tenth frame, and is late by two frames.
 */
final class ToyWorldTape implements AutoCloseable {
    private static final int SIDE = 32;
    private static final int SAMPLES = 8_000;
    private static final int DIM = 6;
    private static final int THINGS = 3;
    private static final int LATE = 2;

    private final FoamDirectory foam;
    private final TapeWriter tape;
    private final Map<String, Stream> streams = new HashMap<>();

    private record Stream(StreamCard card, StreamWriter writer, StreamReader reader) {}

    private ToyWorldTape(Path folder, String teacher) throws IOException {
        Files.createDirectories(folder);
        foam = FoamDirectory.create(folder.resolve("foam"));
        tape = TapeWriter.open(folder.resolve("tape"), 1, TapeWriter.Bounds.NONE, _ -> {});
        List<StreamCard> sensor =
                List.of(
                        open(LoopNodes.SENSOR, LoopStreams.PICTURE, DType.U8, SIDE, SIDE, 3),
                        open(LoopNodes.SENSOR, LoopStreams.SOUND, DType.F32, SAMPLES),
                        open(LoopNodes.SENSOR, LoopStreams.CAPTION, DType.U8, 16));
        tape.joined(manifest(LoopNodes.SENSOR, Roles.SENSOR, sensor, Map.of()));
        TeacherCard card =
                new TeacherCard(LoopNodes.SENSOR, Alignment.NONE, Axes.ROWS, "toy", false);
        tape.joined(
                manifest(
                        teacher,
                        Roles.TEACHER,
                        List.of(open(teacher, LoopStreams.FEATURES, DType.F32, 1, DIM)),
                        card.attributes()));
    }

    private static Manifest manifest(
            String node, String role, List<StreamCard> cards, Map<String, String> attributes) {
        return new Manifest(node, role, 1, 4711, 1_700_000_000_000L, "host", cards, attributes);
    }

    private StreamCard open(String node, String name, DType dtype, long... shape)
            throws IOException {
        StreamWriter writer =
                StreamWriter.create(
                        foam, node, 1, StreamSpec.of(name, dtype, shape), Device.of("host"));
        long bytes = dtype.bytes();
        for (long extent : shape) {
            bytes *= extent;
        }
        String file = node + ".1." + name + ".";
        StreamCard card =
                new StreamCard(
                        name,
                        dtype,
                        shape,
                        16,
                        8,
                        bytes,
                        "crc32c",
                        "host",
                        file + "control",
                        file + "payload",
                        "host");
        StreamReader reader =
                StreamReader.open(
                        foam,
                        card.controlFile(),
                        StreamReader.Join.newest(ReadMode.IN_ORDER, OwnerKey.of("eye", 1)));
        streams.put(node + "/" + name, new Stream(card, writer, reader));
        return card;
    }

    private void put(String node, String name, long frame, MemorySegment bytes, long... shape)
            throws IOException {
        Stream stream = streams.get(node + "/" + name);
        try (Claim claim = stream.writer.claim()) {
            MemorySegment.copy(bytes, 0, claim.payload(), 0, bytes.byteSize());
            claim.shape(shape);
            claim.commit(frame, frame);
        }
        try (Lease lease = stream.reader.poll()) {
            tape.tensor(node, stream.card, lease);
        }
    }

    /**
     * Writes one.
     *
     * @param shift of what the teacher says, by which worlds are told apart
     * @return where the tape is
     */
    static Path write(Path folder, String teacher, int frames, int shift) throws IOException {
        try (ToyWorldTape toy = new ToyWorldTape(folder, teacher)) {
            Random random = new Random(shift);
            List<Integer> things = new ArrayList<>();
            for (int i = 0; i < frames + LATE; i++) {
                if (i < frames) {
                    things.add(random.nextInt(THINGS));
                    toy.show(i, things.get(i), random);
                }
                if (i >= LATE && i % 10 != 0) {
                    toy.say(teacher, i - LATE, things.get(i - LATE), shift);
                }
            }
        }
        return folder.resolve("tape");
    }

    private void show(long counter, int thing, Random random) throws IOException {
        long frame = FrameNumber.of(1, counter);
        byte[] picture = new byte[SIDE * SIDE * 3];
        random.nextBytes(picture);
        for (int i = 0; i < picture.length; i++) {
            boolean isInside = i / 3 / SIDE / 11 == thing;
            picture[i] = (byte) (isInside ? 200 : picture[i] & 31);
        }
        put(
                LoopNodes.SENSOR,
                LoopStreams.PICTURE,
                frame,
                MemorySegment.ofArray(picture),
                SIDE,
                SIDE,
                3);
        float[] sound = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            sound[i] = (float) (.1 * Math.sin(i * .05 * (thing + 1)));
        }
        put(LoopNodes.SENSOR, LoopStreams.SOUND, frame, MemorySegment.ofArray(sound), SAMPLES);
        byte[] caption = ("thing " + thing).getBytes(StandardCharsets.UTF_8);
        put(
                LoopNodes.SENSOR,
                LoopStreams.CAPTION,
                frame,
                MemorySegment.ofArray(caption),
                caption.length);
    }

    private void say(String teacher, long counter, int thing, int shift) throws IOException {
        MemorySegment said = MemorySegment.ofArray(new float[DIM]);
        for (int i = 0; i < DIM; i++) {
            said.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % THINGS == thing ? 1 : shift * i);
        }
        put(teacher, LoopStreams.FEATURES, FrameNumber.of(1, counter), said, 1, DIM);
    }

    @Override
    public void close() throws IOException {
        tape.close();
        for (Stream stream : streams.values()) {
            stream.reader.close();
            stream.writer.close();
            stream.writer.remove();
        }
    }
}
