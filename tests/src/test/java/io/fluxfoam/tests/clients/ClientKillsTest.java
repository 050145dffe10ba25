package io.fluxfoam.tests.clients;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tests.clients.ClientToys.Proofreader;
import io.fluxfoam.tests.clients.ClientToys.Scribe;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Readers and writers in C and Python are killed at random instants, in a foam with Java peers that
 * read and write. {@code -Dclients.kills=} says how many kills the long form makes.
 */
@ExtendWith(ClientTools.class)
@Timeout(7_200)
class ClientKillsTest {
    private static final long SEED = Long.getLong("seed", 20261123L);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Random random = new Random(SEED);
    private final Map<String, ClientProcess> clients = new LinkedHashMap<>();
    private final Map<String, Proofreader> proofreaders = new LinkedHashMap<>();
    private ClientFoam foam;
    private Scribe scribe;

    @BeforeEach
    void createFoam() throws Exception {
        foam = new ClientFoam(directory);
    }

    @AfterEach
    void removeFoam() throws Exception {
        foam.close();
    }

    @Test
    void shouldGoOnWhoeverIsKilled() throws Exception {
        kill(24);
    }

    @Test
    @Tag("slow")
    void shouldGoOnWhoeverIsKilledInTheLongRun() throws Exception {
        kill(Integer.getInteger("clients.kills", 4_000));
    }

    private void start(String name) throws IOException, InterruptedException {
        List<String> program = name.startsWith("c-") ? ClientTools.inC() : ClientTools.inPython();
        Object[] life =
                name.endsWith("reader")
                        ? new Object[] {
                            "read", "scribe/x", random.nextBoolean() ? "latest" : "in-order", 0, 0
                        }
                        : new Object[] {"write", "x", 256, 12, 6, 0, 200, true};
        clients.put(name, foam.start(name, program, life));
    }

    /** Whether it has begun this incarnation, and has read, or was read by a Java peer. */
    private boolean isAtWork(String name, long incarnation) {
        if (foam.incarnation(name) < incarnation) {
            return false;
        }
        if (proofreaders.containsKey(name)) {
            return proofreaders.get(name).newestIncarnation() == incarnation;
        }
        return leases(name) > 0;
    }

    private double leases(String reader) {
        try {
            return foam.counters(reader).number(FabricCounters.READ_LEASES.of("scribe/x"));
        } catch (IOException e) {
            return 0;
        }
    }

    private void kill(int kills) throws Exception {
        scribe = foam.run("scribe", new Scribe(256, 16, 8, Checksum.CRC32C, random.nextLong()));
        for (String writer : List.of("c-writer", "py-writer")) {
            ReadMode mode = writer.startsWith("c") ? ReadMode.IN_ORDER : ReadMode.LATEST;
            proofreaders.put(
                    writer, foam.run("of-" + writer, new Proofreader(writer + "/x", mode)));
        }
        List<String> names = List.of("c-reader", "py-reader", "c-writer", "py-writer");
        for (String name : names) {
            start(name);
        }
        Map<String, Long> incarnations = new LinkedHashMap<>();
        names.forEach(name -> incarnations.put(name, 1L));
        for (int i = 0; i < kills; i++) {
            String victim = names.get(i < 4 ? i : random.nextInt(4));
            long incarnation = incarnations.get(victim);
            if (random.nextInt(4) != 0) { // else perhaps while it starts
                eventually(victim + " is at work", () -> isAtWork(victim, incarnation));
            }
            Thread.sleep(random.nextInt(60));
            assertTrue(clients.get(victim).isAlive(), () -> clients.get(victim).said());
            clients.get(victim).kill();
            incarnations.put(victim, foam.incarnation(victim) + 1);
            start(victim);
            assertNobodyStalls(names, victim);
        }
        for (String name : names) {
            eventually(name + " is back", () -> isAtWork(name, incarnations.get(name)));
        }
        finish(names);
        System.out.println("seed=" + SEED + " kills=" + kills + " incarnations=" + incarnations);
    }

    private void assertNobodyStalls(List<String> names, String victim) throws Exception {
        long commits = scribe.commits();
        eventually("Java goes on writing", () -> scribe.commits() > commits);
        for (String reader : List.of("c-reader", "py-reader")) {
            double before = leases(reader);
            if (!reader.equals(victim) && before > 0) {
                eventually(reader + " goes on reading", () -> leases(reader) > before);
            }
        }
        for (Map.Entry<String, Proofreader> one : proofreaders.entrySet()) {
            long before = one.getValue().reads();
            if (!one.getKey().equals(victim) && before > 0) {
                eventually(
                        one.getKey() + " is read on",
                        () ->
                                one.getValue().reads() > before
                                        || !clients.get(one.getKey()).isAlive());
            }
        }
    }

    private void finish(List<String> names) throws Exception {
        for (String name : names) {
            clients.get(name).stop();
            String figures = clients.get(name).figures();
            if (name.endsWith("reader")) {
                assertEquals(0, ClientProcess.figure(figures, "torn"), figures);
                assertEquals(0, ClientProcess.figure(figures, "back"), figures);
            }
        }
        eventually("lanes are free", () -> foam.lanes("scribe", "x") == 0);
        for (Proofreader proofreader : proofreaders.values()) {
            assertEquals(0, proofreader.torn());
        }
        foam.assertStopped(names.toArray(String[]::new));
        foam.assertNoErrors("scribe", "of-c-writer", "of-py-writer");
        foam.assertNoErrors(names.toArray(String[]::new));
        foam.stopRunners();
        foam.assertSwept();
    }
}
