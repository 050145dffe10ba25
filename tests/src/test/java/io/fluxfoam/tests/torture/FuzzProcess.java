package io.fluxfoam.tests.torture;

import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.device.Device;
import io.fluxfoam.journal.Journal;
import io.fluxfoam.journal.JournalReader;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamPeek;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Feeds damaged files to a decoder and ends with an error if the answer is neither a value nor one clear line. Arguments:
 * folder, decoder, seed, count. A process of its own, because what it looks for may end it. Prints what came out.
 */
final class FuzzProcess {
    private static final long HANG_NS = 30_000_000_000L;
    private static final int INPUTS_PER_STREAM = 100;
    private static final int HEADER_BYTES = 1_024;

    private final FoamDirectory foam;
    private final Map<String, Integer> outcomes = new LinkedHashMap<>();
    private volatile long startedNs = System.nanoTime();
    private volatile long input;

    private FuzzProcess(FoamDirectory foam) {
        this.foam = foam;
    }

    /** A decoder and the good file that damaged ones are made from. */
    private record Decoder(Path file, Call call) {}

    /** Reads the damaged file and everything that can be reached through it. */
    private interface Call {
        void read() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        FuzzProcess process = new FuzzProcess(FoamDirectory.create(Path.of(args[0])));
        try {
            long seed = Long.parseLong(args[2]);
            long count = Long.parseLong(args[3]);
            if (args[1].equals("open-stream")) {
                process.scribble(seed, count);
            } else {
                process.run(process.decoder(args[1]), seed, count);
            }
            System.out.println(args[1] + " " + process.outcomes);
            System.out.flush();
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            System.err.println("decoder=" + args[1] + " seed=" + args[2] + " input=" + process.input);
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private Decoder decoder(String name) throws IOException {
        return switch (name) {
            case "mark" -> mark();
            case "counters" -> counters();
            case "stream" -> stream();
            case "manifest" -> manifest();
            case "journal" -> journal();
            default -> throw new IllegalArgumentException("no such decoder: " + name);
        };
    }

    private void run(Decoder decoder, long seed, long count) throws IOException {
        byte[] good = Files.readAllBytes(decoder.file);
        Thread.ofPlatform().daemon().start(this::watch);
        for (input = 0; input < count; input++) {
            byte[] bad = Mutations.of(good, new Random(seed + input));
            Files.write(decoder.file, bad, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            startedNs = System.nanoTime();
            outcomes.merge(outcome(decoder), 1, Integer::sum);
        }
    }

    /** A stream whose words are damaged under the eyes of its writer and its readers. */
    private void scribble(long seed, long count) throws IOException {
        Thread.ofPlatform().daemon().start(this::watch);
        while (input < count) {
            Random random = new Random(seed + input);
            StreamSpec spec = StreamSpec.of("x", DType.F32, 3, 5).maxReaders(3);
            try (StreamWriter writer = StreamWriter.create(foam, "ear", 1 + input, spec, Device.of("host"));
                    StreamReader newest = join(writer, ReadMode.LATEST);
                    StreamReader inOrder = join(writer, ReadMode.IN_ORDER);
                    MappedFile control = MappedFile.openReadWrite(foam.file("ear", 1 + input, "x.control"))) {
                writer.remove();
                for (int i = 0; i < INPUTS_PER_STREAM; i++, input++) {
                    startedNs = System.nanoTime();
                    commit(writer, random.nextInt(4));
                    Mutations.scribble(control.segment(), HEADER_BYTES, random);
                    int leases = pollAll(newest) + pollAll(inOrder);
                    outcomes.merge(leases == 0 ? "nothing" : "leases", 1, Integer::sum);
                    writer.reclaim(owner -> false);
                }
            }
        }
    }

    private StreamReader join(StreamWriter writer, ReadMode mode) throws IOException {
        String control = FoamDirectory.fileName("ear", writer.header().incarnation(), "x.control");
        return StreamReader.open(foam, control, StreamReader.Join.newest(mode, OwnerKey.of("eye", 1)));
    }

    private static void commit(StreamWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            try (Claim claim = writer.claim()) {
                claim.shape(1 + i % 3, 5).commit(i, i);
            }
        }
    }

    private String outcome(Decoder decoder) throws IOException {
        try {
            decoder.call.read();
            return "accepted";
        } catch (LayoutException e) {
            requireClear(decoder, e);
            return e.kind().name();
        } catch (IOException e) {
            requireClear(decoder, e);
            return "refused";
        }
    }

    private void requireClear(Decoder decoder, IOException e) throws IOException {
        String message = e.getMessage();
        boolean clear =
                message != null
                        && message.lines().count() == 1
                        && message.chars().noneMatch(Character::isISOControl)
                        && message.length() < 2_000
                        && message.contains(foam.path().toString());
        if (!clear) {
            throw new IOException("no clear line for " + decoder.file + ": " + message, e);
        }
    }

    private void watch() {
        while (System.nanoTime() - startedNs < HANG_NS) {
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException e) {
                return;
            }
        }
        System.err.println("hangs: input=" + input);
        Runtime.getRuntime().halt(2);
    }

    private Decoder mark() throws IOException {
        try (Mark mark = Mark.acquire(foam, "ear", "teacher", "host", new String[] {"java", "-cp", "x", "Main"})) {
            mark.stopped();
        }
        return new Decoder(
                foam.mark("ear"),
                () -> {
                    MarkView.read(foam, "ear").toString();
                    Mark.acquire(foam, "ear", "teacher", "host", new String[] {"java"}).close();
                });
    }

    private Decoder counters() throws IOException {
        Path file = foam.file("ear", 1, "counters");
        Counters counters = Counters.create(file, 1);
        for (int i = 0; i < 20; i++) {
            counters.counter("counter " + i).set(i);
            counters.gauge("gauge " + i).set(i / 3.0);
        }
        counters.record(new IOException("first"));
        counters.record(new IllegalStateException("second"));
        byte[] good = Files.readAllBytes(file);
        Path copy = foam.file("eye", 1, "counters"); // the first is mapped by this process for good
        Files.write(copy, good);
        return new Decoder(copy, () -> CountersSnapshot.read(copy).toString());
    }

    private Decoder stream() throws IOException {
        StreamSpec spec = StreamSpec.of("x", DType.F32, 3, 5).maxReaders(2);
        try (StreamWriter writer = StreamWriter.create(foam, "ear", 1, spec, Device.of("host"))) {
            for (int i = 0; i < 20; i++) {
                try (Claim claim = writer.claim()) {
                    claim.shape(1 + i % 3, 5).commit(i, i);
                }
            }
        }
        String name = "ear.1.x.control";
        Path file = foam.path().resolve(name);
        return new Decoder(
                file,
                () -> {
                    StreamView.read(file).toString();
                    peek(name);
                    for (ReadMode mode : ReadMode.values()) {
                        readAll(name, mode);
                    }
                });
    }

    private void peek(String control) throws IOException {
        try (StreamPeek peek = StreamPeek.open(foam, control)) {
            peek.newerThan(0).ifPresent(copy -> copy.bytes().byteSize());
        }
    }

    private void readAll(String control, ReadMode mode) throws IOException {
        StreamReader.Join join = new StreamReader.Join(mode, OwnerKey.of("eye", 1), owner -> true, true);
        try (StreamReader reader = StreamReader.open(foam, control, join)) {
            pollAll(reader);
        }
    }

    /** Polls more often than there are slots, and touches all of what is not damaged; returns the leases got. */
    private static int pollAll(StreamReader reader) {
        int leases = 0;
        for (int i = 0; i < 20; i++) {
            try (Lease lease = reader.poll()) {
                if (lease == null) {
                    break;
                }
                leases++;
                if (lease.isIntact()) {
                    lease.payload().asByteBuffer().remaining();
                    for (int dim = 0; dim < lease.rank(); dim++) {
                        lease.dim(dim);
                    }
                }
            }
        }
        reader.prepareSleep();
        reader.hasNews();
        reader.endSleep();
        return leases;
    }

    private Decoder manifest() throws IOException {
        Path file = foam.file("ear", 1, "manifest");
        ManifestFile.publish(
                file, new Manifest("ear", "teacher", 1, 4711, 1_700_000_000_000L, "host", List.of(), Map.of("a", "b")));
        Path copy = foam.path().resolve(".eye.1.ear.manifest.copy");
        return new Decoder(file, () -> ManifestFile.read(file, copy).toString());
    }

    private Decoder journal() throws IOException {
        Path directory = foam.path().resolve("journal").resolve("ear");
        try (Journal journal = Journal.open(directory, "ear", 1)) {
            for (int i = 0; i < 30; i++) {
                journal.append("fact", Map.of("number", i, "text", "x".repeat(i)));
            }
        }
        Path file;
        try (Stream<Path> files = Files.walk(directory)) {
            file = files.filter(path -> path.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        trim(file);
        return new Decoder(file, () -> JournalReader.readAll(directory));
    }

    /** A journal's file is a large hole behind some entries. */
    private static void trim(Path file) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(Math.min(access.length(), 128 << 10));
        }
    }
}
