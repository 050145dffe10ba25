package io.fluxfoam.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

class IdxFileTest {
    @TempDir Path folder;

    private Path file(byte[] bytes, int... extents) throws IOException {
        Path file = folder.resolve("some.gz");
        Pattern28.idx(file, bytes, extents);
        return file;
    }

    private String refused(Path file) {
        String line = assertThrows(IOException.class, () -> IdxFile.read(file)).getMessage();
        assertTrue(line.contains(file.toString()), line);
        assertEquals(1, line.lines().count());
        return line;
    }

    private Path repacked(Path file, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
            zipped.write(content);
        }
        return Files.write(file, out.toByteArray());
    }

    private static byte[] content(Path file) throws IOException {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            return in.readAllBytes();
        }
    }

    @Test
    void shouldReadExtentsAndBytes() throws IOException {
        byte[] bytes = {1, 2, 3, 4, 5, -1};
        IdxFile read = IdxFile.read(file(bytes, 3, 1, 2));
        assertArrayEquals(new int[] {3, 1, 2}, read.extents());
        assertArrayEquals(bytes, read.bytes());
    }

    @Test
    void shouldRefuseAnotherMagic() throws IOException {
        Path file = file(new byte[6], 6);
        for (int at : List.of(0, 1, 2, 3)) {
            byte[] other = content(file);
            other[at] = 77;
            String line = refused(repacked(folder.resolve("other.gz"), other));
            assertTrue(line.startsWith("not an IDX file of bytes"), line);
        }
    }

    @Test
    void shouldRefuseWhatIsCutOffAnywhere() throws IOException {
        Path file = file(new byte[] {1, 2, 3, 4, 5, 6}, 2, 3);
        byte[] whole = content(file);
        for (int length = 0; length < whole.length; length++) {
            Path part = repacked(folder.resolve("part.gz"), Arrays.copyOf(whole, length));
            assertTrue(refused(part).startsWith("cut off"));
        }
        byte[] zipped = Files.readAllBytes(file);
        for (int length = 0; length < zipped.length; length++) {
            refused(Files.write(folder.resolve("part.gz"), Arrays.copyOf(zipped, length)));
        }
    }

    @Test
    void shouldRefuseWhatGoesOn() throws IOException {
        assertTrue(refused(file(new byte[7], 2, 3)).startsWith("goes on behind its end"));
    }

    @Test
    void shouldRefuseExtentsThatNoFileHas() throws IOException {
        assertTrue(refused(file(new byte[0], 0)).startsWith("extents out of range"));
        assertTrue(refused(file(new byte[0], -3)).startsWith("extents out of range"));
        assertTrue(refused(file(new byte[0], 1 << 20, 1 << 20)).startsWith("extents out of"));
    }

    @Test
    void shouldRefuseWhatIsNotGzipped() throws IOException {
        Path file = Files.writeString(folder.resolve("plain"), "no pictures here");
        assertTrue(refused(file).startsWith("not gzipped or corrupt"));
    }

    @Test
    void shouldRefuseLabelsThatDoNotFit() throws IOException {
        Pattern28.write(folder, 20, 10);
        FashionMnist.read(folder);
        Pattern28.idx(folder.resolve("t10k-labels-idx1-ubyte.gz"), new byte[9], 9);
        String line = assertThrows(IOException.class, () -> FashionMnist.read(folder)).getMessage();
        assertTrue(line.startsWith("not Fashion-MNIST: path="), line);
        byte[] labels = new byte[10];
        labels[3] = 10;
        Pattern28.idx(folder.resolve("t10k-labels-idx1-ubyte.gz"), labels, 10);
        line = assertThrows(IOException.class, () -> FashionMnist.read(folder)).getMessage();
        assertTrue(line.startsWith("label=10 is of no class"), line);
    }
}
