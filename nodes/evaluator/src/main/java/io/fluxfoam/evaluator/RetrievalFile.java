package io.fluxfoam.evaluator;

import io.fluxfoam.distill.Candidates;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    private final CheckedFile file;

    /** The evaluation in a node's state directory. */
    RetrievalFile(Path state) {
        file = new CheckedFile(state.resolve("exam"), "exam");
    }

    /**
     * What was saved; empty if nothing was.
     *
     * @throws IOException if the file is damaged, or of an older version
     */
    Optional<RetrievalRecord> load() throws IOException {
        Optional<byte[]> bytes = file.load();
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        if (ByteBuffer.wrap(bytes.get()).getLong(0) == OLDER_MAGIC) {
            throw new IOException("exam of an older version, begins anew: file=" + file.path());
        }
        ByteArrayInputStream body = new ByteArrayInputStream(bytes.get());
        try {
            RetrievalRecord record = read(new DataInputStream(body));
            if (body.available() > 0) {
                throw new IOException("bytes too many: " + body.available());
            }
            return Optional.of(record);
        } catch (IOException | IllegalArgumentException e) {
            throw file.damaged(String.valueOf(e.getMessage()));
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
        file.save(bytes.toByteArray());
    }
}
