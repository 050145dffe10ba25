package io.fluxfoam.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class PeersTest {
    private static final String DEATHS_OF_EAR = "peer.ear.deadIncarnation";
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir Path directory;
    private final List<Exception> errors = new ArrayList<>();
    private FoamDirectory foam;
    private Counters counters;
    private Peers peers;
    private long nowNs;

    @BeforeEach
    void look() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
        counters = Counters.create(foam.file("eye", 1, "counters"), 1);
        peers = new Peers(foam, "eye", 1, counters, errors::add);
    }

    @AfterEach
    void close() {
        peers.close();
    }

    private Mark start(String name) throws IOException {
        return Mark.acquire(foam, name, "toy", "host", new String[] {"java"});
    }

    private void refreshLater() throws IOException {
        nowNs += 2 * SECOND_NS;
        peers.refresh(nowNs);
    }

    private NodeState stateOf(String name) {
        return peers.peer(name).map(PeerView::state).orElse(null);
    }

    /**
     * The directory does not change when the cause of the trouble goes away, so nothing but a
     * further try can tell.
     */
    @Test
    void shouldAdmitOneThatCouldNotBeOpenedAtFirst() throws IOException {
        try (Mark mark = start("ear")) {
            Files.setPosixFilePermissions(
                    foam.mark("ear"), PosixFilePermissions.fromString("rw-rw----"));
            refreshLater();
            refreshLater();
            assertEquals(null, stateOf("ear"));
            assertEquals(1, errors.size(), "told once: " + errors);
            Files.setPosixFilePermissions(
                    foam.mark("ear"), PosixFilePermissions.fromString("rw-------"));
            mark.beat(System.nanoTime());
            refreshLater();
            assertEquals(NodeState.ALIVE, stateOf("ear"));
        }
    }

    @Test
    void shouldNotCallACleanEndBetweenTwoLooksADeath() throws IOException {
        Mark first = start("ear");
        refreshLater();
        first.stopped();
        first.close();
        Mark second = start("ear");
        refreshLater();
        assertFalse(values().containsKey(DEATHS_OF_EAR), "after a goodbye: " + values());
        second.close();
        Mark third = start("ear");
        refreshLater();
        assertEquals(2L, values().get(DEATHS_OF_EAR), "without one");
        third.close();
        refreshLater();
        assertEquals(3L, values().get(DEATHS_OF_EAR), "seen dead");
        assertTrue(errors.isEmpty(), errors::toString);
    }

    private Map<String, Number> values() throws IOException {
        return CountersSnapshot.read(foam.file("eye", 1, "counters")).values();
    }

    @Test
    void shouldSweepTheOthersWhenOneCannotBeSwept() throws IOException {
        for (String name : List.of("ear", "nose", "tongue")) {
            start(name).close();
            Files.createFile(foam.file(name, 1, "x.payload"));
        }
        Path folder = Files.createDirectory(foam.file("nose", 1, "x.control"));
        Files.createFile(folder.resolve("not-ours"));
        refreshLater();
        new Cleaner(foam, peers, errors::add).sweep(peers.all());
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.getFirst().getMessage().contains(folder.toString()), errors::toString);
        assertFalse(Files.exists(foam.file("ear", 1, "x.payload")));
        assertFalse(Files.exists(foam.file("tongue", 1, "x.payload")));
    }
}
