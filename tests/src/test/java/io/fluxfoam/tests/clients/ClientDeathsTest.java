package io.fluxfoam.tests.clients;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tests.clients.ClientToys.Proofreader;
import io.fluxfoam.tests.clients.ClientToys.Scribe;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node in C dies just before each of its stores into shared memory and each of its steps in the
 * file system, beside living peers in Java; the next one of its name goes on. The points are named
 * as in DeathsTest: what it was at, and the how-manieth store of that.
 */
@ExtendWith(ClientTools.class)
@Timeout(600)
class ClientDeathsTest {
    private static final String DEATHS = "-DFOAM_DEATHS";
    private static final String VICTIM = "victim";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClientFoam foam;

    @BeforeEach
    void createFoam() throws Exception {
        foam = new ClientFoam(directory);
    }

    @AfterEach
    void removeFoam() throws Exception {
        foam.close();
    }

    @Test
    void shouldSurviveAReaderThatDiesAtAnyPoint() throws Exception {
        Scribe scribe =
                foam.run("scribe", new Scribe(64, 10, 4, Checksum.CRC32C, 1).everyNs(20_000));
        Object[] life = {"read", "scribe/x", "in-order", 0, 300};
        List<String> points = pointsOf(life);
        assertTrue(points.size() > 40, points::toString);
        int deaths = 0;
        for (String point : points) {
            deaths += dies(point, life) ? 1 : 0;
            long commits = scribe.commits();
            eventually("the writer goes on after " + point, () -> scribe.commits() > commits + 50);
            long before = foam.incarnation(VICTIM);
            assertEquals(0, ClientProcess.figure(liveOn(life), "torn"), point);
            assertEquals(before + 1, foam.incarnation(VICTIM), point);
        }
        eventually("lanes are free", () -> foam.lanes("scribe", "x") == 0);
        report(deaths, points);
        foam.assertNoErrors("scribe");
        foam.stopRunners();
        foam.assertSwept();
    }

    @Test
    void shouldSurviveAWriterThatDiesAtAnyPoint() throws Exception {
        Proofreader newest = foam.run("newest", new Proofreader("victim/x", ReadMode.LATEST));
        Proofreader each = foam.run("each", new Proofreader("victim/x", ReadMode.IN_ORDER));
        Object[] life = {"write", "x", 64, 8, 4, 400, 100, true};
        List<String> points = pointsOf(life);
        assertTrue(points.size() > 60, points::toString);
        int deaths = 0;
        for (String point : points) {
            deaths += dies(point, life) ? 1 : 0;
        }
        try (ClientProcess last = foam.start(VICTIM, ClientTools.inC(DEATHS), endless(life))) {
            eventually(
                    "the newest incarnation is read",
                    () ->
                            newest.newestIncarnation() == foam.incarnation(VICTIM)
                                    && each.newestIncarnation() == foam.incarnation(VICTIM));
            last.stop();
            last.figures();
        }
        assertEquals(0, newest.torn());
        assertEquals(0, each.torn());
        report(deaths, points);
        foam.stopRunners();
        foam.assertSwept();
    }

    /** Nobody's luck decides most of them: a lost race, a spared slot, a sleep. */
    private static void report(int deaths, List<String> points) {
        assertTrue(deaths >= points.size() * 3 / 4, deaths + " deaths of " + points);
        System.out.println("deaths=" + deaths + " points=" + points.size() + " " + points);
    }

    /**
     * The points of a second life: of the first only the making of the mark is missing, and it
     * finds nothing to sweep.
     */
    private List<String> pointsOf(Object... life) throws Exception {
        liveOn(life);
        Path file = directory.resolve("points");
        try (ClientProcess full =
                foam.start(
                        VICTIM,
                        Map.of("FOAM_DEATH_POINTS", file.toString()),
                        ClientTools.inC(DEATHS),
                        life)) {
            full.figures();
        }
        List<String> points = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            points.add(line.split(" ")[0]);
        }
        return points;
    }

    /** Whether it came to the point; if it did it is dead, else it lived its life. */
    private boolean dies(String point, Object... life) throws Exception {
        try (ClientProcess dying =
                foam.start(VICTIM, Map.of("FOAM_DIE_AT", point), ClientTools.inC(DEATHS), life)) {
            int exitCode = dying.await();
            assertTrue(
                    exitCode == 0 || exitCode == ClientProcess.KILLED,
                    () -> point + ": " + exitCode + dying.said());
            NodeState expected = exitCode == 0 ? NodeState.STOPPED : NodeState.DEAD;
            boolean hasJoined = !point.startsWith("node.mark"); // else the mark is the one before's
            if (hasJoined && !point.equals("node.begin.1")) {
                assertEquals(expected, foam.mark(VICTIM).state(), point);
            }
            return exitCode != 0;
        }
    }

    private String liveOn(Object... life) throws Exception {
        try (ClientProcess next = foam.start(VICTIM, ClientTools.inC(DEATHS), life)) {
            return next.figures();
        }
    }

    private static Object[] endless(Object... life) {
        Object[] longer = life.clone();
        longer[5] = 0;
        return longer;
    }
}
