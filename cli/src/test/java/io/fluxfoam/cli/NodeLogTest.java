package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class NodeLogTest {
    @TempDir Path directory;

    @Test
    void shouldKeepTheNewestOutputInBoundedFiles() throws Exception {
        NodeLog log = new NodeLog(directory.resolve("sensor.log"));
        String output = "a line that says nothing new\n".repeat(100_000) + "the last line\n";
        log.follow(new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)));
        log.awaitEnd();

        assertEquals("the last line", log.lastLine());
        long kept = Files.size(directory.resolve("sensor.log"));
        long before = Files.size(directory.resolve("sensor.log.1"));
        assertTrue(kept <= NodeLog.MAX_BYTES && before <= NodeLog.MAX_BYTES, kept + " " + before);
        assertEquals(2, directory.toFile().list().length);
        assertTrue(Files.readString(directory.resolve("sensor.log")).endsWith("the last line\n"));
    }

    @Test
    void shouldGoOnWhenTheFileCannotBeWritten() throws Exception {
        NodeLog log = new NodeLog(directory.resolve("missing/sensor.log"));
        log.follow(new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8)));
        log.awaitEnd();
        assertEquals("two", log.lastLine());
    }

    @Test
    void shouldWriteThroughNoLink() throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "kept");
        for (Path target : new Path[] {precious, directory.resolve("new")}) {
            Path file = directory.resolve("sensor.log");
            Files.deleteIfExists(file);
            Files.createSymbolicLink(file, target);
            NodeLog log = new NodeLog(file);
            log.follow(new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8)));
            log.awaitEnd();
            assertEquals("two", log.lastLine());
            assertTrue(Files.isSymbolicLink(file));
        }
        assertEquals("kept", Files.readString(precious));
        assertFalse(Files.exists(directory.resolve("new")));
    }

    @Test
    void shouldLetNobodyElseReadIt() throws Exception {
        NodeLog log = new NodeLog(directory.resolve("sensor.log"));
        log.follow(new ByteArrayInputStream("one\n".getBytes(StandardCharsets.UTF_8)));
        log.awaitEnd();
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(directory.resolve("sensor.log")));
    }
}
