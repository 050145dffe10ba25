package io.fluxfoam.evaluator;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;

/**
 * Reads what a subscription has to offer, with a bound for each turn; a tensor that makes no sense
 * becomes an error.
 */
final class LeaseDrain {
    private static final int MAX_LEASES = 64;

    private final Node node;

    LeaseDrain(Node node) {
        this.node = node;
    }

    /** What is done with a lease while it is open. */
    @FunctionalInterface
    interface Reading {
        void accept(Lease lease);
    }

    /** Reads at most 64 leases; returns how many. */
    int read(Subscription subscription, Reading reading) {
        int leases = 0;
        while (leases < MAX_LEASES) {
            try (Lease lease = subscription.poll()) {
                if (lease == null) {
                    break;
                }
                leases++;
                reading.accept(lease);
            } catch (RuntimeException e) {
                node.error(e);
            }
        }
        return leases;
    }
}
