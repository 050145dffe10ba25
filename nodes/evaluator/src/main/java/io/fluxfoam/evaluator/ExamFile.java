package io.fluxfoam.evaluator;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What an exam found, for the evaluator's next life. Saved by rename, so it is always whole; mode 0600. Big-endian:
 *
 * <pre>
 *   i64     magic "FOAMEXAM"
 *   utf     the candidates' text, in pieces of 16,384 characters behind their number (i32)
 *   i64     frames judged
 *   3 x     Retrieval.writeTo: seen words, unseen words, picture only
 *   i32     CRC-32C of all before
 * </pre>
 */
final class ExamFile {
    private static final long MAGIC = 0x464F414D4558414DL;
    private static final int PIECE_CHARS = 16_384;
    private static final int MAX_PIECES = 64;
    private static final long MAX_BYTES = 1 << 22;

    private final Path file;

    /** The exam in a node's state directory. */
    ExamFile(Path state) {
        file = state.resolve("exam");
    }

    /**
     * What was saved; empty if nothing was.
     *
     * @throws IOException if the file is damaged
     */
    Optional<ExamRecord> load() throws IOException {
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
            ExamRecord record = read(new DataInputStream(body));
            if (body.available() > 0) {
                throw new IOException("bytes too many: " + body.available());
            }
            return Optional.of(record);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private ExamRecord read(DataInputStream in) throws IOException {
        long magic = in.readLong();
        if (magic != MAGIC) {
            throw new IOException("magic=0x" + Long.toHexString(magic));
        }
        int pieces = in.readInt();
        if (pieces < 0 || pieces > MAX_PIECES) {
            throw new IOException("pieces=" + pieces + " limit=" + MAX_PIECES);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            text.append(in.readUTF());
        }
        long frames = in.readLong();
        if (frames < 0) {
            throw new IOException("frames=" + frames);
        }
        return new ExamRecord(
                text.toString(), frames, Retrieval.readFrom(in), Retrieval.readFrom(in), Retrieval.readFrom(in));
    }

    /** Saves what was found so far. */
    void save(ExamRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        String text = record.text();
        int pieces = Math.ceilDiv(text.length(), PIECE_CHARS);
        out.writeInt(pieces);
        for (int i = 0; i < pieces; i++) {
            out.writeUTF(text.substring(i * PIECE_CHARS, Math.min(text.length(), (i + 1) * PIECE_CHARS)));
        }
        out.writeLong(record.frames());
        record.seenWords().writeTo(out);
        record.unseenWords().writeTo(out);
        record.pictureOnly().writeTo(out);
        out.writeInt(crc(bytes.toByteArray(), bytes.size()));
        Path temporary = file.resolveSibling(".exam.tmp");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(temporary, bytes.toByteArray());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
