package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** What the next life of a student finds in its replay. A life that is not closed was killed. */
class ReplayFilesTest {
    private static final int BODY = 4096;

    @TempDir private Path directory;

    private Path base() {
        return directory.resolve("student.replay");
    }

    private Path inputs() {
        return directory.resolve("student.replay.inputs");
    }

    private Path targets(String region) {
        return directory.resolve("student.replay.targets." + region);
    }

    private ReplayLife live() {
        ReplayLife life = new ReplayLife(base());
        life.join("vision", 4, 3);
        life.join("language", 1, 6);
        return life;
    }

    private static TeacherRegion region(ReplayLife life, String name) {
        return life.regions.snapshot().find(name);
    }

    @Test
    void shouldTakeUpEveryMomentWithItsTargets() {
        ReplayLife first = live();
        first.feed(0, 100);
        try (ReplayLife second = live()) {
            assertEquals(List.of(), second.troubles);
            for (int n = 100 - ReplayLife.ROWS; n < 100; n++) {
                Moment before = first.trainable(n);
                Moment after = second.trainable(n);
                assertEquals(before.row(), after.row());
                assertEquals(n, after.captureNs());
                assertEquals(-1, first.train.window(before).mismatch(second.train.window(after)));
                assertEquals(-1, first.train.sight(before).mismatch(second.train.sight(after)));
                assertEquals(-1, first.train.sound(before).mismatch(second.train.sound(after)));
                for (String name : List.of("vision", "language")) {
                    TargetColumn was = region(first, name).targets();
                    TargetColumn is = region(second, name).targets();
                    assertEquals(-1, was.at(before).mismatch(is.at(after)));
                    Statistics statistics = is.statistics(after);
                    assertEquals(n < 64 ? 0 : 1, statistics.version());
                    for (int d = 0; d < statistics.dim(); d++) {
                        assertEquals(was.statistics(before).mean(d), statistics.mean(d));
                        assertEquals(was.statistics(before).scale(d), statistics.scale(d));
                    }
                }
                assertTrue(after.pinTrainable());
                after.unpin();
            }
            assertNull(second.trainable(19));
        }
    }

    @Test
    void shouldGoOnWithTheOldestRowAndTheNewestStatistics() {
        live().feed(0, 100);
        try (ReplayLife second = live()) {
            assertEquals(1, region(second, "vision").statistics().version());
            assertSame(
                    region(second, "vision").statistics(),
                    region(second, "vision").targets().statistics(second.trainable(99)));
            Moment oldest = second.trainable(20);
            second.feed(100, 101);
            assertSame(oldest, second.trainable(100));
            assertNull(second.trainable(20));
            second.feed(101, 200);
            assertEquals(2, region(second, "vision").statistics().version());
        }
        try (ReplayLife third = live()) {
            assertEquals(2, region(third, "vision").statistics().version());
            assertEquals(
                    1,
                    region(third, "vision").targets().statistics(third.trainable(150)).version());
        }
    }

    @Test
    void shouldBelieveACheckpointThatKnowsMore() {
        live().feed(0, 80);
        Statistics known;
        try (ReplayLife other = new ReplayLife(directory.resolve("other.replay"))) {
            other.join("vision", 4, 3);
            other.feed(0, 130);
            known = region(other, "vision").statistics();
        }
        assertEquals(2, known.version());
        try (ReplayLife second = new ReplayLife(base())) {
            TeacherRegion vision =
                    second.regions.add(
                            "vision", 4, 3, new TargetSource(Alignment.NONE, "5eed"), known);
            assertSame(known, vision.statistics());
            assertEquals(1, vision.targets().statistics(second.trainable(79)).version());
            second.feed(80, 81);
            assertSame(known, vision.targets().statistics(second.trainable(80)));
        }
    }

    /**
     * Looks at the files after each thing that happens to a moment, as a kill there would leave
     * them.
     */
    @Test
    void shouldDropAMomentAtEachPointOfItsMaking() {
        ReplayLife first = live();
        first.feed(0, ReplayLife.ROWS + 10);
        int n = ReplayLife.ROWS + 10;
        List<Runnable> parts =
                List.of(
                        () -> first.picture(n),
                        () -> first.target(region(first, "vision"), n),
                        () -> first.sound(n));
        for (Runnable part : parts) {
            part.run();
            try (ReplayLife second = live()) {
                assertNull(second.train.find(Scenery.train(n)));
                assertNull(second.train.find(Scenery.train(10)), "its row was taken");
                assertEquals(79, countTrainable(second, 0, n + 1));
                Moment again = second.train.open(Scenery.train(n + 1), n, 0);
                assertEquals(first.train.find(Scenery.train(n)).row(), again.row());
                assertFalse(region(second, "vision").targets().present(again));
                assertFalse(region(second, "language").targets().present(again));
            }
        }
        first.target(region(first, "language"), n);
        try (ReplayLife second = live()) {
            assertNotNull(second.trainable(n));
        }
    }

    private static int countTrainable(ReplayLife life, int from, int to) {
        int count = 0;
        for (int n = from; n < to; n++) {
            count += life.trainable(n) == null ? 0 : 1;
        }
        return count;
    }

    @Test
    void shouldDropATargetThatWasBeingWritten() {
        ReplayLife first = live();
        first.feed(0, 5);
        TeacherRegion late = first.join("touch", 2, 3);
        MemorySegment tooMuch = Scenery.features(1, 12, 1, 0);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> first.assembler.target(late, Scenery.train(3), 0, tooMuch, 0));
        first.target(late, 4);
        try (ReplayLife second = live()) {
            TargetColumn touch = second.join("touch", 2, 3).targets();
            assertTrue(touch.present(second.trainable(4)));
            assertFalse(touch.present(second.trainable(3)));
            assertTrue(region(second, "vision").targets().present(second.trainable(3)));
        }
    }

    /** The region's teacher may come back long after the row was taken for another frame. */
    @Test
    void shouldNotGiveATargetToTheNextFrameInItsRow() {
        live().feed(0, 80);
        try (ReplayLife second = new ReplayLife(base())) {
            second.join("vision", 4, 3);
            second.feed(80, 120);
            TargetColumn language = second.join("language", 1, 6).targets();
            for (int n = 40; n < 120; n++) {
                assertEquals(n < 80, language.present(second.trainable(n)), "frame " + n);
            }
        }
    }

    @Test
    void shouldTakeUpPinnedMoments() {
        ReplayLife first = live();
        first.feed(0, 10);
        assertTrue(first.trainable(3).pinTrainable());
        try (ReplayLife second = live()) {
            assertTrue(second.trainable(3).pinTrainable());
        }
    }

    private interface Change {
        void apply(FileChannel file) throws IOException;
    }

    private static Change put(long at, long value) {
        return file -> {
            ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            file.write(word.putLong(value).flip(), at);
        };
    }

    private static void change(Path path, Change change) throws IOException {
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            change.apply(file);
        }
    }

    /** One line, no moments, and a replay that works and is kept again. */
    private void assertBeginsAnew(String line) {
        try (ReplayLife second = live()) {
            assertEquals(1, second.troubles.size(), () -> second.troubles.toString());
            String said = second.troubles.getFirst();
            assertTrue(said.startsWith("replay begins empty: ") && said.contains(line), said);
            assertEquals(1, said.lines().count());
            second.feed(0, 80);
            assertNotNull(second.trainable(79));
        }
        try (ReplayLife third = live()) {
            assertEquals(List.of(), third.troubles);
            assertEquals(80, countTrainable(third, 0, 80));
        }
    }

    @Test
    void shouldBeginAnewWithInputsThatCannotBe() throws IOException {
        live().feed(0, 80);
        assertBegins(inputs(), put(0, 0), "being created: path=" + inputs() + " magic=0");
        assertBegins(inputs(), put(0, 77), "corrupt: path=" + inputs() + " magic=4d");
        assertBegins(
                inputs(), put(8, 3), "too new: path=" + inputs() + " layoutVersion=3 wanted=2");
        assertBegins(
                inputs(), put(8, 1), "too old: path=" + inputs() + " layoutVersion=1 wanted=2");
        assertBegins(inputs(), put(64, 0xFF), "no UTF-8 text");
        assertBegins(inputs(), file -> file.truncate(5), "bytes=5 at least=4096");
        assertBegins(
                inputs(), file -> file.truncate(0), "being created: path=" + inputs() + " bytes=0");
        assertBegins(inputs(), file -> file.truncate(BODY + 5), "but the header says");
        assertBegins(
                inputs(), put(BODY, Scenery.holdout(3)), "row=0 frameNumber=" + Scenery.holdout(3));
        assertBegins(
                inputs(), put(BODY, Scenery.train(70)), "row=70 frameNumber=" + Scenery.train(70));
    }

    @Test
    void shouldBeginAnewWithTargetsThatCannotBe() throws IOException {
        live().feed(0, 80);
        Path vision = targets("vision");
        long word = BODY + 5 * 80;
        assertBegins(vision, put(word + 8, 6), "row=0 statistics version=6 is not there");
        assertBegins(vision, put(word + 8, -1), "row=0 statistics version=-1 is not there");
        assertBegins(vision, put(word + 8, 3), "row=0 statistics version=3 is not there");
        assertBegins(vision, put(BODY, 0), "statistics version=1 is not there");
        assertBegins(vision, put(BODY + 8, -1), "not statistics");
    }

    private void assertBegins(Path file, Change change, String line) throws IOException {
        change(file, change);
        assertBeginsAnew(line);
    }

    @Test
    void shouldBeginAnewWithWhatAnotherMade() throws IOException {
        for (int i = 0; i < 2; i++) {
            String pairing = i == 0 ? "TRUE" : "PLACEBO";
            try (ReplayLife other =
                    new ReplayLife(
                            base(), ReplayLife.ROWS + 1 - i, "sensor=sensor pairing=" + pairing)) {
                other.feed(0, 80);
            }
            assertBeginsAnew("it does not fit: path=" + inputs() + " holds=\"moments=");
        }
        Files.delete(targets("vision"));
        try (ReplayLife other = new ReplayLife(base())) {
            other.join("vision", 4, 4);
        }
        assertBeginsAnew(
                "it does not fit: path="
                        + targets("vision")
                        + " holds=\"moments=80 tokens=4 dim=4");
    }

    @Test
    void shouldNotTakeUpWhatATeacherOfAnotherEpochHasSaid() {
        live().feed(0, 80);
        try (ReplayLife second = new ReplayLife(base())) {
            TeacherRegion other =
                    second.join("vision", 4, 3, new TargetSource(Alignment.NONE, "2"));
            assertFalse(other.statistics().usable());
            assertFalse(other.targets().present(second.trainable(79)));
            assertEquals(1, second.troubles.size(), () -> second.troubles.toString());
            assertTrue(second.troubles.getFirst().contains("dim=3 epoch=5eed"));
        }
    }

    @Test
    void shouldBeginARegionAnewWhileItsOldTargetsAreStillRead() {
        ReplayLife first = live();
        first.feed(0, 80);
        TeacherRegion old = region(first, "vision");
        Moment moment = first.trainable(79);
        byte[] before = old.targets().at(moment).toArray(ValueLayout.JAVA_BYTE);
        TeacherRegion renewed = first.regions.renew(old, new TargetSource(Alignment.NONE, "2"));
        renewed.present(true);
        assertFalse(renewed.statistics().usable());
        assertFalse(renewed.targets().present(moment));
        first.target(renewed, 79);
        assertTrue(renewed.targets().present(moment));
        assertArrayEquals(before, old.targets().at(moment).toArray(ValueLayout.JAVA_BYTE));
        assertEquals(List.of(), first.troubles);
        try (ReplayLife second = new ReplayLife(base())) {
            TeacherRegion next = second.join("vision", 4, 3, new TargetSource(Alignment.NONE, "2"));
            assertTrue(next.targets().present(second.trainable(79)));
            assertFalse(next.targets().present(second.trainable(78)));
            assertEquals(List.of(), second.troubles);
        }
    }

    @Test
    void shouldNotFollowLinksNorTrustOthers() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        live().feed(0, 80);
        Files.move(inputs(), elsewhere);
        byte[] bytes = Files.readAllBytes(elsewhere);
        Files.createSymbolicLink(inputs(), elsewhere);
        assertBeginsAnew("not a regular file: path=" + inputs());
        assertEquals(
                -1,
                ByteBuffer.wrap(bytes).mismatch(ByteBuffer.wrap(Files.readAllBytes(elsewhere))));
        Files.setPosixFilePermissions(inputs(), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertBeginsAnew("file is writable by others: path=" + inputs());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(inputs())));
    }

    @Test
    void shouldGoOnInMemoryWhereNoFileCanBe() throws IOException {
        Files.createDirectories(inputs().resolve("full"));
        for (int life = 0; life < 2; life++) {
            try (ReplayLife student = live()) {
                assertEquals(2, student.troubles.size(), () -> student.troubles.toString());
                String said = student.troubles.getLast();
                assertTrue(said.startsWith("replay will not outlive this process: "), said);
                student.feed(0, 80);
                assertEquals(80, countTrainable(student, 0, 80));
            }
        }
    }

    @Test
    void shouldReplaceWhatWasNotFinished() throws IOException {
        Files.writeString(directory.resolve(".student.replay.inputs"), "half a file");
        live().feed(0, 80);
        try (ReplayLife second = live();
                Stream<Path> files = Files.list(directory)) {
            assertEquals(80, countTrainable(second, 0, 80));
            assertEquals(
                    List.of(inputs(), targets("language"), targets("vision")),
                    files.sorted().toList());
        }
    }

    @Test
    void shouldRefuseARegionWhoseNameIsNoFile() {
        try (ReplayLife life = live()) {
            life.join("../../x", 1, 3);
            assertEquals(
                    List.of(
                            "replay will not outlive this process: no name for a file: \"targets.../../x\""),
                    life.troubles);
        }
        assertFalse(Files.exists(directory.resolve("x")));
    }

    /** Held-out frames do not even reach the files. */
    @Test
    void shouldKeepNothingThatIsHeldOut() throws IOException {
        ReplayLife life = live();
        life.feed(0, 10);
        byte[] before = Files.readAllBytes(inputs());
        long frame = Scenery.holdout(0);
        life.assembler.picture(frame, 0, Scenery.picture(frame), 0);
        life.assembler.sound(frame, 0, Scenery.sound(frame), 0);
        assertEquals(
                -1,
                ByteBuffer.wrap(before).mismatch(ByteBuffer.wrap(Files.readAllBytes(inputs()))));
    }
}
