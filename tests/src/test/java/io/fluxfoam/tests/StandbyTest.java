package io.fluxfoam.tests;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.liveness.StandbyMark;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.tests.toy.Clock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Two processes of one name: the one lives, the other takes over whatever becomes of the first. */
@Timeout(3600)
class StandbyTest {
    private static final String NODE = "clock";
    private static final long SEED = Long.getLong("seed", 20261129L);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private FoamDirectory foam;
    private final List<ChildJvm> children = new ArrayList<>();
    private int started;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void killAll() {
        children.forEach(ChildJvm::close);
    }

    private ChildJvm start() throws IOException {
        ChildJvm child =
                ChildJvm.start(
                        directory.resolve("clock" + ++started + ".log"),
                        Clock.class,
                        "--foam",
                        foam.path().toString(),
                        "--words",
                        "64",
                        "--standby");
        children.add(child);
        return child;
    }

    private MarkView mark() throws IOException {
        return MarkView.read(foam, NODE);
    }

    private boolean lives(long incarnation) throws IOException {
        return mark().state() == NodeState.ALIVE && mark().incarnation() == incarnation;
    }

    private boolean commits(long incarnation) throws IOException {
        Path control = foam.file(NODE, incarnation, "ticks.control");
        return Files.exists(control) && StreamView.read(control).sequence() > 0;
    }

    private boolean waits(ChildJvm standby) throws IOException {
        return StandbyMark.in(foam).contains(new StandbyMark.Waiting(NODE, standby.pid(), true));
    }

    private ChildJvm startAsStandby() throws Exception {
        ChildJvm standby = start();
        eventually(() -> "it stands by: " + standby.output(), () -> waits(standby));
        return standby;
    }

    private void assertNothingLeftButOf(long incarnation) throws IOException {
        for (FoamDirectory.Owned file : foam.filesOf(NODE)) {
            assertEquals(incarnation, file.incarnation(), file.fileName());
        }
        assertEquals(
                List.of(),
                CountersSnapshot.read(foam.file(NODE, incarnation, "counters")).errors());
    }

    @Test
    void shouldTakeOverWhateverBecomesOfTheFirst() throws Exception {
        ChildJvm first = start();
        eventually("the first lives", () -> lives(1) && commits(1));
        ChildJvm second = startAsStandby();
        ChildJvm third = startAsStandby();
        first.kill();
        eventually("the kernel has chosen one", () -> lives(2) && commits(2));
        boolean isSecond = mark().pid() == second.pid();
        ChildJvm living = isSecond ? second : third;
        ChildJvm waiting = isSecond ? third : second;
        assertEquals(living.pid(), mark().pid());
        assertTrue(waits(waiting), "the other one waits on");
        assertEquals(0, living.terminate(), living::output);
        eventually("who waited takes over from who stopped too", () -> lives(3) && commits(3));
        assertEquals(List.of(), StandbyMark.in(foam));
        eventually(
                "nothing is left",
                () -> foam.filesOf(NODE).stream().allMatch(file -> file.incarnation() == 3));
        assertNothingLeftButOf(3);
        ChildJvm fourth = startAsStandby();
        assertEquals(0, fourth.terminate(), fourth::output);
        assertEquals("", fourth.output());
        assertEquals(List.of(), StandbyMark.in(foam));
        assertTrue(lives(3), "who stood by and was told to stop changes nothing");
        ChildJvm fifth = startAsStandby();
        fifth.kill();
        assertEquals(List.of(), StandbyMark.in(foam), "the dead wait for nothing");
        waiting.kill();
        assertEquals(NodeState.DEAD, mark().state());
        start();
        eventually("a node begins anew", () -> lives(4) && commits(4));
        assertTrue(
                foam.list().stream()
                        .noneMatch(name ->
                                name.contains(".standby-") && !name.endsWith("-" + fifth.pid())),
                () -> children.toString());
    }

    /**
     * {@code -Dkills=1000}: node and standby are killed in either order, at once, or the node
     * alone. Prints how long it takes from the kill to the first commit of the next incarnation.
     */
    @Test
    @Tag("slow")
    void shouldBeBackAThousandTimes() throws Exception {
        int kills = Integer.getInteger("kills", 1_000);
        Random random = new Random(SEED);
        List<Long> takenOver = new ArrayList<>();
        long incarnation = 1;
        ChildJvm living = start();
        eventually("the first lives", () -> lives(1) && commits(1));
        ChildJvm standby = startAsStandby();
        for (int kill = 0; kill < kills; kill++) {
            int how = random.nextInt(4);
            ChildJvm first = how == 1 ? standby : living;
            ChildJvm other = how == 1 ? living : standby;
            long beganNs = System.nanoTime();
            first.kill();
            if (how < 3 && how > 0) {
                Thread.sleep(random.nextInt(4));
                other.kill();
                living = start();
                standby = null;
            } else {
                living = standby;
                while (!commits(incarnation + 1)) {
                    Thread.sleep(1);
                }
                takenOver.add(System.nanoTime() - beganNs);
            }
            ChildJvm expected = living;
            long before = incarnation;
            eventually(
                    () -> "back: seed=" + SEED + " " + expected.output(),
                    () ->
                            mark().state() == NodeState.ALIVE
                                    && mark().pid() == expected.pid()
                                    && mark().incarnation() > before
                                    && commits(mark().incarnation()));
            incarnation = mark().incarnation();
            long now = incarnation;
            eventually(
                    "nothing is left",
                    () -> foam.filesOf(NODE).stream().allMatch(file -> file.incarnation() == now));
            assertNothingLeftButOf(incarnation);
            children.removeIf(child -> !child.isAlive());
            standby = startAsStandby();
        }
        takenOver.sort(null);
        System.out.printf(
                "seed=%d kills=%d takenOver=%d p50Millis=%.1f p99Millis=%.1f maxMillis=%.1f%n",
                SEED,
                kills,
                takenOver.size(),
                takenOver.get(takenOver.size() / 2) / 1e6,
                takenOver.get(takenOver.size() * 99 / 100) / 1e6,
                takenOver.getLast() / 1e6);
    }
}
