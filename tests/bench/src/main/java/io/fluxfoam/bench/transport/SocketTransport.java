package io.fluxfoam.bench.transport;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Byte streams through the kernel, blocking on both sides, in and out of direct buffers: Unix
 * domain sockets and loopback TCP.
 */
final class SocketTransport implements Transport {
    private static final String UNIX_NAME = "socket";
    private static final String PORT_NAME = "port";
    private final ProtocolFamily family;

    private SocketTransport(ProtocolFamily family) {
        this.family = family;
    }

    static SocketTransport unix() {
        return new SocketTransport(StandardProtocolFamily.UNIX);
    }

    static SocketTransport tcp() {
        return new SocketTransport(StandardProtocolFamily.INET);
    }

    private boolean isUnix() {
        return family == StandardProtocolFamily.UNIX;
    }

    @Override
    public Outlet write(Route route) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(family);
        Path directory = route.directory();
        if (isUnix()) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve(UNIX_NAME)));
        } else {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            Files.writeString(directory.resolve(PORT_NAME), Integer.toString(port));
        }
        return new SocketOutlet(server, isUnix(), Math.toIntExact(route.payloadBytes()));
    }

    @Override
    public Inlet read(Route route) throws IOException {
        SocketAddress address =
                isUnix()
                        ? UnixDomainSocketAddress.of(route.directory().resolve(UNIX_NAME))
                        : new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                Integer.parseInt(
                                        Files.readString(route.directory().resolve(PORT_NAME))));
        return new SocketInlet(
                SocketChannel.open(address),
                ByteBuffer.allocateDirect(Math.toIntExact(route.payloadBytes())));
    }

    private static final class SocketOutlet implements Outlet {
        private final ServerSocketChannel server;
        private final boolean isUnix;
        private final ByteBuffer buffer;
        private final MemorySegment payload;
        private SocketChannel reader;

        SocketOutlet(ServerSocketChannel server, boolean isUnix, int payloadBytes) {
            this.server = server;
            this.isUnix = isUnix;
            this.buffer = ByteBuffer.allocateDirect(payloadBytes);
            this.payload = MemorySegment.ofBuffer(buffer);
        }

        @Override
        public MemorySegment claim() throws IOException {
            if (reader == null) {
                reader = server.accept();
                if (!isUnix) {
                    reader.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
            }
            return payload;
        }

        @Override
        public void send() throws IOException {
            buffer.clear();
            while (buffer.hasRemaining()) {
                reader.write(buffer);
            }
        }

        @Override
        public void close() throws IOException {
            if (reader != null) {
                reader.close();
            }
            server.close();
        }
    }

    private record SocketInlet(SocketChannel writer, ByteBuffer buffer) implements Inlet {
        @Override
        public void receive(Handler handler) throws IOException {
            MemorySegment payload = MemorySegment.ofBuffer(buffer);
            do {
                buffer.clear();
                while (buffer.hasRemaining()) {
                    if (writer.read(buffer) < 0) {
                        throw new EOFException(
                                "the writer has closed the socket: received=" + buffer.position());
                    }
                }
            } while (handler.onMessage(payload));
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
