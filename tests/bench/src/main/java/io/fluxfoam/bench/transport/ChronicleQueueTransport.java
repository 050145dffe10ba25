package io.fluxfoam.bench.transport;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A Chronicle Queue on tmpfs. Its messages are written and read in place; every route is a new
 * queue.
 */
final class ChronicleQueueTransport implements Transport {
    private static final long MIN_BLOCK_BYTES = 64L << 20;

    private static ChronicleQueue open(Path directory, long payloadBytes) {
        return SingleChronicleQueueBuilder.binary(directory.resolve("queue"))
                .rollCycle(LargeRollCycles.LARGE_DAILY)
                .blockSize(Math.max(MIN_BLOCK_BYTES, 4 * payloadBytes))
                .build();
    }

    @Override
    public Outlet write(Route route) {
        ChronicleQueue queue = open(route.directory(), route.payloadBytes());
        return new QueueOutlet(queue, route.payloadBytes());
    }

    @Override
    public Inlet read(Route route) {
        ChronicleQueue queue = open(route.directory(), route.payloadBytes());
        return new QueueInlet(queue, queue.createTailer());
    }

    private static final class QueueOutlet implements Outlet {
        private final ChronicleQueue queue;
        private final ExcerptAppender appender;
        private final long payloadBytes;
        private DocumentContext document;

        QueueOutlet(ChronicleQueue queue, long payloadBytes) {
            this.queue = queue;
            this.appender = queue.createAppender();
            this.payloadBytes = payloadBytes;
        }

        @Override
        public MemorySegment claim() {
            document = appender.writingDocument();
            Bytes<?> bytes = document.wire().bytes();
            long at = bytes.writePosition();
            bytes.writeSkip(payloadBytes);
            return RawMemory.at(bytes.addressForWrite(at), payloadBytes);
        }

        @Override
        public void send() {
            document.close();
        }

        @Override
        public void close() {
            appender.close();
            queue.close();
        }
    }

    private record QueueInlet(ChronicleQueue queue, ExcerptTailer tailer) implements Inlet {
        @Override
        public void receive(Handler handler) {
            boolean more = true;
            while (more) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (document.isPresent()) {
                        Bytes<?> bytes = document.wire().bytes();
                        long address = bytes.addressForRead(bytes.readPosition());
                        more = handler.onMessage(RawMemory.at(address, bytes.readRemaining()));
                    }
                }
            }
        }

        @Override
        public void close() {
            tailer.close();
            queue.close();
        }
    }
}
