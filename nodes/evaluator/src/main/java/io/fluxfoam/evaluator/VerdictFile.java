package io.fluxfoam.evaluator;

import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.evaluator.verdict.VerdictPanel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is usual of each teacher and where it stands, for the evaluator's next life: else a teacher
 * in quarantine would be taken for a new one. i64 magic "FOAMVRD1", then {@link
 * VerdictPanel#writeTo}.
 */
final class VerdictFile {
    private static final long MAGIC = 0x464F414D56524431L;

    private final CheckedFile file;

    VerdictFile(Path state) {
        file = new CheckedFile(state.resolve(LoopStreams.VERDICTS), LoopStreams.VERDICTS);
    }

    /**
     * The panel as it was saved, or a new one.
     *
     * @throws IOException if the file is damaged
     */
    VerdictPanel load() throws IOException {
        Optional<byte[]> body = file.load();
        if (body.isEmpty()) {
            return new VerdictPanel();
        }
        ByteArrayInputStream bytes = new ByteArrayInputStream(body.get());
        DataInputStream in = new DataInputStream(bytes);
        try {
            long magic = in.readLong();
            if (magic != MAGIC) {
                throw new IOException("magic=0x" + Long.toHexString(magic));
            }
            VerdictPanel panel = VerdictPanel.readFrom(in);
            if (bytes.available() > 0) {
                throw new IOException("bytes too many: " + bytes.available());
            }
            return panel;
        } catch (IOException e) {
            throw file.damaged(String.valueOf(e.getMessage()));
        }
    }

    void save(VerdictPanel panel) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        panel.writeTo(out);
        file.save(bytes.toByteArray());
    }
}
