package io.fluxfoam.chaos.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What can be done to a foam. The names, in lower case with dashes, are those of plans and reports.
 */
public enum FaultKind {
    /** {@code kill -9}. */
    KILL(Aim.ONE),
    /** SIGSTOP, and SIGCONT after the node has been STALLED for a while. */
    STOP(Aim.ONE),
    /** SIGTERM; nobody restarts a node that ended cleanly, so chaos does. */
    TERM(Aim.ONE),
    /** A reader that keeps its leases for seconds. */
    SLOW_READER(Aim.ONE),
    /** A node that dies between claim and commit. */
    DIE_IN_CLAIM(Aim.NONE),
    /** A node that dies with a lease on one of the target's slots. */
    DIE_IN_LEASE(Aim.ONE),
    /** A node that dies while its manifest is half-written. */
    DIE_IN_MANIFEST(Aim.NONE),
    /** A node that dies at each of several starts. */
    CRASH_LOOP(Aim.NONE),
    /** The coordinator ended and absent for a while. */
    COORDINATOR_GONE(Aim.COORDINATOR),
    /** {@code kill -9} of every node at once. */
    KILL_ALL(Aim.NONE),
    /** No memory left for another stream. */
    MEMORY_FULL(Aim.OWN_FOAM),
    /** A published manifest cut or scribbled over. */
    MANIFEST_CORRUPT(Aim.OWN_FOAM),
    /** A node whose monotonic clock is an hour ahead. */
    CLOCK_JUMP(Aim.OWN_FOAM),
    /** A node that comes back with another tensor shape. */
    RESHAPE(Aim.NONE),
    /** A teacher that publishes NaN. */
    GARBAGE(Aim.NONE),
    /** Ten nodes that join at once. */
    JOIN_STORM(Aim.NONE),
    /** {@code kill -9} of the bridge of either box. */
    BRIDGE_KILL(Aim.OWN_BOXES),
    /** A wire between two boxes that carries nothing. */
    PARTITION(Aim.OWN_BOXES),
    /** One that carries nothing in one direction. */
    ONE_WAY_PARTITION(Aim.OWN_BOXES),
    /** A wire on which all takes long. */
    DELAY(Aim.OWN_BOXES),
    /** A wire that loses datagrams. */
    LOSS(Aim.OWN_BOXES);

    /** What a fault is aimed at. */
    public enum Aim {
        /** One living node. */
        ONE,
        /** The coordinator, whatever its name. */
        COORDINATOR,
        /** The foam. */
        NONE,
        /** A foam that chaos made for it: the fault would damage what it cannot repair. */
        OWN_FOAM,
        /** Two foams that chaos made for it, with a bridge each and a wire between them. */
        OWN_BOXES
    }

    private final Aim aim;

    FaultKind(Aim aim) {
        this.aim = aim;
    }

    public Aim aim() {
        return aim;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The fault of this name.
     *
     * @throws IllegalArgumentException with all names
     */
    public static FaultKind of(String label) {
        for (FaultKind fault : values()) {
            if (fault.label().equals(label)) {
                return fault;
            }
        }
        throw new IllegalArgumentException(
                "no such fault: \"" + label + "\" (faults: " + labels() + ")");
    }

    static String labels() {
        return Arrays.stream(values()).map(FaultKind::label).collect(Collectors.joining(" "));
    }

    /** Those that leave a foam as they found it, and may be done to any. */
    public static List<FaultKind> ofAnyFoam() {
        return Arrays.stream(values())
                .filter(fault -> fault.aim != Aim.OWN_FOAM && fault.aim != Aim.OWN_BOXES)
                .toList();
    }
}
