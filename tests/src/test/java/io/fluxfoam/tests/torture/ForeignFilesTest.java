package io.fluxfoam.tests.torture;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamPeek;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Links, pipes, folders, files of others and files that others may write are refused, each with one
 * line that names it.
 */
@Timeout(60)
class ForeignFilesTest {
    private static final int NOBODY = 65_534;
    private static final String CONTROL = "ear.1.x.control";

    @TempDir Path directory;
    private FoamDirectory foam;
    private StreamWriter writer;
    private final Map<Path, List<Executable>> readers = new LinkedHashMap<>();

    @BeforeEach
    void writeOneFileOfEachKind() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
        Mark.acquire(foam, "ear", "teacher", "host", new String[0]).close();
        Path counters = foam.file("ear", 1, "counters");
        Path manifest = foam.file("ear", 1, "manifest");
        Counters.create(counters, 1);
        ManifestFile.publish(
                manifest, new Manifest("ear", "teacher", 1, 2, 3, "host", List.of(), Map.of()));
        writer =
                StreamWriter.create(
                        foam, "ear", 1, StreamSpec.of("x", DType.I64, 8), Device.of("host"));
        Executable read = () -> read().close();
        Executable peek = () -> StreamPeek.open(foam, CONTROL).close();
        Path copy = foam.path().resolve(".eye.1.ear.manifest.copy");
        readers.put(
                foam.mark("ear"),
                List.of(
                        () -> MarkView.read(foam, "ear"),
                        () -> Mark.acquire(foam, "ear", "teacher", "host", new String[0]).close()));
        readers.put(counters, List.of(() -> CountersSnapshot.read(counters)));
        readers.put(manifest, List.of(() -> ManifestFile.read(manifest, copy)));
        readers.put(
                foam.path().resolve(CONTROL),
                List.of(read, peek, () -> StreamView.read(foam.path().resolve(CONTROL))));
        readers.put(foam.file("ear", 1, "x.payload"), List.of(read, peek));
    }

    private StreamReader read() throws IOException {
        StreamReader.Join join = StreamReader.Join.newest(ReadMode.LATEST, OwnerKey.of("eye", 1));
        return StreamReader.open(foam, CONTROL, join);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private interface Damage {
        void doTo(Path file) throws Exception;
    }

    /** Does the damage to each file in turn, expects the refusal, and puts the file back. */
    private void expectRefusals(String wanted, Damage damage) throws Exception {
        for (Map.Entry<Path, List<Executable>> entry : readers.entrySet()) {
            Path file = entry.getKey();
            Path aside = directory.resolve("aside");
            Files.move(file, aside);
            Files.copy(aside, file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            damage.doTo(file);
            for (Executable reader : entry.getValue()) {
                IOException refusal = assertThrows(IOException.class, reader, file.toString());
                assertEquals(1, refusal.getMessage().lines().count());
                assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
                assertTrue(refusal.getMessage().contains(wanted), refusal.getMessage());
            }
            Files.delete(file);
            Files.move(aside, file);
            for (Executable reader : entry.getValue()) {
                assertDoesNotThrow(reader);
            }
        }
    }

    @Test
    void shouldFollowNoLink() throws Exception {
        expectRefusals(
                "not a regular file",
                file -> {
                    Path target = directory.resolve("target");
                    Files.deleteIfExists(target);
                    Files.move(file, target);
                    Files.createSymbolicLink(file, target);
                });
    }

    @Test
    void shouldRefuseWhatIsNoFile() throws Exception {
        expectRefusals(
                "",
                file -> {
                    Files.delete(file);
                    Files.createDirectory(file);
                });
        expectRefusals(
                "not a regular file",
                file -> {
                    Files.delete(file);
                    assertEquals(
                            0,
                            new ProcessBuilder("mkfifo", "-m", "600", file.toString())
                                    .start()
                                    .waitFor());
                });
    }

    @Test
    void shouldRefuseWhatOthersMayWrite() throws Exception {
        for (String mode : List.of("rw-rw-rw-", "rw--w----", "rw-----w-")) {
            expectRefusals(
                    "writable by others",
                    file ->
                            Files.setPosixFilePermissions(
                                    file, PosixFilePermissions.fromString(mode)));
        }
    }

    @Test
    void shouldRefuseWhatBelongsToAnotherUser() throws Exception {
        Path mine = Files.createFile(directory.resolve("mine"));
        assumeTrue(
                mayGiveAway(mine),
                "only root may give files away: files of other users are not tested");
        expectRefusals("another user", file -> Files.setAttribute(file, "unix:uid", NOBODY));
    }

    private static boolean mayGiveAway(Path file) {
        try {
            Files.setAttribute(file, "unix:uid", NOBODY);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldJoinNoFoamThatIsNotItsOwn() throws Exception {
        List<Path> bad = new ArrayList<>();
        for (String mode : List.of("rwxrwxrwx", "rwxr-x---", "rwx--x--x", "rwx-w----")) {
            Path open = Files.createDirectory(directory.resolve("open-" + bad.size()));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
            bad.add(open);
        }
        bad.add(Files.createSymbolicLink(directory.resolve("link"), foam.path()));
        bad.add(Files.createFile(directory.resolve("file")));
        bad.add(directory.resolve("no").resolve("parent"));
        Path foreign = Files.createDirectory(directory.resolve("foreign"));
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwx------"));
        if (mayGiveAway(foreign)) {
            bad.add(foreign);
        }
        for (Path path : bad) {
            NodeContext context = new NodeContext().foam(path).name("eye").role("toy");
            IOException refusal =
                    assertThrows(
                            IOException.class, () -> NodeRunner.launch(context, idler()).close());
            assertEquals(1, refusal.getMessage().lines().count());
            assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
        }
    }

    @Test
    void shouldLetNoNameLeaveTheFoam() {
        List<String> bad =
                List.of(
                        "",
                        ".",
                        "..",
                        "a/b",
                        "../ear",
                        "/etc",
                        "A",
                        "é",
                        "a\nb",
                        "a".repeat(49),
                        "-",
                        "1a",
                        "a b");
        for (String name : bad) {
            NodeContext context = new NodeContext().foam(foam.path()).name(name).role("toy");
            List<Executable> uses =
                    List.of(
                            () -> NodeRunner.launch(context, idler()).close(),
                            () -> StreamSpec.of(name, DType.I64, 1),
                            () -> foam.mark(name),
                            () -> foam.file(name, 1, "counters"),
                            () -> Mark.acquire(foam, name, "toy", "host", new String[0]));
            for (Executable use : uses) {
                IllegalArgumentException refusal =
                        assertThrows(IllegalArgumentException.class, use, name);
                assertEquals(1, refusal.getMessage().lines().count());
            }
        }
    }

    private static NodeAgent idler() {
        return new NodeAgent() {
            @Override
            public void onStart(Node node) {}

            @Override
            public int doWork() {
                return 0;
            }
        };
    }
}
