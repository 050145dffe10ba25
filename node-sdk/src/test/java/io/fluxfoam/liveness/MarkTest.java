package io.fluxfoam.liveness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.memory.LayoutException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkTest {
    @TempDir Path directory;
    private FoamDirectory foam;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    private Mark acquire() throws IOException {
        return Mark.acquire(foam, "ear", "teacher", "host", new String[] {"java", "-cp", "a b", "Main"});
    }

    @Test
    void shouldTellAliveFromDeadFromStopped() throws IOException {
        Mark mark = acquire();
        MarkView alive = MarkView.read(foam, "ear");
        assertEquals(NodeState.ALIVE, alive.state());
        assertEquals(1, alive.incarnation());
        assertEquals(ProcessHandle.current().pid(), alive.pid());
        assertEquals("teacher", alive.role());
        assertEquals(List.of("java", "-cp", "a b", "Main"), alive.command());
        mark.close();
        assertEquals(NodeState.DEAD, MarkView.read(foam, "ear").state());
        Mark next = acquire();
        assertEquals(2, next.incarnation());
        next.stopped();
        next.close();
        next.close();
        assertEquals(NodeState.STOPPED, MarkView.read(foam, "ear").state());
    }

    @Test
    void shouldCallALivingNodeStalledWhenItsHeartStandsStill() throws IOException {
        try (Mark mark = acquire()) {
            mark.beat(System.nanoTime() - 3_000_000_000L);
            assertEquals(NodeState.STALLED, MarkView.read(foam, "ear").state());
            mark.beat(System.nanoTime());
            assertEquals(NodeState.ALIVE, MarkView.read(foam, "ear").state());
        }
    }

    @Test
    void shouldRefuseASecondProcessOfTheSameName() throws IOException {
        try (Mark mark = acquire()) {
            NameTakenException error = assertThrows(NameTakenException.class, this::acquire);
            assertTrue(error.getMessage().contains("name=ear state=ALIVE"), error.getMessage());
            assertEquals(1, mark.incarnation());
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAMarkFile() throws IOException {
        acquire().close();
        Path path = foam.mark("ear");
        byte[] bytes = Files.readAllBytes(path);
        bytes[8] = 9;
        Files.write(path, bytes);
        assertEquals(
                LayoutException.Kind.TOO_NEW,
                assertThrows(LayoutException.class, () -> MarkView.read(foam, "ear")).kind());
        assertThrows(LayoutException.class, this::acquire);
        Files.write(path, new byte[10]);
        assertEquals(
                LayoutException.Kind.BEING_CREATED,
                assertThrows(LayoutException.class, () -> MarkView.read(foam, "ear")).kind());
        Files.write(path, new byte[4096]);
        assertEquals(1, acquire().incarnation());
    }

    @Test
    void shouldRefuseADirectoryThatOthersMayEnter() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(
                assertThrows(IOException.class, () -> FoamDirectory.create(open)).getMessage().contains("mode=755"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), foam.path());
        assertThrows(IOException.class, () -> FoamDirectory.open(link));
        assertThrows(IOException.class, () -> FoamDirectory.open(directory.resolve("nowhere")));
    }

    @Test
    void shouldLetNoNameLeaveTheFoam() {
        for (String bad : List.of("", "..", "a/b", "A", "a.b", "-a", "a\0", "a".repeat(49))) {
            assertThrows(IllegalArgumentException.class, () -> Names.check("node", bad), bad);
        }
    }
}
