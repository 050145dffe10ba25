package io.fluxfoam.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Publishers and readers are killed at any moment; those who live on see whole manifests or none.
 */
class ManifestKillTest {
    private static final long SEED = Long.getLong("foam.seed", 20261123);
    private static final int KILLS = Integer.getInteger("foam.kills", 15);

    @TempDir private Path directory;

    private final List<ChildJvm> children = new ArrayList<>();

    @AfterEach
    void killAll() {
        children.forEach(ChildJvm::close);
    }

    @Test
    @Timeout(300)
    void shouldOnlyEverShowWholeManifests() throws Exception {
        Random random = new Random(SEED);
        long published = 0;
        ChildJvm reader = start("reader", Reader.class);
        for (int kills = 0; kills < KILLS; kills++) {
            String node = "node" + kills;
            ChildJvm publisher = start(node, Publisher.class, node);
            awaitFirst(node, publisher);
            LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(40)));
            publisher.kill();
            if (kills % 3 == 2) {
                reader.kill();
                kills++;
                assertEquals("", reader.output(), "seed=" + SEED);
                reader = start("reader" + kills, Reader.class);
            }
            published += readAll();
        }
        reader.kill();
        assertEquals("", reader.output(), "seed=" + SEED);
        assertTrue(published > KILLS / 2, "published=" + published);
    }

    private ChildJvm start(String name, Class<?> main, String... args) throws IOException {
        List<Object> all = new ArrayList<>(List.of(directory));
        all.addAll(List.of(args));
        ChildJvm child = ChildJvm.start(directory.resolve(name + ".log"), main, all.toArray());
        children.add(child);
        return child;
    }

    private void awaitFirst(String node, ChildJvm publisher) throws IOException {
        while (!Files.exists(directory.resolve(node + ".1.manifest"))) {
            assertTrue(publisher.isAlive(), publisher::toString);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Reads and removes all manifests, as if swept; returns how many there were. */
    private int readAll() throws IOException {
        int read = 0;
        for (Path file : manifests(directory)) {
            assertEquals(Optional.of(expected(file)), ManifestFile.read(file), "seed=" + SEED);
            Files.delete(file);
            read++;
        }
        return read;
    }

    private static List<Path> manifests(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".manifest")).toList();
        }
    }

    private static Manifest expected(Path file) {
        String[] parts = file.getFileName().toString().split("\\.");
        return Manifests.of(parts[0], Long.parseLong(parts[1]));
    }

    /** Publishes one incarnation after another until it is killed. */
    static final class Publisher {
        private Publisher() {}

        public static void main(String[] args) throws IOException {
            ChildJvm.endWithParent();
            for (long incarnation = 1; ; incarnation++) {
                ManifestFile.publish(
                        Path.of(args[0], args[1] + "." + incarnation + ".manifest"),
                        Manifests.of(args[1], incarnation));
            }
        }
    }

    /**
     * Reads all manifests again and again until it is killed; speaks only if it sees something
     * wrong.
     */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) throws IOException {
            ChildJvm.endWithParent();
            Path directory = Path.of(args[0]);
            Path copy =
                    directory.resolve(
                            ".reader." + ProcessHandle.current().pid() + ".manifest.copy");
            while (true) {
                for (Path file : manifests(directory)) {
                    Optional<Manifest> manifest = ManifestFile.read(file, copy);
                    if (manifest.isPresent() && !manifest.get().equals(expected(file))) {
                        System.out.println(
                                "wrong manifest file=" + file + " read=" + manifest.get());
                    }
                }
            }
        }
    }
}
