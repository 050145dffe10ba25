package io.fluxfoam.liveness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@Timeout(60)
class FileTreeTest {
    private static final int REMOVERS = 4;

    @TempDir Path directory;
    private Path root;

    @BeforeEach
    void nameRoot() {
        root = directory.resolve("root");
    }

    private void grow() throws IOException {
        for (int folder = 0; folder < 20; folder++) {
            Path within = Files.createDirectories(root.resolve("a" + folder).resolve("b"));
            for (int file = 0; file < 20; file++) {
                Files.createFile(within.resolve("f" + file));
            }
        }
    }

    @Test
    void shouldRemoveAFolderWithAllInIt() throws Exception {
        grow();
        FileTree.remove(root);
        assertFalse(Files.exists(root));
        FileTree.remove(root);
    }

    @Test
    void shouldRemoveLinksAndNotWhatTheyPointTo() throws Exception {
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Files.createFile(precious.resolve("file"));
        Files.createDirectory(root);
        Files.createSymbolicLink(root.resolve("link"), precious);
        FileTree.remove(root);
        assertTrue(Files.exists(precious.resolve("file")));
        Files.createSymbolicLink(root, precious);
        FileTree.remove(root);
        assertFalse(Files.isSymbolicLink(root));
        assertTrue(Files.exists(precious.resolve("file")));
    }

    @Test
    void shouldKeepWhatItIsTold() throws Exception {
        grow();
        Path file = Files.createFile(root.resolve("kept"));
        FileTree.removeAllBut(root, path -> path.equals(root) || path.equals(file));
        assertEquals(List.of("kept"), List.of(root.toFile().list()));
    }

    @Test
    void shouldNotMindOthersThatRemoveTheSame() throws Exception {
        try (ExecutorService removers = Executors.newFixedThreadPool(REMOVERS)) {
            for (int round = 0; round < 5; round++) {
                grow();
                CyclicBarrier start = new CyclicBarrier(REMOVERS);
                Callable<Void> remover =
                        () -> {
                            start.await();
                            FileTree.remove(root);
                            return null;
                        };
                List<Future<Void>> ends = new ArrayList<>();
                for (int i = 0; i < REMOVERS; i++) {
                    ends.add(removers.submit(remover));
                }
                for (Future<Void> end : ends) {
                    end.get();
                }
                assertFalse(Files.exists(root));
            }
        }
    }
}
