package io.fluxfoam.evaluator;

import io.fluxfoam.memory.AtomicFile;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What an evaluation found, for the evaluator's next life. Big-endian:
 *
 * <pre>
 *   i64     magic "FOAMEXAM"
 *   i32     bytes of the candidates' text
 *   u8[]    that text, UTF-8
 *   i64     frames judged
 *   3 x     Retrieval.writeTo: seen words, unseen words, picture only
 *   i32     CRC-32C of all before
 * </pre>
 */
final class RetrievalFile {
    private static final long MAGIC = 0x464F414D4558414DL;
    private static final long MAX_BYTES = 1 << 22;

    private final Path file;

    /** The evaluation in a node's state directory. */
    RetrievalFile(Path state) {
        file = state.resolve("exam");
    }

    /**
     * What was saved; empty if nothing was.
     *
     * @throws IOException if the file is damaged
     */
    Optional<RetrievalRecord> load() throws IOException {
        byte[] bytes;
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw damaged("bytes=" + size + " limit=" + MAX_BYTES);
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        int length = bytes.length - Integer.BYTES;
        if (length < Long.BYTES || ByteBuffer.wrap(bytes).getInt(length) != crc(bytes, length)) {
            throw damaged("bytes=" + bytes.length + ", checksum does not fit");
        }
        ByteArrayInputStream body = new ByteArrayInputStream(bytes, 0, length);
        try {
            RetrievalRecord record = read(new DataInputStream(body));
            if (body.available() > 0) {
                throw new IOException("bytes too many: " + body.available());
            }
            return Optional.of(record);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private RetrievalRecord read(DataInputStream in) throws IOException {
        long magic = in.readLong();
        if (magic != MAGIC) {
            throw new IOException("magic=0x" + Long.toHexString(magic));
        }
        int textBytes = in.readInt();
        if (textBytes < 0 || textBytes > in.available()) {
            throw new IOException("textBytes=" + textBytes + " left=" + in.available());
        }
        String text = new String(in.readNBytes(textBytes), StandardCharsets.UTF_8);
        long frames = in.readLong();
        if (frames < 0) {
            throw new IOException("frames=" + frames);
        }
        return new RetrievalRecord(
                text,
                frames,
                Retrieval.readFrom(in),
                Retrieval.readFrom(in),
                Retrieval.readFrom(in));
    }

    /** Saves what was found so far. */
    void save(RetrievalRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        byte[] text = record.text().getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
        out.writeLong(record.frames());
        record.seenWords().writeTo(out);
        record.unseenWords().writeTo(out);
        record.pictureOnly().writeTo(out);
        out.writeInt(crc(bytes.toByteArray(), bytes.size()));
        AtomicFile.replace(file, bytes.toByteArray());
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private IOException damaged(String detail) {
        return new IOException("damaged exam: file=" + file + " " + detail);
    }
}
