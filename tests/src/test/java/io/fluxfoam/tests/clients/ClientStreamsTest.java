package io.fluxfoam.tests.clients;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * C and Python read what Java writes at full speed, and Java what they write: tensors of random
 * sizes, every word looked at, none torn. {@code -Dclients.c=} and {@code -Dclients.python=} say
 * how many reads the long form verifies.
 */
@ExtendWith(ClientTools.class)
@Timeout(7_200)
class ClientStreamsTest {
    private static final long SEED = Long.getLong("seed", 20261123L);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Random random = new Random(SEED);
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
    void shouldReadWhatJavaWrites() throws Exception {
        readFromJava(50_000, 5_000);
    }

    @Test
    @Tag("slow")
    void shouldReadWhatJavaWritesInTheLongRun() throws Exception {
        readFromJava(
                Long.getLong("clients.c", 10_000_000L), Long.getLong("clients.python", 1_000_000L));
    }

    private void readFromJava(long inC, long inPython) throws Exception {
        int readers = 6;
        foam.run(
                "scribe",
                new Scribe(
                        512,
                        2 * readers + 2 + random.nextInt(8),
                        2 * readers,
                        Checksum.CRC32C,
                        random.nextLong()));
        List<ClientProcess> processes =
                List.of(
                        foam.start(
                                "c-latest",
                                ClientTools.inC(),
                                "read",
                                "scribe/x",
                                "latest",
                                0,
                                inC),
                        foam.start(
                                "c-order",
                                ClientTools.inC(),
                                "read",
                                "scribe/x",
                                "in-order",
                                0,
                                inC),
                        foam.start(
                                "py-latest",
                                ClientTools.inPython(),
                                "read",
                                "scribe/x",
                                "latest",
                                0,
                                inPython),
                        foam.start(
                                "py-order",
                                ClientTools.inPython(),
                                "read",
                                "scribe/x",
                                "in-order",
                                0,
                                inPython));
        long missed = 0;
        for (ClientProcess process : processes) {
            String figures = process.figures();
            assertEquals(0, ClientProcess.figure(figures, "torn"), figures);
            assertEquals(0, ClientProcess.figure(figures, "back"), figures);
            missed += ClientProcess.figure(figures, "missed");
            System.out.println("seed=" + SEED + " " + figures);
        }
        assertTrue(missed > 0, "no reader was ever lapped");
        eventually("lanes are free", () -> foam.lanes("scribe", "x") == 0);
        foam.assertStopped("c-latest", "c-order", "py-latest", "py-order");
        foam.assertNoErrors("scribe", "c-latest", "c-order", "py-latest", "py-order");
        foam.stopRunners();
        foam.assertSwept();
    }

    @Test
    void shouldWriteWhatJavaReads() throws Exception {
        writeForJava(20_000, 2_000);
    }

    @Test
    @Tag("slow")
    void shouldWriteWhatJavaReadsInTheLongRun() throws Exception {
        writeForJava(
                Long.getLong("clients.c", 10_000_000L), Long.getLong("clients.python", 1_000_000L));
    }

    private void writeForJava(long inC, long inPython) throws Exception {
        ClientProcess c =
                foam.start("c-writer", ClientTools.inC(), "write", "x", 512, 12, 8, 0, 0, true);
        ClientProcess python =
                foam.start(
                        "py-writer", ClientTools.inPython(), "write", "x", 512, 12, 8, 0, 0, true);
        List<Proofreader> proofreaders =
                List.of(
                        foam.run("c-newest", new Proofreader("c-writer/x", ReadMode.LATEST)),
                        foam.run("c-each", new Proofreader("c-writer/x", ReadMode.IN_ORDER)),
                        foam.run("py-newest", new Proofreader("py-writer/x", ReadMode.LATEST)),
                        foam.run("py-each", new Proofreader("py-writer/x", ReadMode.IN_ORDER)));
        for (int i = 0; i < proofreaders.size(); i++) {
            Proofreader proofreader = proofreaders.get(i);
            long wanted = i < 2 ? inC : inPython;
            while (proofreader.reads() < wanted && c.isAlive() && python.isAlive()) {
                Thread.sleep(10);
            }
            assertTrue(c.isAlive() && python.isAlive(), () -> c.said() + python.said());
        }
        foam.stopRunners();
        c.stop();
        python.stop();
        System.out.println(
                "seed="
                        + SEED
                        + " c "
                        + c.figures()
                        + " python "
                        + python.figures()
                        + " reads="
                        + proofreaders.stream().map(Proofreader::reads).toList());
        for (Proofreader proofreader : proofreaders) {
            assertEquals(0, proofreader.torn());
        }
        foam.assertStopped("c-writer", "py-writer");
        foam.assertNoErrors("c-writer", "py-writer", "c-newest", "c-each", "py-newest", "py-each");
        foam.assertSwept();
    }

    @Test
    void shouldReadAndWriteInPythonAlone() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "ctypes alone is for x86-64");
        Map<String, String> pure = Map.of("FLUXFOAM_PURE", "1");
        foam.run("scribe", new Scribe(32, 14, 8, Checksum.CRC32C, random.nextLong()));
        ClientProcess writer =
                foam.start(
                        "pure-writer",
                        pure,
                        ClientTools.inPython(),
                        "write",
                        "x",
                        32,
                        12,
                        6,
                        0,
                        0,
                        true);
        Proofreader proofreader =
                foam.run("of-pure", new Proofreader("pure-writer/x", ReadMode.IN_ORDER));
        for (String mode : List.of("latest", "in-order")) {
            String figures =
                    foam.start(
                                    "pure-reader",
                                    pure,
                                    ClientTools.inPython(),
                                    "read",
                                    "scribe/x",
                                    mode,
                                    0,
                                    1_000)
                            .figures();
            assertEquals(0, ClientProcess.figure(figures, "torn"), figures);
            assertEquals(0, ClientProcess.figure(figures, "back"), figures);
        }
        eventually("Java reads it", () -> proofreader.reads() > 500);
        writer.stop();
        writer.figures();
        assertEquals(0, proofreader.torn());
        foam.assertStopped("pure-writer", "pure-reader");
        foam.assertNoErrors("scribe", "of-pure", "pure-writer", "pure-reader");
        foam.stopRunners();
        foam.assertSwept();
    }

    /**
     * Without the look behind the announcement there must be torn tensors, or the rest proves
     * nothing.
     */
    @Test
    void shouldTearWithoutTheSecondLook() throws Exception {
        foam.run("scribe", new Scribe(64, 6, 4, Checksum.NONE, random.nextLong()));
        long torn = 0;
        for (int attempt = 0; attempt < 50 && torn == 0; attempt++) {
            String figures =
                    foam.start(
                                    "blind",
                                    ClientTools.inC("-DFOAM_WITHOUT_SECOND_LOOK"),
                                    "read",
                                    "scribe/x",
                                    "latest",
                                    0,
                                    20_000)
                            .figures();
            torn = ClientProcess.figure(figures, "torn");
        }
        assertTrue(torn > 0);
    }
}
