package io.fluxfoam.manifest;

import io.fluxfoam.tensor.DType;

import java.util.List;
import java.util.Map;

/** Example manifests: everything in them follows from node and incarnation. */
final class Manifests {
    private Manifests() {}

    static Manifest of(String node, long incarnation) {
        return new Manifest(
                node,
                "teacher",
                incarnation,
                4711 + incarnation,
                1_795_000_000_000L + incarnation,
                "host",
                List.of(
                        card(node, incarnation, "features", 40, 120),
                        card(node, incarnation, "caption", 512)),
                Map.of(
                        "epoch",
                        Long.toHexString(incarnation * 0x9E3779B97F4A7C15L),
                        "text",
                        "é 漢 \"x\"\n" + incarnation));
    }

    static StreamCard card(String node, long incarnation, String name, long... shape) {
        long bytes = DType.F32.bytes();
        for (long dim : shape) {
            bytes *= dim;
        }
        String base = node + "." + incarnation + "." + name;
        return new StreamCard(
                name,
                DType.F32,
                shape,
                16,
                8,
                bytes,
                "crc32c",
                "host",
                base + ".control",
                base + ".payload",
                "host");
    }
}
