package io.fluxfoam.tests.torture;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.fluxfoam.cli.Verbs;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.cuda.PayloadFiles;
import io.fluxfoam.evaluator.AuditFiles;
import io.fluxfoam.evaluator.RetrievalFiles;
import io.fluxfoam.journal.Journal;
import io.fluxfoam.journal.JournalReader;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.ForgedManifest;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.sensor.ResumeFiles;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamPeek;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.student.checkpoint.CheckpointFiles;
import io.fluxfoam.student.replay.ReplayFixture;
import io.fluxfoam.tape.TapeFixture;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Feeds damaged files to a decoder and ends with an error if the answer is neither a value nor one
 * clear line. Arguments: folder, decoder, seed, count. A process of its own, because what it looks
 * for may end it. Prints what came out.
 */
final class FuzzProcess {
    private static final long HANG_NS = 30_000_000_000L;
    private static final int INPUTS_PER_STREAM = 100;
    private static final int HEADER_BYTES = 1_024;
    private static final List<String> VERBS =
            List.of(
                    "ps",
                    "ps --streams",
                    "ps --json",
                    "stat",
                    "stat --json",
                    "errors",
                    "errors --full",
                    "slots");
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "-1",
                    "0",
                    "1e9",
                    "9223372036854775807",
                    "9223372036854775808",
                    "../../etc/passwd",
                    "/etc",
                    "a\nb",
                    "\u001b[2J",
                    "\u0000",
                    "NaN",
                    "1,2,3,4,5,6,7,8,9,10",
                    "-3,5",
                    "x".repeat(100));

    private final FoamDirectory foam;
    private final Map<String, Integer> outcomes = new LinkedHashMap<>();
    private volatile long startedNs = System.nanoTime();
    private volatile long input;

    private FuzzProcess(FoamDirectory foam) {
        this.foam = foam;
    }

    /** A decoder, the file that it reads, and what makes a damaged one in its place. */
    private record Decoder(Path file, Call call, Damage damage) {
        /** Of a file whose own bytes are damaged. */
        Decoder(Path file, Call call) throws IOException {
            this(file, call, damaged(file, Files.readAllBytes(file)));
        }

        private static Damage damaged(Path file, byte[] good) {
            return random -> overwrite(file, Mutations.of(good, random));
        }
    }

    private interface Damage {
        void make(Random random) throws IOException;
    }

    private static void overwrite(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

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
            } else if (args[1].equals("foam")) {
                process.damageFoam(seed, count);
            } else {
                process.run(process.decoder(args[1]), seed, count);
            }
            System.out.println(args[1] + " " + process.outcomes);
            System.out.flush();
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            System.err.println(
                    "decoder=" + args[1] + " seed=" + args[2] + " input=" + process.input);
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
            case "manifest-texts" -> manifestTexts();
            case "card" -> card();
            case "card-texts" -> cardTexts();
            case "journal" -> journal();
            case "payload" -> payload();
            case "checkpoint" -> checkpoint();
            case "checkpoint-description" -> checkpointDescription();
            case "replay-inputs" -> replay("inputs");
            case "replay-targets" -> replay("targets.vision");
            case "audit" -> audit();
            case "exam" -> exam();
            case "resume-point" -> resumePoint();
            case "tape" -> tape();
            default -> throw new IllegalArgumentException("no such decoder: " + name);
        };
    }

    private void run(Decoder decoder, long seed, long count) throws IOException {
        Thread.ofPlatform().daemon().start(this::watch);
        for (input = 0; input < count; input++) {
            decoder.damage.make(new Random(seed + input));
            startedNs = System.nanoTime();
            outcomes.merge(outcome(decoder), 1, Integer::sum);
        }
    }

    /**
     * Every command that only reads looks at a foam of which one file is damaged, and tells of that
     * one in clear lines.
     */
    private void damageFoam(long seed, long count) throws IOException {
        mark();
        counters();
        stream();
        manifest();
        List<Path> files = new ArrayList<>();
        for (String name : foam.list()) {
            if (!name.equals("created")) {
                files.add(foam.path().resolve(name));
            }
        }
        files.sort(null);
        Thread.ofPlatform().daemon().start(this::watch);
        for (input = 0; input < count; input++) {
            Random random = new Random(seed + input);
            Path file = files.get(random.nextInt(files.size()));
            byte[] good = Files.readAllBytes(file);
            overwrite(file, Mutations.of(good, random));
            startedNs = System.nanoTime();
            String[] verb = VERBS.get(random.nextInt(VERBS.size())).split(" ");
            List<String> arguments = new ArrayList<>(List.of(verb));
            arguments.addAll(List.of("--dir", foam.path().toString()));
            String said = Verbs.run(arguments.toArray(String[]::new));
            if (said == null || said.contains("\tat ") || said.lines().count() > 1) {
                throw new IOException(
                        "no clear answer of " + verb[0] + " to a damaged " + file + ": " + said);
            }
            outcomes.merge(said.isEmpty() ? "shown" : "refused", 1, Integer::sum);
            overwrite(file, good);
        }
    }

    /** A stream whose words are damaged under the eyes of its writer and its readers. */
    private void scribble(long seed, long count) throws IOException {
        Thread.ofPlatform().daemon().start(this::watch);
        while (input < count) {
            Random random = new Random(seed + input);
            StreamSpec spec = StreamSpec.of("x", DType.F32, 3, 5).maxReaders(3);
            try (StreamWriter writer =
                            StreamWriter.create(foam, "ear", 1 + input, spec, Device.of("host"));
                    StreamReader newest = join(writer, ReadMode.LATEST);
                    StreamReader inOrder = join(writer, ReadMode.IN_ORDER);
                    MappedFile control =
                            MappedFile.openReadWrite(foam.file("ear", 1 + input, "x.control"))) {
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
        return StreamReader.open(
                foam, control, StreamReader.Join.newest(mode, OwnerKey.of("eye", 1)));
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
        try (Mark mark =
                Mark.acquire(
                        foam,
                        "ear",
                        "teacher",
                        "host",
                        new String[] {"java", "-cp", "x", "Main"})) {
            mark.stopped();
        }
        return new Decoder(
                foam.mark("ear"),
                () -> {
                    assertNotNull(MarkView.read(foam, "ear").toString());
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
        return new Decoder(copy, () -> assertNotNull(CountersSnapshot.read(copy).toString()));
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
                    assertNotNull(StreamView.read(file).toString());
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
        StreamReader.Join join =
                new StreamReader.Join(mode, OwnerKey.of("eye", 1), owner -> true, true);
        try (StreamReader reader = StreamReader.open(foam, control, join)) {
            pollAll(reader);
        }
    }

    /**
     * Polls more often than there are slots, and touches all of what is not damaged; returns the
     * leases got.
     */
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
                file,
                new Manifest(
                        "ear",
                        "teacher",
                        1,
                        4711,
                        1_700_000_000_000L,
                        "host",
                        List.of(),
                        Map.of("a", "b")));
        Path copy = foam.path().resolve(".eye.1.ear.manifest.copy");
        return new Decoder(file, () -> assertNotNull(ManifestFile.read(file, copy).toString()));
    }

    /** The seal is right: what a faulty writer publishes. */
    private Decoder manifestTexts() throws IOException {
        Path file = foam.file("ear", 1, "manifest");
        Path copy = foam.path().resolve(".eye.1.ear.manifest.copy");
        Map<String, String> good = ForgedManifest.texts(manifestWithAStream());
        List<String> keys = List.copyOf(good.keySet());
        Damage damage =
                random -> {
                    Map<String, String> texts = new LinkedHashMap<>(good);
                    for (int i = 1 + random.nextInt(3); i > 0; i--) {
                        String key = keys.get(random.nextInt(keys.size()));
                        if (random.nextInt(8) == 0) {
                            texts.remove(key);
                        } else {
                            texts.put(key, TEXTS.get(random.nextInt(TEXTS.size())));
                        }
                    }
                    ForgedManifest.write(file, texts);
                };
        return new Decoder(
                file, () -> assertNotNull(ManifestFile.read(file, copy).toString()), damage);
    }

    /** What a node in another language writes, or a JVM beside its Chronicle Map. */
    private Decoder card() throws IOException {
        Path file = foam.file("ear", 1, "manifest");
        ForgedManifest.writeJson(file, ForgedManifest.json(manifestWithAStream()));
        Path copy = foam.path().resolve(".eye.1.ear.manifest.copy");
        return new Decoder(
                file,
                () -> {
                    assertNotNull(ManifestFile.readJson(file).toString());
                    assertNotNull(ManifestFile.read(file, copy).toString());
                });
    }

    /** The seal is right, and the JSON is not. */
    private Decoder cardTexts() throws IOException {
        Path file = foam.file("ear", 1, "manifest");
        String good = ForgedManifest.json(manifestWithAStream());
        Damage damage =
                random -> {
                    StringBuilder text = new StringBuilder(good);
                    for (int i = 1 + random.nextInt(3); i > 0; i--) {
                        int at = random.nextInt(text.length());
                        int end = Math.min(text.length(), at + random.nextInt(12));
                        text.replace(at, end, TEXTS.get(random.nextInt(TEXTS.size())));
                    }
                    ForgedManifest.writeJson(file, text.toString());
                };
        return new Decoder(
                file, () -> assertNotNull(ManifestFile.readJson(file).toString()), damage);
    }

    private static Manifest manifestWithAStream() {
        StreamCard stream =
                new StreamCard(
                        "x",
                        DType.F32,
                        new long[] {3, 5},
                        4,
                        2,
                        60,
                        "crc32c",
                        "host",
                        "ear.1.x.control",
                        "ear.1.x.payload",
                        "host");
        return new Manifest("ear", "teacher", 1, 2, 3, "host", List.of(stream), Map.of("a", "b"));
    }

    private Decoder payload() throws IOException {
        Path file = foam.file("ear", 1, "x.payload");
        PayloadFiles.write(file);
        return new Decoder(file, () -> PayloadFiles.read(file));
    }

    private Decoder checkpoint() throws IOException {
        return new Decoder(
                CheckpointFiles.save(foam.path()), () -> CheckpointFiles.load(foam.path()));
    }

    /** The checksums are right: what another version of the student might have saved. */
    private Decoder checkpointDescription() throws IOException {
        byte[] good = CheckpointFiles.description();
        return new Decoder(
                CheckpointFiles.save(foam.path()),
                () -> CheckpointFiles.load(foam.path()),
                random -> CheckpointFiles.forge(foam.path(), Mutations.of(good, random)));
    }

    private Decoder replay(String part) throws IOException {
        Path base = foam.file("student", "replay");
        ReplayFixture.save(base);
        return new Decoder(foam.file("student", "replay." + part), () -> ReplayFixture.open(base));
    }

    private Decoder exam() throws IOException {
        return new Decoder(
                RetrievalFiles.save(foam.path()), () -> RetrievalFiles.load(foam.path()));
    }

    private Decoder audit() throws IOException {
        return new Decoder(AuditFiles.save(foam.path()), () -> AuditFiles.load(foam.path()));
    }

    private Decoder resumePoint() throws IOException {
        Path file = foam.path().resolve("resume");
        ResumeFiles.open(file);
        return new Decoder(file, () -> ResumeFiles.open(file));
    }

    /** It is read as far as it is whole, and of what is not there is one line. */
    private Decoder tape() throws IOException {
        Path directory = foam.path().resolve("tape");
        TapeFixture.write(directory, foam);
        return new Decoder(
                directory.resolve("tape-000001.mcap"),
                () -> {
                    List<String> notices = new ArrayList<>();
                    TapeFixture.read(directory, notices::add);
                    if (notices.size() > 1) {
                        throw new IllegalStateException("more than a line: " + notices);
                    }
                    if (!notices.isEmpty()) {
                        throw new IOException(notices.getFirst());
                    }
                });
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
