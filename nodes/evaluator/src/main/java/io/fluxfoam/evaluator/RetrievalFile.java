package io.fluxfoam.evaluator;

import io.fluxfoam.distill.Candidates;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What an evaluation found, for the evaluator's next life. Big-endian:
 *
 * <pre>
 *   i64     magic "FOAMEXM2"
 *   i32     bytes of the candidates' text
 *   u8[]    that text, UTF-8
 *   i64     frames judged
 *   n x     SetScores.writeTo, of each set of the text
 *   i32     CRC-32C of all before
 * </pre>
 */
final class RetrievalFile {
    private static final long MAGIC = 0x464F414D45584D32L;
    private static final long OLDER_MAGIC = 0x464F414D4558414DL;
    private static final long MAX_BYTES = 1 << 22;

    private final Path file;

    /** The evaluation in a node's state directory. */
    RetrievalFile(Path state) {
        file = state.resolve("exam");
    }

    /**
     * What was saved; empty if nothing was.
     *
     * @throws IOException if the file is damaged, or of an older version
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
        if (ByteBuffer.wrap(bytes).getLong(0) == OLDER_MAGIC) {
            throw new IOException("exam of an older version, begins anew: file=" + file);
        }
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
        List<SetScores> scores = new ArrayList<>();
        for (int i = 0; i < Candidates.parse(text).sets().size(); i++) {
            scores.add(SetScores.readFrom(in));
        }
        return new RetrievalRecord(text, frames, scores);
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
        for (SetScores scores : record.scores()) {
            scores.writeTo(out);
        }
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
