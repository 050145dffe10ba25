package io.fluxfoam.sensor;

import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;

/**
 * The counter with which this sensor's next incarnation goes on, in one small file that outlives
 * its writer.
 *
 * <pre>
 *   0       4       8               16
 *   +-------+-------+---------------+
 *   | magic |version|  nextCounter  |   little-endian
 *   +-------+-------+---------------+
 * </pre>
 *
 * <p>A counter is reserved here before its frame is committed: after a death between the two the
 * counter is lost, never used twice. The file appears whole, as an {@link AtomicFile}; after that
 * its word is written in place with one aligned 8-byte write, so a killed process leaves the old
 * value or the new one. It goes to the disk once a second: not for each frame, since a sensor must
 * not wait for a disk, so a power cut may take the counters of the last second back.
 */
final class ResumePoint implements AutoCloseable {
    private static final int MAGIC = 0x52455346; // "FSER" in memory
    private static final int VERSION = 1;
    private static final int COUNTER_OFFSET = 8;
    private static final int FILE_BYTES = 16;
    private static final Set<StandardOpenOption> OPTIONS =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final long FORCE_EVERY_NS = 1_000_000_000L;

    private final FileChannel channel;
    private final ByteBuffer word =
            ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long nextCounter;
    private long forcedNs = System.nanoTime();

    private ResumePoint(FileChannel channel, long nextCounter) {
        this.channel = channel;
        this.nextCounter = nextCounter;
    }

    /**
     * Opens the file, or creates it with counter 0.
     *
     * @throws IOException if it exists and is not one of ours; the message carries its path and
     *     what it holds
     */
    static ResumePoint open(Path file) throws IOException {
        if (Files.notExists(file) || Files.size(file) == 0) {
            ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFile.replace(file, bytes.putInt(MAGIC).putInt(VERSION).putLong(0).array());
        }
        FileChannel channel = FileChannel.open(file, OPTIONS);
        try {
            ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(bytes, 0);
            int magic = bytes.getInt(0);
            int version = bytes.getInt(Integer.BYTES);
            long counter = bytes.getLong(COUNTER_OFFSET);
            if (channel.size() != FILE_BYTES
                    || magic != MAGIC
                    || version != VERSION
                    || counter < 0) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "corrupt resume point: file=%s bytes=%d magic=%x version=%d nextCounter=%d",
                                file,
                                channel.size(),
                                magic,
                                version,
                                counter));
            }
            return new ResumePoint(channel, counter);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The first counter that was never used. */
    long nextCounter() {
        return nextCounter;
    }

    /** Takes the next counter; from here on no incarnation uses it again. */
    long reserve() throws IOException {
        return reserve(nextCounter);
    }

    /** Takes this counter, which is not before the next; those between are left out. */
    long reserve(long counter) throws IOException {
        if (counter < nextCounter) {
            throw new IllegalArgumentException(
                    "counter=" + counter + " is used already, nextCounter=" + nextCounter);
        }
        word.clear().putLong(counter + 1).flip();
        channel.write(word, COUNTER_OFFSET);
        nextCounter = counter + 1;
        if (System.nanoTime() - forcedNs >= FORCE_EVERY_NS) {
            channel.force(false);
            forcedNs = System.nanoTime();
        }
        return counter;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
