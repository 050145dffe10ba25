package io.fluxfoam.bridge;

import io.fluxfoam.bridge.session.BridgeKey;
import io.fluxfoam.manifest.StreamFilter;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a bridge does.
 *
 * @param box what this box is called by others
 * @param listen where callers come, and where tensors are heard
 * @param peers whose streams are imported
 * @param exports patterns of what others may have; nothing if there are none
 * @param imports patterns of what is wanted of the peers
 * @param newest patterns of the imported streams of which only the newest tensor counts
 * @param mtuBytes largest datagram; 0 = the largest on loopback, 1,408 beyond it
 * @param isEager whether its threads hardly ever sleep
 */
record BridgeSettings(
        String box,
        InetSocketAddress listen,
        List<InetSocketAddress> peers,
        BridgeKey key,
        List<String> exports,
        List<String> imports,
        List<String> newest,
        int mtuBytes,
        boolean isEager) {
    private static final int LOOPBACK_MTU_BYTES = 65_504;
    private static final int NETWORK_MTU_BYTES = 1_408;
    private static final int LEAST_MTU_BYTES = 256;
    private static final int GRAIN = 32;

    BridgeSettings {
        requireKeyBeyondLoopback(listen, key);
        peers.forEach(peer -> requireKeyBeyondLoopback(peer, key));
        if (exports.isEmpty() && (imports.isEmpty() || peers.isEmpty())) {
            throw new IllegalArgumentException(
                    "nothing to do: give --export STREAMS, or --import STREAMS and --peer HOST:PORT");
        }
        for (List<String> names : List.of(exports, imports, newest)) {
            new StreamFilter(names);
        }
        if (mtuBytes == 0) {
            boolean isLocal =
                    isLoopback(listen) && peers.stream().allMatch(BridgeSettings::isLoopback);
            mtuBytes = isLocal ? LOOPBACK_MTU_BYTES : NETWORK_MTU_BYTES;
        }
        if (mtuBytes < LEAST_MTU_BYTES || mtuBytes > LOOPBACK_MTU_BYTES || mtuBytes % GRAIN != 0) {
            throw new IllegalArgumentException(
                    "mtu must be a multiple of 32 from 256 to 65504: mtu=" + mtuBytes);
        }
    }

    private static void requireKeyBeyondLoopback(InetSocketAddress address, BridgeKey key) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("no such host: " + address.getHostString());
        }
        if (!key.isThere() && !isLoopback(address)) {
            throw new IllegalArgumentException(
                    "beyond loopback a bridge needs --key FILE: address=" + address);
        }
    }

    private static boolean isLoopback(InetSocketAddress address) {
        return address.getAddress().isLoopbackAddress();
    }
}
