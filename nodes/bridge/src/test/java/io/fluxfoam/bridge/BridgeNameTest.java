package io.fluxfoam.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.bridge.session.TestKeys;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Boxes that are called by name and listen wherever they can be reached, as containers do. */
class BridgeNameTest {
    @TempDir Path directory;

    @Test
    @Timeout(120)
    void shouldFindABoxWhoseNameMeansAnotherAddressNow() throws Exception {
        Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.2 other\n");
        String key = TestKeys.file(directory.resolve("key"), 1).toString();
        String options =
                "JDK_JAVA_OPTIONS=-Djdk.net.hosts.file=" + hosts + " -Dsun.net.inetaddr.ttl=0";
        try (TwoBoxes boxes = new TwoBoxes(directory);
                ChildBridge exporter =
                        new ChildBridge(
                                List.of(),
                                directory.resolve("exporter.log"),
                                boxes.first,
                                "--box",
                                "one",
                                "--listen",
                                "127.0.0.1:" + boxes.exportAddress().getPort(),
                                "--export",
                                "toy",
                                "--key",
                                key);
                ChildBridge importer =
                        new ChildBridge(
                                List.of("env", options),
                                directory.resolve("importer.log"),
                                boxes.second,
                                "--box",
                                "two",
                                "--listen",
                                "0.0.0.0:" + boxes.importAddress().getPort(),
                                "--peer",
                                "other:" + boxes.exportAddress().getPort(),
                                "--import",
                                "toy",
                                "--key",
                                key)) {
            ToyNode toy = boxes.add(new ToyNode(boxes.first, "toy", 4, 100, "numbers"));
            Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
            boxes.await("nobody is there", () -> importer.said().contains("is DOWN"));
            Files.writeString(hosts, "127.0.0.1 other\n");
            long[] published = {0};
            boxes.await(
                    "a tensor of the box that has moved",
                    () -> {
                        toy.publish("numbers", ++published[0]);
                        try (Lease lease = mirrored.poll()) {
                            return lease != null;
                        }
                    });
            assertEquals(0, importer.stop(), importer::said);
            assertEquals(0, exporter.stop(), exporter::said);
        }
    }
}
