package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.coordinator.status.StatusProbe.NodeFacts;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamView.LaneView;
import io.fluxfoam.stream.StreamView.SlotView;
import io.fluxfoam.tensor.FrameNumber;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code ./foam slots}. */
@Command(
        name = "slots",
        description = "Show what each slot of each stream holds, and which readers hold it.")
final class SlotsCommand implements Callable<Integer> {
    @Mixin private FoamOptions foam;

    @Parameters(paramLabel = "NODE", arity = "0..*", description = "Only streams of these nodes.")
    private List<String> only = List.of();

    @Override
    public Integer call() throws Exception {
        StatusProbe probe = foam.probe();
        List<NodeFacts> all = probe.facts();
        for (NodeFacts node : NodeFilter.of(only, all)) {
            for (StreamView stream : probe.streams(node.mark())) {
                print(stream, all);
            }
        }
        return 0;
    }

    private static void print(StreamView stream, List<NodeFacts> nodes) {
        String readers =
                stream.lanes().stream()
                        .map(lane -> reader(lane, nodes) + (lane.sleeping() ? " (asleep)" : ""))
                        .collect(Collectors.joining(", "));
        System.out.printf(
                Locale.ROOT,
                "%s/%s incarnation %d, newest %d, %d given up, readers %d of %d: %s%n",
                stream.header().node(),
                stream.header().spec().name(),
                stream.header().incarnation(),
                stream.sequence(),
                stream.aborted(),
                stream.lanes().size(),
                stream.header().spec().maxReaders(),
                readers.isEmpty() ? "-" : readers);
        Table table = new Table("  SLOT", " SEQUENCE", " FRAME", " BYTES", "HELD BY");
        for (int i = 0; i < stream.slots().size(); i++) {
            SlotView slot = stream.slots().get(i);
            if (slot.sequence() == 0) {
                table.row("  " + i, null, null, null, "");
                continue;
            }
            String holders =
                    stream.lanes().stream()
                            .filter(lane -> lane.heldSequence() == slot.sequence())
                            .map(lane -> reader(lane, nodes))
                            .collect(Collectors.joining(", "));
            table.row(
                    "  " + i,
                    slot.sequence(),
                    frame(slot.frameNumber()),
                    Text.bytes(slot.payloadBytes()),
                    holders);
        }
        System.out.println(table);
    }

    static String frame(long frameNumber) {
        return FrameNumber.incarnation(frameNumber) + ":" + FrameNumber.counter(frameNumber);
    }

    private static String reader(LaneView lane, List<NodeFacts> nodes) {
        for (NodeFacts node : nodes) {
            if (OwnerKey.hash(node.mark().name()) == OwnerKey.hash(lane.owner())) {
                return node.mark().name() + "#" + OwnerKey.incarnation(lane.owner());
            }
        }
        return "unknown#" + OwnerKey.incarnation(lane.owner());
    }
}
