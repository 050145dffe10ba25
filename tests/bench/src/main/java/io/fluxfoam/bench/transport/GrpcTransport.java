package io.fluxfoam.bench.transport;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A server-streaming gRPC call over loopback TCP (Netty), with byte arrays as messages. The
 * reader's work is done in the callback that gRPC delivers a message to, without another hand-over.
 */
final class GrpcTransport implements Transport {
    private static final String PORT_NAME = "port";
    private static final byte[] SUBSCRIPTION = new byte[0];
    private static final MethodDescriptor<byte[], byte[]> METHOD =
            MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                    .setFullMethodName(
                            MethodDescriptor.generateFullMethodName("bench.Tensors", "Subscribe"))
                    .setRequestMarshaller(new ByteMarshaller())
                    .setResponseMarshaller(new ByteMarshaller())
                    .build();

    private static final class ByteMarshaller implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Outlet write(Route route) throws IOException {
        GrpcOutlet outlet = new GrpcOutlet(Math.toIntExact(route.payloadBytes()));
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .directExecutor()
                        .addService(
                                ServerServiceDefinition.builder("bench.Tensors")
                                        .addMethod(
                                                METHOD,
                                                ServerCalls.asyncServerStreamingCall(
                                                        outlet::subscribe))
                                        .build())
                        .build()
                        .start();
        outlet.server = server;
        Files.writeString(route.directory().resolve(PORT_NAME), Integer.toString(server.getPort()));
        return outlet;
    }

    @Override
    public Inlet read(Route route) throws IOException {
        int port = Integer.parseInt(Files.readString(route.directory().resolve(PORT_NAME)));
        return new GrpcInlet(
                NettyChannelBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .usePlaintext()
                        .directExecutor()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build());
    }

    private static final class GrpcOutlet implements Outlet {
        private final byte[] message;
        private final MemorySegment payload;
        private final Semaphore ready = new Semaphore(0);
        private final CompletableFuture<ServerCallStreamObserver<byte[]>> subscriber =
                new CompletableFuture<>();
        private Server server;
        private ServerCallStreamObserver<byte[]> reader;

        GrpcOutlet(int payloadBytes) {
            this.message = new byte[payloadBytes];
            this.payload = MemorySegment.ofArray(message);
        }

        private void subscribe(byte[] subscription, StreamObserver<byte[]> observer) {
            ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) observer;
            call.setOnReadyHandler(ready::release);
            subscriber.complete(call);
        }

        @Override
        public MemorySegment claim() throws InterruptedException, ExecutionException {
            if (reader == null) {
                reader = subscriber.get();
            }
            while (!reader.isReady()) {
                ready.drainPermits();
                if (!reader.isReady()) {
                    ready.tryAcquire(1, TimeUnit.MILLISECONDS);
                }
            }
            return payload;
        }

        @Override
        public void send() {
            reader.onNext(message);
        }

        @Override
        public boolean hasThreads() {
            return true;
        }

        @Override
        public void close() {
            server.shutdownNow();
        }
    }

    private record GrpcInlet(ManagedChannel channel) implements Inlet {
        @Override
        public void receive(Handler handler) throws InterruptedException, ExecutionException {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ClientCalls.asyncServerStreamingCall(
                    channel.newCall(METHOD, CallOptions.DEFAULT),
                    SUBSCRIPTION,
                    new Messages(handler, end));
            end.get();
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    private record Messages(Inlet.Handler handler, CompletableFuture<Void> end)
            implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] message) {
            if (!end.isDone() && !handler.onMessage(MemorySegment.ofArray(message))) {
                end.complete(null);
            }
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }

        @Override
        public void onCompleted() {
            end.completeExceptionally(
                    new IllegalStateException("the stream has ended before the last message"));
        }
    }
}
