package io.fluxfoam.tape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.FoamDirectory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

@Timeout(60)
class TapeTest {
    @TempDir Path directory;
    private FoamDirectory foam;
    private Path tape;
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
        tape = directory.resolve("tape");
    }

    private Path file(int number) {
        return tape.resolve("tape-00000" + number + ".mcap");
    }

    private List<String> read() throws IOException {
        notices.clear();
        return TapeFixture.read(tape, notices::add);
    }

    private String onlyNotice() {
        assertEquals(1, notices.size(), notices::toString);
        assertEquals(1, notices.getFirst().lines().count(), notices::toString);
        return notices.getFirst();
    }

    @Test
    void shouldGiveBackWhatWasWritten() throws IOException {
        List<String> lines = TapeFixture.write(tape, foam);
        assertEquals(9, lines.size(), lines::toString);
        assertEquals("session 1", lines.getFirst());
        assertTrue(lines.get(1).contains("epoch=é"), lines::toString);
        assertTrue(lines.get(1).contains("reads=sensor/picture,*/features"), lines::toString);
        assertTrue(lines.get(2).startsWith("ear/x 1 1 "), lines::toString);
        assertTrue(lines.get(3).startsWith("ear/x 1 2 "), lines::toString);
        assertTrue(lines.get(4).contains("\"facts\":{\"a\":1}"), lines::toString);
        assertEquals("ended ear1false", lines.get(5));
        assertTrue(lines.get(7).startsWith("ear/x 2 1 "), lines::toString);
        assertEquals("ended ear2true", lines.get(8));
        assertEquals(lines, read());
        assertEquals(List.of(), notices);
    }

    /** Where each record of a whole file ends. */
    private List<Long> ends() throws IOException {
        List<Long> ends = new ArrayList<>();
        try (McapReader reader = new McapReader(file(1), TapeLayout.head(), false)) {
            while (reader.next() == McapReader.Step.MESSAGE) {
                ends.add(reader.at());
            }
        }
        return ends;
    }

    @Test
    void shouldReadATapeThatIsCutToTheCut() throws IOException {
        cut(7);
    }

    @Test
    @Tag("slow")
    void shouldReadATapeThatIsCutAtAnyByteToTheCut() throws IOException {
        cut(1);
    }

    private void cut(int every) throws IOException {
        List<String> whole = TapeFixture.write(tape, foam);
        byte[] good = Files.readAllBytes(file(1));
        List<Long> ends = ends();
        assertEquals(whole.size(), ends.size());
        for (int length = 0; length < good.length; length += every) {
            Files.write(file(1), Arrays.copyOf(good, length));
            long cutAt = length;
            int left = (int) ends.stream().filter(end -> end <= cutAt).count();
            assertEquals(whole.subList(0, left), read());
            onlyNotice();
        }
        Files.write(file(1), good);
        assertEquals(whole, read());
        assertEquals(List.of(), notices);
    }

    @Test
    void shouldSayOfEachByteThatIsDamaged() throws IOException {
        List<String> whole = TapeFixture.write(tape, foam);
        byte[] good = Files.readAllBytes(file(1));
        List<Long> ends = ends();
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            Files.write(file(1), bad);
            List<String> lines = read();
            onlyNotice();
            long damagedAt = at;
            int before = (int) ends.stream().filter(end -> end <= damagedAt).count();
            boolean isHead = at < TapeLayout.head().length;
            assertTrue(isHead || lines.size() >= before, "at=" + at + " " + lines);
            assertTrue(isPartOf(whole, lines), "at=" + at + " " + lines);
        }
    }

    /** Whatever is left out, the rest is as it was and in its order. */
    private static boolean isPartOf(List<String> whole, List<String> part) {
        int at = 0;
        for (String line : part) {
            while (at < whole.size() && !whole.get(at).equals(line)) {
                at++;
            }
            if (at++ >= whole.size()) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldFinishWhatADeadRecorderLeftAndGoOn() throws IOException {
        TapeFixture.write(tape, foam);
        byte[] good = Files.readAllBytes(file(1));
        for (int length = 0; length < good.length; length += 101) {
            Files.deleteIfExists(file(2));
            Files.write(file(1), Arrays.copyOf(good, length));
            List<String> cut = read();
            Files.writeString(tape.resolve("somebody.txt"), "else");
            notices.clear();
            try (TapeWriter next = TapeFixture.open(tape, notices::add);
                    TapeFixture ear = new TapeFixture(foam, 3)) {
                onlyNotice();
                next.joined(ear.manifest());
                assertTrue(ear.tensor(next, new Random(length)));
            }
            List<String> lines = read();
            assertEquals(List.of(), notices);
            assertEquals(cut, lines.subList(0, cut.size()));
            assertTrue(lines.getLast().startsWith("ear/x 3 1 "), lines::toString);
            assertTrue(Files.exists(tape.resolve("somebody.txt")));
        }
    }

    @Test
    void shouldKnowWhatIsOnItWhenItGoesOn() throws IOException {
        TapeFixture.write(tape, foam);
        try (TapeFixture ear = new TapeFixture(foam, 3);
                TapeWriter next = TapeFixture.open(tape, notices::add)) {
            next.joined(ear.manifest());
            ear.tensor(next, new Random(1));
            ear.tensor(next, new Random(2));
        }
        try (TapeWriter next = TapeFixture.open(tape, notices::add)) {
            assertEquals(3, next.state().incarnation("ear"));
            assertTrue(next.state().living("ear").isPresent());
            assertEquals(2, next.state().sequence("ear/x", 3));
            assertEquals(0, next.state().sequence("ear/x", 4));
        }
        assertEquals(List.of(), notices);
    }

    @Test
    void shouldBeginANewFileWhenOneIsFull() throws IOException {
        TapeWriter.Bounds bounds = new TapeWriter.Bounds(Long.MAX_VALUE, 8_192);
        try (TapeFixture ear = new TapeFixture(foam, 1);
                TapeWriter next = TapeWriter.open(tape, 1, bounds, notices::add)) {
            next.joined(ear.manifest());
            for (int i = 0; i < 100; i++) {
                assertTrue(ear.tensor(next, new Random(i)));
            }
        }
        assertTrue(Files.exists(file(3)));
        List<String> tensors = read().stream().filter(line -> line.startsWith("ear/x")).toList();
        assertEquals(100, tensors.size());
        assertTrue(tensors.getLast().startsWith("ear/x 1 100 "));
        Files.delete(file(1));
        assertTrue(read().get(1).startsWith("joined "), "each file says who lives");
    }

    @Test
    void shouldNotBecomeLargerThanItsLimit() throws IOException {
        for (long limit : new long[] {1, 5_000, 20_000, 50_000}) {
            Path bounded = directory.resolve("limit" + limit);
            TapeWriter.Bounds bounds = new TapeWriter.Bounds(limit, 12_000);
            int written = 0;
            try (TapeFixture ear = new TapeFixture(foam, 1);
                    TapeWriter next = TapeWriter.open(bounded, 1, bounds, notices::add)) {
                for (boolean goesOn = next.joined(ear.manifest()); goesOn; written++) {
                    goesOn = ear.tensor(next, new Random(written));
                }
            }
            long bytes = 0;
            for (Path file : new TapeDirectory(bounded).files()) {
                bytes += Files.size(file);
            }
            assertTrue(bytes <= limit, "bytes=" + bytes + " limit=" + limit);
            assertTrue(limit < 20_000 || bytes > limit / 3, "bytes=" + bytes + " limit=" + limit);
        }
    }

    @Test
    void shouldRefuseATapeThatIsAnothers() throws IOException {
        TapeFixture.write(tape, foam);
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> TapeWriter.open(tape, 2, TapeWriter.Bounds.NONE, notices::add));
        assertTrue(e.getMessage().startsWith("the tape is of another foam"), e.getMessage());
        try (TapeWriter _ = TapeFixture.open(tape, notices::add)) {
            e = assertThrows(IOException.class, () -> TapeFixture.open(tape, notices::add));
            assertTrue(e.getMessage().startsWith("another recorder writes this tape: path="));
        }
        Path empty = Files.createDirectory(directory.resolve("empty"));
        e = assertThrows(IOException.class, () -> new TapeReader(empty, notices::add));
        assertEquals("no tape here: path=" + empty, e.getMessage());
        assertFalse(Files.exists(empty.resolve("tape.lock")));
    }
}
