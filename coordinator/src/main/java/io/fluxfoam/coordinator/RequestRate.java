package io.fluxfoam.coordinator;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one address may ask: so many times at once, and then so many a second. Remembers the
 * addresses that asked last, and not more of them than it has room for. From any thread.
 */
final class RequestRate {
    /** A page asks 1.5 times a second. */
    static final int PER_SECOND = 20;

    static final int AT_ONCE = 100;

    private static final int ADDRESSES = 1_024;
    private static final double PER_NS = PER_SECOND / 1e9;

    private final Map<InetAddress, Allowance> byAddress =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<InetAddress, Allowance> eldest) {
                    return size() > ADDRESSES;
                }
            };

    private static final class Allowance {
        private double left = AT_ONCE;
        private long asOfNs;

        private Allowance(long nowNs) {
            asOfNs = nowNs;
        }
    }

    /** Counts a request; returns whether it is one of those allowed. */
    synchronized boolean allows(InetAddress address, long nowNs) {
        Allowance allowance = byAddress.computeIfAbsent(address, a -> new Allowance(nowNs));
        allowance.left = Math.min(AT_ONCE, allowance.left + (nowNs - allowance.asOfNs) * PER_NS);
        allowance.asOfNs = nowNs;
        if (allowance.left < 1) {
            return false;
        }
        allowance.left--;
        return true;
    }
}
