package io.fluxfoam.learn;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of bytes in the IDX format, gzipped: {@code 0, 0, 8 (bytes), number of axes, extent of
 * each axis (i32, big-endian), bytes}.
 *
 * @param extents of the axes
 * @param bytes in row-major order
 */
record IdxFile(int[] extents, byte[] bytes) {
    private static final int UNSIGNED_BYTES = 8;
    private static final int MOST_AXES = 4;

    /**
     * Reads a file.
     *
     * @throws IOException with one line if it is not such a file, is cut off, or goes on
     */
    static IdxFile read(Path path) throws IOException {
        try (InputStream raw = Files.newInputStream(path);
                DataInputStream in = new DataInputStream(new GZIPInputStream(raw))) {
            int magic = in.readInt();
            int axes = magic & 0xFF;
            if (magic >>> 8 != UNSIGNED_BYTES || axes < 1 || axes > MOST_AXES) {
                throw new IOException("not an IDX file of bytes: path=" + path + " magic=" + magic);
            }
            int[] extents = new int[axes];
            long size = 1;
            for (int i = 0; i < axes; i++) {
                extents[i] = in.readInt();
                size = extents[i] < 1 ? -1 : size * extents[i];
                if (size < 1 || size > Integer.MAX_VALUE / 2) {
                    throw new IOException(
                            "extents out of range: path="
                                    + path
                                    + " extents="
                                    + Arrays.toString(extents));
                }
            }
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length < size) {
                throw new EOFException(
                        "cut off: path=" + path + " bytes=" + bytes.length + " of=" + size);
            }
            if (in.read() >= 0) {
                throw new IOException("goes on behind its end: path=" + path + " bytes=" + size);
            }
            return new IdxFile(extents, bytes);
        } catch (ZipException e) {
            throw new IOException(
                    "not gzipped or corrupt: path=" + path + " (" + e.getMessage() + ')', e);
        } catch (EOFException e) {
            throw e.getMessage() != null && e.getMessage().startsWith("cut off")
                    ? e
                    : new IOException("cut off: path=" + path, e);
        }
    }
}
