package io.fluxfoam.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Ten guests that join at once, and leave when all of them work. */
final class Storm implements Ordeal {
    private static final int GUESTS = 10;

    private final Ground ground;
    private final List<Guest> guests = new ArrayList<>();
    private final Debts.Debt debt;
    private final long beganNs = System.nanoTime();
    private boolean isLeaving;
    private int hungNodes;

    Storm(Ground ground, JavaProgram program) throws IOException {
        this.ground = ground;
        for (int i = 1; i <= GUESTS; i++) {
            guests.add(new Guest(ground, program, "join-storm-" + i, LightNode.class, List.of()));
        }
        debt = ground.debts().incur(GUESTS + " nodes leave", this::join, () -> Guest.dismiss(guests));
        ground.events().accept("join-storm", GUESTS + " nodes join");
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
                debt.settle();
            }
            return allLeft;
        }
        boolean allWork = true;
        for (Guest guest : guests) {
            allWork &= guest.hasCommitted();
        }
        if (allWork) {
            isLeaving = true;
            ground.events().accept("join-storm", "all work after " + (nowNs - beganNs) / 1_000_000 + " ms");
            guests.forEach(Guest::terminate);
        }
        return false;
    }

    @Override
    public void abandon() throws IOException {
        hungNodes = (int) guests.stream().filter(Guest::isRunning).count();
        debt.pay();
    }

    @Override
    public List<Victim> victims() {
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
