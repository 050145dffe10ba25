package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.guest.Guest;
import io.fluxfoam.chaos.process.CleanupStack;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Ten guests that join at once, and leave when all of them work. */
final class JoinStorm implements FaultExecution {
    private static final int GUESTS = 10;

    private final FoamUnderTest tested;
    private final List<Guest> guests = new ArrayList<>();
    private final CleanupStack.Entry entry;
    private final long beganNs = System.nanoTime();
    private boolean isLeaving;
    private int hungNodes;

    JoinStorm(FoamUnderTest tested, JavaProgram program) throws IOException {
        this.tested = tested;
        for (int i = 1; i <= GUESTS; i++) {
            guests.add(new Guest(tested, program, "join-storm-" + i, LightNode.class, List.of()));
        }
        entry =
                tested.cleanup()
                        .push(GUESTS + " nodes leave", this::join, () -> Guest.dismiss(guests));
        tested.events().accept("join-storm", GUESTS + " nodes join");
    }

    private void join() throws IOException {
        for (Guest guest : guests) {
            guest.start(List.of());
        }
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        if (isLeaving) {
            boolean allLeft = guests.stream().noneMatch(Guest::isRunning);
            if (allLeft) {
                entry.discard();
            }
            return allLeft;
        }
        boolean allWork = true;
        for (Guest guest : guests) {
            allWork &= guest.hasCommitted();
        }
        if (allWork) {
            isLeaving = true;
            tested.events()
                    .accept(
                            "join-storm",
                            "all work after " + (nowNs - beganNs) / 1_000_000 + " ms");
            guests.forEach(Guest::terminate);
        }
        return false;
    }

    @Override
    public void abandon() throws IOException {
        hungNodes = (int) guests.stream().filter(Guest::isRunning).count();
        entry.undo();
    }

    @Override
    public List<KilledNode> killedNodes() {
        return List.of();
    }

    @Override
    public int hungNodes() {
        return hungNodes;
    }

    @Override
    public boolean isAbout(String node) {
        return guests.stream().anyMatch(guest -> guest.name().equals(node));
    }
}
