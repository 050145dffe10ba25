package io.fluxfoam.chaos.wire;

import java.util.Random;

/** One direction of a wire. From any thread. */
final class WireWay {
    private static final double MILLI = 1e6;

    /** After so long Linux sends again what nobody has confirmed. */
    private static final long TCP_REPEAT_NS = 200_000_000L;

    private final Random chance;
    private Weather weather = Weather.FAIR;

    WireWay(long seed) {
        this.chance = new Random(seed);
    }

    synchronized void become(Weather newWeather) {
        weather = newWeather;
        notifyAll();
    }

    /** Whether a datagram that sets out now is lost. */
    synchronized boolean loses() {
        return weather.lossRatio() > 0 && chance.nextDouble() < weather.lossRatio();
    }

    /** When something arrives that sets out now. */
    synchronized long arrivalNs(long nowNs) {
        return nowNs + Math.round(weather.delayMillis() * MILLI);
    }

    /** The same of a part of a TCP connection, of which nothing is lost: it comes later. */
    long tcpArrivalNs(long nowNs) {
        return arrivalNs(nowNs) + (loses() ? TCP_REPEAT_NS : 0);
    }

    /** Waits until then, and as long as the way is cut. */
    synchronized void await(long arrivalNs) throws InterruptedException {
        for (long leftNs = arrivalNs - System.nanoTime();
                weather.isCut() || leftNs > 0;
                leftNs = arrivalNs - System.nanoTime()) {
            if (weather.isCut()) {
                wait();
            } else {
                wait(leftNs / 1_000_000, (int) (leftNs % 1_000_000));
            }
        }
    }
}
