package io.fluxfoam.chaos.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The datagrams of one end of a wire: what comes to its address goes on to the target, and what the
 * target answers goes back to who had sent. On a thread of its own.
 */
final class DatagramRelay implements Closeable {
    private static final int MAX_BYTES = 65_536;
    private static final int AT_ONCE = 64;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final long MILLI = 1_000_000L;

    private final InetSocketAddress target;
    private final WireWay there;
    private final WireWay back;
    private final Selector selector;
    private final DatagramChannel face;
    private final Deque<Parcel> going = new ArrayDeque<>();
    private final Deque<Parcel> coming = new ArrayDeque<>();

    /** One for each sender: whom the target answers at it, is known. */
    private final Map<SocketAddress, DatagramChannel> doors = new ConcurrentHashMap<>();

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_BYTES);

    /** A datagram on its way. */
    private record Parcel(long arrivalNs, byte[] bytes, DatagramChannel by, SocketAddress to) {}

    DatagramRelay(InetSocketAddress at, InetSocketAddress target, WireWay there, WireWay back)
            throws IOException {
        this.target = target;
        this.there = there;
        this.back = back;
        this.selector = Selector.open();
        this.face = open(at);
        face.register(selector, SelectionKey.OP_READ);
        Thread.ofPlatform().daemon().name("chaos-wire-" + at.getPort()).start(this::run);
    }

    private static DatagramChannel open(InetSocketAddress at) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
        channel.bind(at).configureBlocking(false);
        return channel;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                long nowNs = System.nanoTime();
                send(going, nowNs);
                send(coming, nowNs);
                selector.select(this::receive, pauseMs(nowNs));
            }
        } catch (ClosedSelectorException | IOException e) {
            // closed
        }
    }

    /** 0 = until something comes. */
    private long pauseMs(long nowNs) {
        long arrivalNs =
                Math.min(
                        going.isEmpty() ? Long.MAX_VALUE : going.peek().arrivalNs - nowNs,
                        coming.isEmpty() ? Long.MAX_VALUE : coming.peek().arrivalNs - nowNs);
        return arrivalNs == Long.MAX_VALUE ? 0 : Math.max(1, arrivalNs / MILLI);
    }

    private void receive(SelectionKey key) {
        try {
            for (int i = 0; i < AT_ONCE && receive((DatagramChannel) key.channel(), key); i++) {
                // until nothing is left
            }
        } catch (PortUnreachableException e) {
            // nobody is there: lost
        } catch (IOException e) {
            key.cancel();
        }
    }

    private boolean receive(DatagramChannel from, SelectionKey key) throws IOException {
        buffer.clear();
        SocketAddress sender = from.receive(buffer);
        if (sender == null) {
            return false;
        }
        buffer.flip();
        if (from == face) {
            pass(there, going, door(sender), target);
        } else {
            pass(back, coming, face, (SocketAddress) key.attachment());
        }
        return true;
    }

    private DatagramChannel door(SocketAddress sender) throws IOException {
        DatagramChannel door = doors.get(sender);
        if (door == null) {
            door = open(new InetSocketAddress(target.getAddress(), 0));
            door.connect(target);
            door.register(selector, SelectionKey.OP_READ, sender);
            doors.put(sender, door);
        }
        return door;
    }

    private void pass(WireWay way, Deque<Parcel> underWay, DatagramChannel by, SocketAddress to)
            throws IOException {
        if (way.loses()) {
            return;
        }
        long nowNs = System.nanoTime();
        long arrivalNs = way.arrivalNs(nowNs);
        if (arrivalNs == nowNs && underWay.isEmpty()) {
            send(by, buffer, to);
        } else {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            underWay.add(new Parcel(arrivalNs, bytes, by, to));
        }
    }

    private static void send(Deque<Parcel> underWay, long nowNs) throws IOException {
        while (!underWay.isEmpty() && underWay.peek().arrivalNs <= nowNs) {
            Parcel parcel = underWay.remove();
            send(parcel.by, ByteBuffer.wrap(parcel.bytes), parcel.to);
        }
    }

    /** What there is no room for, or nobody to take, is lost. */
    private static void send(DatagramChannel by, ByteBuffer bytes, SocketAddress to)
            throws IOException {
        try {
            by.send(bytes, to);
        } catch (PortUnreachableException e) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        face.close();
        for (DatagramChannel door : doors.values()) {
            door.close();
        }
    }
}
