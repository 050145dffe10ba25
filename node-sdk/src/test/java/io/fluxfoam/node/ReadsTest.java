package io.fluxfoam.node;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.node.Toys.Idler;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a manifest says that its node reads. */
@Timeout(60)
class ReadsTest {
    @TempDir Path directory;

    /** Does this in its onStart. */
    private interface Start {
        void declare(Node node);
    }

    private Manifest manifestOf(Start start) throws Exception {
        Idler agent =
                new Idler() {
                    @Override
                    public void onStart(Node started) throws Exception {
                        super.onStart(started);
                        start.declare(started);
                    }
                };
        Path foam = directory.resolve("foam");
        try (NodeRunner _ =
                NodeRunner.launch(new NodeContext().foam(foam).name("toy").role("toy"), agent)) {
            FoamDirectory opened = FoamDirectory.open(foam);
            eventually("the manifest is there", () -> opened.list().contains("toy.1.manifest"));
            agent.node.subscribe("late/x", ReadMode.LATEST);
            assertThrows(IllegalStateException.class, () -> agent.node.reads("late/y"));
            return ManifestFile.read(opened.file("toy", 1, "manifest")).orElseThrow();
        }
    }

    @Test
    void shouldSayWhatWasSubscribedToAndWhatWasDeclaredOnce() throws Exception {
        Manifest manifest =
                manifestOf(node -> {
                    node.subscribe("camera/picture", ReadMode.LATEST);
                    node.reads("*/features");
                    node.subscribe("camera/picture", ReadMode.IN_ORDER);
                });
        assertEquals(List.of("camera/picture", "*/features"), manifest.reads());
        assertEquals("camera/picture,*/features", manifest.attributes().get("reads"));
    }

    @Test
    void shouldSayNothingOfANodeThatReadsNothing() throws Exception {
        Manifest manifest = manifestOf(node -> {});
        assertEquals(List.of(), manifest.reads());
        assertFalse(manifest.attributes().containsKey(Manifest.READS));
        assertEquals(Optional.of("java"), manifest.language());
    }

    @Test
    void shouldRefuseWhatIsNoTarget() throws Exception {
        manifestOf(node -> {
            for (String target :
                    List.of(
                            "features",
                            "/features",
                            "camera/",
                            "cam*/features",
                            "a/b/c",
                            "a,b/c")) {
                assertThrows(IllegalArgumentException.class, () -> node.reads(target), target);
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> node.attribute("reads", "camera/picture"));
        });
    }

    @Test
    void shouldLeaveOutWhatAnAttributeHasNoRoomFor() throws Exception {
        List<String> targets =
                IntStream.range(0, 900)
                        .mapToObj(i -> String.format(Locale.ROOT, "camera-%03d/x", i))
                        .toList();
        Manifest manifest = manifestOf(node -> targets.forEach(node::reads));
        assertEquals(targets.subList(0, 8193 / 13), manifest.reads());
    }
}
