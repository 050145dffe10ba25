package io.fluxfoam.sensor.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a file begin that was made by writing several one behind the other. FFmpeg
 * reads all of a broadcast, but two parts of a Matroska file at most, and one of an MP4.
 */
final class JoinedFile {
    private static final int EBML = 0x1A45DFA3;
    private static final int SEGMENT = 0x18538067;
    private static final int FILE_TYPE = 0x66747970;
    private static final int MOVIE = 0x6D6F6F76;
    private static final int HEAD_BYTES = 16;
    private static final int MAX_PARTS = 10_000;

    private final FileChannel file;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    private final List<Long> begins = new ArrayList<>();

    private JoinedFile(FileChannel file) {
        this.file = file;
    }

    /** Beginnings of the parts in bytes, 0 the first; only that if the file cannot be followed. */
    static List<Long> begins(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            JoinedFile joined = new JoinedFile(file);
            joined.begins.add(0L);
            joined.readHead(0);
            if (joined.head.getInt(0) == EBML) {
                joined.followMatroska();
            } else if (joined.head.getInt(Integer.BYTES) == FILE_TYPE) {
                joined.followMp4();
            }
            return joined.begins;
        }
    }

    /** Top-level elements: a header and a segment for each part. */
    private void followMatroska() throws IOException {
        long at = 0;
        while (readHead(at) && begins.size() < MAX_PARTS) {
            int id = head.getInt(0);
            if (id == EBML) {
                begin(at);
            } else if (id != SEGMENT) {
                return;
            }
            int sizeBytes = Integer.numberOfLeadingZeros(head.get(Integer.BYTES) & 0xFF) - 23;
            if (sizeBytes > Long.BYTES) {
                return;
            }
            long mask = -1L >>> (Long.SIZE - 7 * sizeBytes);
            long size = head.getLong(Integer.BYTES) >>> (Long.SIZE - Byte.SIZE * sizeBytes) & mask;
            if (size == mask) { // unknown: a stream that was never finished
                return;
            }
            at += Integer.BYTES + sizeBytes + size;
        }
    }

    /** Top-level boxes: a part begins with its type, and has a movie. */
    private void followMp4() throws IOException {
        long at = 0;
        long begin = 0;
        while (readHead(at) && begins.size() < MAX_PARTS) {
            long size = Integer.toUnsignedLong(head.getInt(0));
            int type = head.getInt(Integer.BYTES);
            if (type == FILE_TYPE) {
                begin = at;
            } else if (type == MOVIE) {
                begin(begin);
            }
            size = size == 1 ? head.getLong(Long.BYTES) : size;
            if (size < Long.BYTES) { // 0: to the end of the file
                return;
            }
            at += size;
        }
    }

    private void begin(long at) {
        if (at > begins.getLast()) {
            begins.add(at);
        }
    }

    /** Whether there is a head to look at; what is behind the end is zero. */
    private boolean readHead(long at) throws IOException {
        head.clear().put(new byte[HEAD_BYTES]).clear();
        return at >= 0 && at < file.size() && file.read(head, at) > Integer.BYTES;
    }
}
