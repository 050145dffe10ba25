package io.fluxfoam.chaos.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A wire between two bridges that listen on 127.0.0.1: each finds the other at the same port of
 * 127.0.0.2, where all that comes, datagrams and TCP, is carried on as the weather is that way.
 * Needs no privilege: all of 127/8 is this machine's own.
 */
public final class Wire implements AutoCloseable {
    private static final String HERE = "127.0.0.1";
    private static final String AT = "127.0.0.2";

    private final InetSocketAddress first;
    private final InetSocketAddress second;
    private final WireWay toFirst;
    private final WireWay toSecond;
    private final List<Closeable> relays = new ArrayList<>();

    /**
     * Lays it, in fair weather.
     *
     * @param firstPort where the one bridge listens, or will
     * @param secondPort where the other does
     * @param seed of what is lost
     */
    public Wire(int firstPort, int secondPort, long seed) throws IOException {
        first = new InetSocketAddress(InetAddress.getByName(AT), firstPort);
        second = new InetSocketAddress(InetAddress.getByName(AT), secondPort);
        toFirst = new WireWay(seed);
        toSecond = new WireWay(seed + 1);
        try {
            relays.add(new DatagramRelay(first, here(firstPort), toFirst, toSecond));
            relays.add(new DatagramRelay(second, here(secondPort), toSecond, toFirst));
            relays.add(new CallRelay(first, here(firstPort), toFirst, toSecond));
            relays.add(new CallRelay(second, here(secondPort), toSecond, toFirst));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static InetSocketAddress here(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(HERE), port);
    }

    /** Where the second one finds the first. */
    public InetSocketAddress first() {
        return first;
    }

    /** Where the first one finds the second. */
    public InetSocketAddress second() {
        return second;
    }

    /** How both ways are from now on. */
    public void become(Weather weather) {
        become(weather, weather);
    }

    /** How each of the ways is from now on. */
    public void become(Weather towardsFirst, Weather towardsSecond) {
        toFirst.become(towardsFirst);
        toSecond.become(towardsSecond);
    }

    /** Mends it, and takes it away. */
    @Override
    public void close() throws IOException {
        become(Weather.FAIR); // nobody waits any more
        for (Closeable relay : relays) {
            relay.close();
        }
    }
}
