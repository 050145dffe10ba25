package io.fluxfoam.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

class NativeCacheTest {
    private final String before = System.getProperty(NativeCache.PROPERTY);
    @TempDir Path directory;

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(NativeCache.PROPERTY);
        } else {
            System.setProperty(NativeCache.PROPERTY, before);
        }
    }

    @Test
    void shouldTakeTheFirstFolderThatCanBeUsedAndLeaveNothingInIt() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path good = directory.resolve("a/b");
        assertEquals(
                good, NativeCache.choose(List.of(file, good, directory.resolve("never made"))));
        try (var left = Files.list(good)) {
            assertEquals(0, left.count());
        }
        assertTrue(Files.notExists(directory.resolve("never made")));
    }

    @Test
    void shouldSayOfEachFolderWhyItCannotBeUsed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path below = file.resolve("below");
        IOException e =
                assertThrows(IOException.class, () -> NativeCache.choose(List.of(file, below)));
        assertEquals(
                "no folder to unpack libraries to: exists already: path="
                        + file
                        + ", Not a directory: path="
                        + below
                        + " (name another folder:"
                        + " JAVA_TOOL_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=FOLDER)",
                e.getMessage());
    }

    @Test
    void shouldSayWhereAndWhyALibraryWasNotLoaded() {
        System.setProperty(NativeCache.PROPERTY, directory.toString());
        IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                NativeCache.load(() -> {
                                    assertEquals(
                                            directory.toString(),
                                            System.getProperty(NativeCache.PROPERTY));
                                    throw new ExceptionInInitializerError(
                                            new IOException("No space left on device"));
                                }));
        assertEquals(
                "library not loaded: path="
                        + directory
                        + " freeBytes=N No space left on device (name another folder:"
                        + " JAVA_TOOL_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=FOLDER)",
                e.getMessage().replaceFirst("freeBytes=\\d+", "freeBytes=N"));
    }

    @Test
    void shouldTrustAFolderWhereEverybodyWritesOnlyIfItIsItsOwn() throws Exception {
        Path own = directory.resolve("own");
        NativeCache.createPrivate(own);
        NativeCache.createPrivate(own);
        Path link = Files.createSymbolicLink(directory.resolve("link"), own);
        assertThrows(IOException.class, () -> NativeCache.createPrivate(link));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwx---"));
        IOException e = assertThrows(IOException.class, () -> NativeCache.createPrivate(own));
        assertEquals("open to others: path=" + own, e.getMessage());
    }
}
