package io.fluxfoam.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fluxfoam.memory.AtomicFile;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.LayoutException.Kind;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

class ManifestFileTest {
    private static final long SEED = Long.getLong("foam.seed", 20261123);

    @TempDir private Path directory;

    @Test
    void shouldReadWhatWasPublished() throws IOException {
        Manifest manifest = Manifests.of("student", 3);
        ManifestFile.publish(file(), manifest);
        assertEquals(Optional.of(manifest), ManifestFile.read(file()));
        assertEquals(
                Optional.of(manifest),
                ManifestFile.read(file(), directory.resolve(".student.3.manifest.copy")));
        assertEquals(List.of("student.3.manifest"), names());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void shouldReadWhatWasPublishedInJson() throws IOException {
        Manifest manifest = Manifests.of("student", 3);
        ManifestFile.publishJson(file(), manifest);
        assertEquals(Optional.of(manifest), ManifestFile.read(file()));
        assertEquals(Optional.of(manifest), ManifestFile.readJson(file()));
        assertEquals(List.of("student.3.manifest"), names());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void shouldFindNoJsonInAChronicleMap() throws IOException {
        ManifestFile.publish(file(), Manifests.of("student", 3));
        assertEquals(Optional.empty(), ManifestFile.readJson(file()));
        assertEquals(Optional.empty(), ManifestFile.readJson(directory.resolve("none")));
    }

    @Test
    void shouldTakeWhatAManifestSaysFromTheJsonBesideItIfBothAreWhole() throws IOException {
        Path card = directory.resolve("student.3.card");
        Path copy = directory.resolve(".student.3.manifest.copy");
        Manifest inJson = Manifests.of("seen-in-json", 3);
        ManifestFile.publishJson(card, inJson);
        assertEquals(Optional.empty(), ManifestFile.read(file(), card, copy));
        Manifest manifest = Manifests.of("student", 3);
        ManifestFile.publish(file(), manifest);
        assertEquals(Optional.of(inJson), ManifestFile.read(file(), card, copy));

        byte[] whole = Files.readAllBytes(card);
        Files.write(card, Arrays.copyOf(whole, whole.length - 1));
        assertEquals(Optional.of(manifest), ManifestFile.read(file(), card, copy));
        Files.delete(card);
        assertEquals(Optional.of(manifest), ManifestFile.read(file(), card, copy));
        assertEquals(List.of("student.3.manifest"), names());

        Files.write(card, whole);
        Files.write(file(), new byte[100]);
        assertThrows(LayoutException.class, () -> ManifestFile.read(file(), card, copy));
    }

    @Test
    void shouldPassOverWhatItDoesNotKnowInJson() throws IOException {
        String known = new String(ManifestJson.encode(Manifests.of("student", 3)), UTF_8);
        String more = "{\"colour\":{\"a\":[1,null,0.5,true]},\"era\":null," + known.substring(1);
        byte[] bytes = more.getBytes(UTF_8);
        assertEquals(Manifests.of("student", 3), ManifestJson.decode(bytes, bytes.length));
    }

    @Test
    void shouldRefuseJsonThatIsNoManifest() throws IOException {
        String known = new String(ManifestJson.encode(Manifests.of("student", 3)), UTF_8);
        for (String text :
                List.of(
                        "{}",
                        "[]",
                        "7",
                        "{",
                        known + known,
                        known.substring(0, known.length() - 1),
                        known.replace("\"role\"", "\"rule\""),
                        known.replace("4714", "\"4714\""),
                        known.replace("4714", "4714.5"),
                        known.replace("4714", "47140000000000000000000"),
                        known.replace("\"streams\":[", "\"streams\":[1,"),
                        known.replace("F32", "F31"),
                        "[".repeat(2_000))) {
            byte[] body = text.getBytes(UTF_8);
            byte[] bytes = Arrays.copyOf(body, body.length + ManifestTrailer.BYTES);
            ManifestTrailer.of(body, ManifestTrailer.JSON)
                    .get(bytes, body.length, ManifestTrailer.BYTES);
            assertEquals(Kind.CORRUPT, kindOf(bytes), text);
        }
    }

    @Test
    void shouldReadAManifestWithoutStreams() throws IOException {
        Manifest manifest = new Manifest("watcher", "user", 1, 1, 0, "cuda:0", List.of(), Map.of());
        ManifestFile.publish(file(), manifest);
        assertEquals(Optional.of(manifest), ManifestFile.read(file()));
    }

    @Test
    void shouldHoldTheLargestManifest() throws IOException {
        List<StreamCard> streams = new ArrayList<>();
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < Manifest.MAX_STREAMS; i++) {
            String path = "p".repeat(500) + i;
            streams.add(
                    new StreamCard(
                            "s" + i,
                            DType.U8,
                            new long[0],
                            3,
                            1,
                            1,
                            "none",
                            "host",
                            path,
                            path,
                            "f".repeat(1024)));
        }
        for (int i = 0; i < Manifest.MAX_ATTRIBUTES; i++) {
            attributes.put("a" + i, i % 7 == 0 ? "" : "漢".repeat(Manifest.MAX_ATTRIBUTE_LENGTH));
        }
        Manifest manifest = new Manifest("large", "user", 1, 1, 0, "host", streams, attributes);
        ManifestFile.publish(file(), manifest);
        assertEquals(Optional.of(manifest), ManifestFile.read(file()));
    }

    @Test
    void shouldRefuseToChangeAPublishedManifest() throws IOException {
        ManifestFile.publish(file(), Manifests.of("student", 3));
        byte[] before = Files.readAllBytes(file());
        assertThrows(
                FileAlreadyExistsException.class,
                () -> ManifestFile.publish(file(), Manifests.of("student", 4)));
        assertTrue(Arrays.equals(before, Files.readAllBytes(file())));
    }

    @Test
    void shouldFindNothingWhileAManifestIsBeingCreated() throws IOException {
        assertEquals(Optional.empty(), ManifestFile.read(file()));
        Files.write(AtomicFile.temporary(file()), new byte[100]);
        assertEquals(Optional.empty(), ManifestFile.read(file()));
    }

    @Test
    void shouldReplaceWhatAKilledPublisherLeftBehind() throws IOException {
        Files.write(AtomicFile.temporary(file()), new byte[100_000]);
        ManifestFile.publish(file(), Manifests.of("student", 3));
        assertEquals(Optional.of(Manifests.of("student", 3)), ManifestFile.read(file()));
        assertEquals(List.of("student.3.manifest"), names());
    }

    @Test
    void shouldTellOldNewAndCorruptApart() throws IOException {
        ManifestFile.publish(file(), Manifests.of("student", 3));
        byte[] bytes = Files.readAllBytes(file());
        byte[] body = Arrays.copyOf(bytes, bytes.length - ManifestTrailer.BYTES);
        assertEquals(Kind.TOO_OLD, kindOf(sealed(body, 0)));
        assertEquals(Kind.TOO_NEW, kindOf(sealed(body, ManifestTrailer.VERSION + 1)));
        assertEquals(Kind.CORRUPT, kindOf(body));
        assertEquals(Kind.CORRUPT, kindOf(new byte[0]));
        assertEquals(Kind.CORRUPT, kindOf(new byte[ManifestTrailer.BYTES]));
        assertEquals(
                Kind.CORRUPT,
                kindOf(new byte[ManifestTrailer.MAX_BODY_BYTES + ManifestTrailer.BYTES + 1]));
    }

    @Test
    void shouldNameTheFileAndTheValues() throws IOException {
        ManifestFile.publish(file(), Manifests.of("student", 3));
        byte[] bytes = Files.readAllBytes(file());
        bytes[100] ^= 1;
        Files.write(file(), bytes);
        String message =
                assertThrows(LayoutException.class, () -> ManifestFile.read(file())).getMessage();
        assertTrue(message.contains("crc32c=") && message.contains(file().toString()), message);
    }

    @Test
    void shouldNeverBelieveDamagedBytes() throws IOException {
        Random random = new Random(SEED);
        ManifestFile.publish(file(), Manifests.of("student", 3));
        byte[] whole = Files.readAllBytes(file());
        Path damaged = directory.resolve("damaged");
        Path copy = directory.resolve(".reader.1.manifest.copy");
        for (int i = 0; i < 4000; i++) {
            byte[] bytes = damage(whole, random);
            Files.write(damaged, bytes);
            String situation = "seed=" + SEED + " case=" + i + " bytes=" + bytes.length;
            LayoutException e =
                    assertThrows(
                            LayoutException.class,
                            () -> ManifestFile.read(damaged, copy),
                            situation);
            assertEquals(Kind.CORRUPT, e.kind(), situation);
        }
        assertEquals(List.of("damaged", "student.3.manifest"), names());
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(whole, random.nextInt(whole.length));
            case 1 -> bytes = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(5000));
            case 2 -> random.nextBytes(bytes = new byte[random.nextInt(2 * whole.length)]);
            case 3 -> {
                int from = random.nextInt(whole.length);
                Arrays.fill(
                        bytes,
                        from,
                        from + 1 + random.nextInt(whole.length - from),
                        (byte) random.nextInt());
            }
            default -> {
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return Arrays.equals(bytes, whole) ? damage(whole, random) : bytes;
    }

    private byte[] sealed(byte[] body, int version) {
        byte[] bytes = Arrays.copyOf(body, body.length + ManifestTrailer.BYTES);
        ManifestTrailer.of(body, ManifestTrailer.CHRONICLE_MAP, version)
                .get(bytes, body.length, ManifestTrailer.BYTES);
        return bytes;
    }

    private Kind kindOf(byte[] bytes) throws IOException {
        Path other = directory.resolve("other");
        Files.write(other, bytes);
        return assertThrows(LayoutException.class, () -> ManifestFile.read(other)).kind();
    }

    private Path file() {
        return directory.resolve("student.3.manifest");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
