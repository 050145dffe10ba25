package io.fluxfoam.liveness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.MortalWords;
import io.fluxfoam.memory.Posix;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

class MarkTest {
    @TempDir Path directory;
    private FoamDirectory foam;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    private Mark acquire() throws IOException {
        return Mark.acquire(
                foam, "ear", "teacher", "host", new String[] {"java", "-cp", "a b", "Main"});
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
        assertFalse(MarkView.read(foam, "ear").followsGoodbye());
        next.stopped();
        next.close();
        next.close();
        assertEquals(NodeState.STOPPED, MarkView.read(foam, "ear").state());
        acquire().close();
        assertTrue(MarkView.read(foam, "ear").followsGoodbye());
    }

    @Test
    void shouldBeginAtTheNumberThatIsAskedForUnlessItIsPast() throws IOException {
        String[] command = {};
        try (Mark mark = Mark.acquire(foam, "ear", "teacher", "host", command, 7)) {
            assertEquals(7, mark.incarnation());
        }
        try (Mark mark = Mark.acquire(foam, "ear", "teacher", "host", command, 3)) {
            assertEquals(8, mark.incarnation());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Mark.acquire(foam, "ear", "teacher", "host", command, 0));
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

    /**
     * A number that was used once is never used again, whatever became of the file that knew it.
     */
    @Test
    void shouldGoOnAfterWhatItsFilesSayWhenItsMarkIsLost() throws IOException {
        acquire().close();
        Files.createFile(foam.file("ear", 7, "counters"));
        Files.createFile(foam.file("ear-2", 9, "counters"));
        Files.write(foam.mark("ear"), new byte[4096]);
        assertEquals(8, acquire().incarnation());
        Files.delete(foam.mark("ear"));
        assertEquals(8, acquire().incarnation());
    }

    @Test
    void shouldSeeInAKeptMarkWhatTheNextStartSays() throws IOException {
        Mark first = Mark.acquire(foam, "ear", "teacher", "host", new String[] {"first"});
        try (PeerMark kept = PeerMark.open(foam, "ear")) {
            assertEquals("teacher", kept.look().role());
            first.close();
            assertEquals(NodeState.DEAD, kept.look().state());
            Mark.acquire(foam, "ear", "student", "host", new String[] {"second", "start"}).close();
            MarkView second = kept.look();
            assertEquals(2, second.incarnation());
            assertEquals("student", second.role());
            assertEquals(List.of("second", "start"), second.command());
        }
    }

    /**
     * Between two looks at a mark, a dead node's successor takes the lock: the successor is not the
     * dead one.
     */
    @Test
    void shouldNotTakeASuccessorForTheDead() throws IOException {
        acquire().close();
        try (MappedFile file = MappedFile.openReadOnly(foam.mark("ear"))) {
            List<Mark> successors = new ArrayList<>();
            MarkView view =
                    MarkView.view(
                            foam.mark("ear"),
                            file.segment(),
                            () -> {
                                if (successors.isEmpty()) {
                                    successors.add(acquire());
                                    return false; // what the kernel said just before
                                }
                                return true;
                            },
                            2_000,
                            null);
            assertEquals(2, view.incarnation());
            assertEquals(NodeState.ALIVE, view.state());
            successors.getFirst().close();
        }
    }

    /**
     * A start that dies between any two of its stores is no clean exit, and its successor has a
     * number of its own.
     */
    @Test
    void shouldCallAStartThatDiedDead() throws IOException {
        Mark first = acquire();
        first.stopped();
        first.close();
        long incarnation = 1;
        int store = 0;
        for (boolean died = true; died; store++) {
            died = diesBefore(store);
            MarkView view = MarkView.read(foam, "ear");
            assertEquals(
                    died && store > 0 ? NodeState.DEAD : NodeState.STOPPED,
                    view.state(),
                    "store=" + store);
            assertTrue(view.incarnation() == incarnation || view.incarnation() == incarnation + 1);
            incarnation = view.incarnation();
            Mark next = acquire();
            assertEquals(++incarnation, next.incarnation());
            next.stopped();
            next.close();
        }
        assertTrue(store > 7, "stores=" + store);
    }

    /** One life from acquire to goodbye that ends before a store; false if it has fewer stores. */
    private boolean diesBefore(int store) throws IOException {
        String[] command = {"x"};
        Mark mark = null;
        try {
            mark =
                    Mark.acquire(
                            foam,
                            "ear",
                            "teacher",
                            "host",
                            command,
                            words -> MortalWords.until(words, store));
            mark.beat(System.nanoTime());
            mark.stopped();
            return false;
        } catch (MortalWords.Death _) {
            return true;
        } finally {
            if (mark != null) {
                mark.close(); // as the kernel does with the lock of the dead
            }
        }
    }

    @Test
    void shouldRefuseAMarkThatContradictsItself() throws IOException {
        acquire().close();
        Path path = foam.mark("ear");
        byte[] good = Files.readAllBytes(path);
        expectCorrupt(path, good, 64, (byte) 'y'); // another name
        expectCorrupt(path, good, 20, (byte) 0x7f); // an incarnation that cannot be
        expectCorrupt(path, good, 259, (byte) 0x7f); // a command line beyond the file
        expectCorrupt(path, good, 64, (byte) 0xff); // no UTF-8
        byte[] badRole = good.clone();
        badRole[128] = '\n';
        Files.write(path, badRole);
        assertEquals("unknown", MarkView.read(foam, "ear").role());
    }

    private void expectCorrupt(Path path, byte[] good, int offset, byte value) throws IOException {
        byte[] bad = good.clone();
        bad[offset] = value;
        Files.write(path, bad);
        LayoutException error =
                assertThrows(LayoutException.class, () -> MarkView.read(foam, "ear"));
        assertEquals(LayoutException.Kind.CORRUPT, error.kind());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void shouldRefuseANameWhoseHolderHasOnlyJustBegun() throws IOException {
        Path path = foam.mark("ear");
        int fd = Posix.open(path, true);
        try {
            assertTrue(Posix.tryLock(fd));
            NameTakenException error = assertThrows(NameTakenException.class, this::acquire);
            assertTrue(error.getMessage().contains("name=ear (being created"), error.getMessage());
        } finally {
            Posix.close(fd);
        }
    }

    @Test
    void shouldKnowWhichIncarnationHasEnded() throws IOException {
        Mark first = acquire();
        try (PeerMark peer = PeerMark.open(foam, "ear")) {
            assertFalse(peer.hasEnded(1));
            first.close();
            assertTrue(peer.hasEnded(1));
            Mark second = acquire();
            assertTrue(peer.hasEnded(1));
            assertFalse(peer.hasEnded(2));
            assertTrue(peer.isCurrent());
            Files.delete(foam.mark("ear"));
            assertTrue(peer.isCurrent(), "gone is not replaced");
            Mark other = acquire();
            assertFalse(peer.isCurrent());
            assertFalse(peer.hasEnded(2), "its process still lives");
            second.close();
            assertTrue(peer.hasEnded(2));
            other.close();
        }
    }

    @Test
    void shouldRefuseADirectoryThatOthersMayEnter() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(
                assertThrows(IOException.class, () -> FoamDirectory.create(open))
                        .getMessage()
                        .contains("mode=755"));
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
