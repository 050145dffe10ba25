package io.fluxfoam.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class ManifestTest {
    @Test
    void shouldBeAValue() {
        assertEquals(Manifests.of("student", 3), Manifests.of("student", 3));
        assertEquals(Manifests.of("student", 3).hashCode(), Manifests.of("student", 3).hashCode());
        assertNotEquals(Manifests.of("student", 3), Manifests.of("student", 4));
        long[] shape = {2, 3};
        StreamCard card = Manifests.card("student", 1, "features", shape);
        shape[0] = 9;
        card.maxShape()[1] = 9;
        assertEquals("[2, 3]", java.util.Arrays.toString(card.maxShape()));
    }

    @Test
    void shouldFindAStreamByItsName() {
        Manifest manifest = Manifests.of("student", 3);
        assertEquals("caption", manifest.stream("caption").orElseThrow().name());
        assertTrue(manifest.stream("absent").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "-x", ".hidden", "a b", "a\0", "é"})
    void shouldRefuseBadNames(String name) {
        assertThrows(IllegalArgumentException.class, () -> manifest(name, 1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> Manifests.card("node", 1, name, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "..", "../x", "a/../../x", "a//b", "./a", "a/"})
    void shouldRefusePathsThatLeaveTheFoam(String path) {
        assertThrows(IllegalArgumentException.class, () -> card(8, path, "none", "host", 2));
    }

    @Test
    void shouldRefuseNumbersOutOfBounds() {
        assertThrows(IllegalArgumentException.class, () -> manifest("node", 0, List.of()));
        assertThrows(IllegalArgumentException.class, () -> manifest("node", 1L << 24, List.of()));
        StreamCard card = card(8, "control", "none", "host", 2);
        assertThrows(
                IllegalArgumentException.class, () -> manifest("node", 1, List.of(card, card)));
        assertThrows(IllegalArgumentException.class, () -> card(7, "control", "none", "host", 2));
        assertThrows(IllegalArgumentException.class, () -> card(8, "control", "none", "gpu", 2));
        assertThrows(IllegalArgumentException.class, () -> card(8, "control", "none", "host", 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> card(8, "control", "none", "host", 1L << 40, 1L << 40));
    }

    @Test
    void shouldNameTheBadValue() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> card(7, "control", "none", "host", 2))
                        .getMessage();
        assertTrue(message.contains("slotBytes=7") && message.contains("stream=features"), message);
    }

    private static Manifest manifest(String node, long incarnation, List<StreamCard> streams) {
        return new Manifest(node, "role", incarnation, 1, 1, "host", streams, Map.of());
    }

    private static StreamCard card(
            long slotBytes, String controlFile, String checksum, String device, long... shape) {
        return new StreamCard(
                "features",
                DType.F32,
                shape,
                4,
                2,
                slotBytes,
                checksum,
                device,
                controlFile,
                "payload",
                "host");
    }
}
