package io.fluxfoam.tape;

import io.fluxfoam.device.Device;
import io.fluxfoam.journal.JournalEntry;
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
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Tapes of made-up nodes, written from real leases, and what stands on a tape as text. */
public final class TapeFixture implements AutoCloseable {
    private static final long ROWS = 3;
    private static final long COLUMNS = 5;

    private final FoamDirectory foam;
    private final long incarnation;
    private final StreamWriter writer;
    private final StreamReader reader;

    /** An incarnation of the node {@code ear} with a stream {@code x}. */
    public TapeFixture(FoamDirectory foam, long incarnation) throws IOException {
        this.foam = foam;
        this.incarnation = incarnation;
        StreamSpec spec = StreamSpec.of("x", DType.F32, ROWS, COLUMNS);
        writer = StreamWriter.create(foam, "ear", incarnation, spec, Device.of("host"));
        reader =
                StreamReader.open(
                        foam,
                        card().controlFile(),
                        StreamReader.Join.newest(ReadMode.IN_ORDER, OwnerKey.of("eye", 1)));
    }

    public StreamCard card() {
        String file = "ear." + incarnation + ".x.";
        return new StreamCard(
                "x",
                DType.F32,
                new long[] {ROWS, COLUMNS},
                16,
                8,
                60,
                "crc32c",
                "host",
                file + "control",
                file + "payload",
                "host");
    }

    public Manifest manifest() {
        return new Manifest(
                "ear",
                "teacher",
                incarnation,
                4711,
                1_700_000_000_000L,
                "host",
                List.of(card()),
                Map.of("reads", "sensor/picture,*/features", "epoch", "é"));
    }

    /** Commits a tensor of random shape and bytes, and writes it to the tape. */
    public boolean tensor(TapeWriter tape, Random random) throws IOException {
        try (Claim claim = writer.claim()) {
            long rows = random.nextLong(ROWS + 1);
            byte[] bytes = new byte[(int) (4 * rows * COLUMNS)];
            random.nextBytes(bytes);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, claim.payload(), 0, bytes.length);
            claim.shape(rows, COLUMNS).tag(random.nextLong());
            claim.commit(random.nextLong(), random.nextLong());
        }
        try (Lease lease = reader.poll()) {
            return tape.tensor("ear", card(), lease);
        }
    }

    /** A small tape with all that a tape can have; what it holds. */
    public static List<String> write(Path directory, FoamDirectory foam) throws IOException {
        Random random = new Random(5);
        try (TapeWriter tape = open(directory, s -> {});
                TapeFixture first = new TapeFixture(foam, 1);
                TapeFixture second = new TapeFixture(foam, 2)) {
            tape.joined(first.manifest());
            first.tensor(tape, random);
            first.tensor(tape, random);
            tape.noted(new JournalEntry(1_700_000_000_001L, "ear", 1, "fact", "{\"a\":1}"));
            tape.ended("ear", 1, false);
            tape.joined(second.manifest());
            second.tensor(tape, random);
            tape.ended("ear", 2, true);
        }
        return read(directory, s -> {});
    }

    /** Opens a tape without bounds. */
    public static TapeWriter open(Path directory, Consumer<String> notices) throws IOException {
        return TapeWriter.open(directory, 1, TapeWriter.Bounds.NONE, notices);
    }

    /** What stands on a tape, an entry in a line, without when it happened. */
    public static List<String> read(Path directory, Consumer<String> notices) throws IOException {
        List<String> lines = new ArrayList<>();
        try (TapeReader tape = new TapeReader(directory, notices)) {
            for (TapeEntry entry = tape.next(); entry != null; entry = tape.next()) {
                lines.add(text(entry));
            }
        }
        return lines;
    }

    private static String text(TapeEntry entry) {
        return switch (entry) {
            case TapeEntry.Session begun -> "session " + begun.session();
            case TapeEntry.Joined joined -> "joined " + joined.manifest();
            case TapeEntry.Ended ended ->
                    "ended " + ended.node() + ended.incarnation() + ended.cleanly();
            case TapeEntry.Noted noted -> "noted " + noted.json();
            case TapeEntry.Tensor tensor ->
                    String.join(
                            " ",
                            tensor.target(),
                            "" + tensor.incarnation(),
                            "" + tensor.sequence(),
                            "" + tensor.frameNumber(),
                            "" + tensor.captureNs(),
                            "" + tensor.tag(),
                            Arrays.toString(tensor.shape()),
                            Arrays.toString(tensor.payload().toArray(ValueLayout.JAVA_BYTE)));
        };
    }

    @Override
    public void close() throws IOException {
        reader.close();
        writer.close();
        writer.remove();
    }
}
