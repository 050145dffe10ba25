package io.fluxfoam.tests.tape;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;
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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * A tape of a toy sensor and two toy teachers, one of which is killed near the end, while there is
 * learned, and comes back. Made on one thread, so it is the same each time.
 */
final class ToyTape implements AutoCloseable {
    private static final long FRAME_NS = 100_000_000L;

    private final FoamDirectory foam;
    private final TapeWriter tape;
    private final Map<String, SteppedNode> nodes = new LinkedHashMap<>();
    private final Map<String, StreamWriter> writers = new LinkedHashMap<>();
    private final Map<String, StreamReader> readers = new LinkedHashMap<>();
    private final Map<String, Manifest> manifests = new LinkedHashMap<>();

    private ToyTape(FoamDirectory foam, TapeWriter tape) {
        this.foam = foam;
        this.tape = tape;
    }

    /** Writes one of so many frames. */
    static void write(FoamDirectory foam, Path directory, int frames) throws IOException {
        TapeWriter.Bounds bounds = TapeWriter.Bounds.NONE;
        try (TapeWriter tape = TapeWriter.open(directory, 1, bounds, line -> {});
                ToyTape toys = new ToyTape(foam, tape)) {
            toys.write(frames);
        }
    }

    private void write(int frames) throws IOException {
        FrameShape shape = FrameShape.STANDARD;
        join(
                "sensor",
                Roles.SENSOR,
                Map.of(),
                StreamSpec.of(LoopStreams.PICTURE, DType.U8, shape.pictureShape()),
                StreamSpec.of(LoopStreams.SOUND, DType.F32, shape.soundShape()));
        joinTeacher("reader", Alignment.PICTURE, 40, 6);
        joinTeacher("hearer", Alignment.NONE, 1, 12);
        for (int counter = 0; counter < frames; counter++) {
            if (counter == frames - 12) {
                kill("hearer");
            }
            if (counter == frames - 5) {
                joinTeacher("hearer", Alignment.NONE, 1, 12);
            }
            frame(FrameNumber.of(1, counter), (counter + 1) * FRAME_NS);
        }
    }

    private void joinTeacher(String name, Alignment aligned, int tokens, int dim)
            throws IOException {
        TeacherCard card = new TeacherCard("sensor", aligned, Axes.ROWS, "1", true);
        StreamSpec features = StreamSpec.of(LoopStreams.FEATURES, DType.F32, tokens, dim);
        join(name, Roles.TEACHER, card.attributes(), features);
    }

    private void join(
            String name, String role, Map<String, String> attributes, StreamSpec... streams)
            throws IOException {
        SteppedNode node =
                SteppedNode.join(new NodeContext().foam(foam.path()).name(name).role(role));
        nodes.put(name, node);
        attributes.forEach(node.node()::attribute);
        for (StreamSpec spec : streams) {
            writers.put(name + "/" + spec.name(), node.node().publish(spec));
        }
        node.publish();
        long incarnation = node.node().incarnation();
        Manifest manifest =
                ManifestFile.readJson(foam.file(name, incarnation, "manifest")).orElseThrow();
        manifests.put(name, manifest);
        tape.joined(manifest);
        for (StreamSpec spec : streams) {
            readers.put(
                    name + "/" + spec.name(),
                    StreamReader.open(
                            foam,
                            manifest.stream(spec.name()).orElseThrow().controlFile(),
                            StreamReader.Join.newest(ReadMode.IN_ORDER, OwnerKey.of("eye", 1))));
        }
    }

    private void kill(String name) throws IOException {
        readers.remove(name + "/" + LoopStreams.FEATURES).close();
        writers.remove(name + "/" + LoopStreams.FEATURES);
        try (SteppedNode node = nodes.remove(name)) {
            node.depart(false);
            tape.ended(name, node.node().incarnation(), false);
        }
    }

    /** What is seen and heard tells one of eight words, and the teachers say which. */
    private void frame(long frame, long captureNs) throws IOException {
        Random word = new Random(frame * 31 + 7);
        int which = word.nextInt(8);
        for (String target : writers.keySet()) {
            StreamWriter writer = writers.get(target);
            Random noise = new Random(frame + target.hashCode());
            Random meaning = new Random(which * 131L + target.hashCode());
            try (Claim claim = writer.claim()) {
                fill(claim.payload(), writer.header().spec().dtype(), noise, meaning);
                claim.commit(frame, captureNs);
            }
            record(target);
        }
    }

    private static void fill(MemorySegment payload, DType dtype, Random noise, Random meaning) {
        if (dtype == DType.U8) {
            byte[] bytes = new byte[(int) payload.byteSize()];
            noise.nextBytes(bytes);
            int from = meaning.nextInt(bytes.length / 2);
            Arrays.fill(bytes, from, from + bytes.length / 4, (byte) 200);
            payload.copyFrom(MemorySegment.ofArray(bytes));
            return;
        }
        for (long at = 0; at < payload.byteSize(); at += Float.BYTES) {
            double value = .5 * meaning.nextGaussian() + .01 * noise.nextGaussian();
            payload.set(ValueLayout.JAVA_FLOAT, at, (float) Math.clamp(value, -1, 1));
        }
    }

    private void record(String target) throws IOException {
        String node = target.substring(0, target.indexOf('/'));
        String stream = target.substring(target.indexOf('/') + 1);
        try (Lease lease = readers.get(target).poll()) {
            tape.tensor(node, manifests.get(node).stream(stream).orElseThrow(), lease);
        }
    }

    @Override
    public void close() throws IOException {
        readers.values().forEach(StreamReader::close);
        for (SteppedNode node : nodes.values()) {
            node.depart(true);
            node.close();
        }
    }
}
