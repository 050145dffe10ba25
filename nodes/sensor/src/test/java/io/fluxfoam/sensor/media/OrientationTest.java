package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

class OrientationTest {
    private static final int ONE = 1 << 16;

    /** Stored as "abc/def" (or "ab/cd/ef" if the axes are exchanged), shown as three by two. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 1, abc/def, abc/def",
        "-1, 0, 0, 1, abc/def, cba/fed",
        "-1, 0, 0, -1, abc/def, fed/cba",
        "1, 0, 0, -1, abc/def, def/abc",
        "0, 1, 1, 0, ab/cd/ef, ace/bdf",
        "0, 1, -1, 0, ab/cd/ef, eca/fdb",
        "0, -1, -1, 0, ab/cd/ef, fdb/eca",
        "0, -1, 1, 0, ab/cd/ef, bdf/ace"
    })
    void shouldShowWhatTheMatrixSays(int a, int b, int c, int d, String stored, String shown) {
        int stride = 3 * stored.indexOf('/') + 5;
        byte[] pixels = new byte[stride * stored.split("/").length];
        int row = 0;
        for (String line : stored.split("/")) {
            for (int x = 0; x < line.length(); x++) {
                for (int channel = 0; channel < 3; channel++) {
                    pixels[row * stride + 3 * x + channel] = (byte) line.charAt(x);
                }
            }
            row++;
        }
        byte[] copied = new byte[18];
        Orientation.of(a * ONE, b * ONE, c * ONE, d * ONE)
                .copy(
                        MemorySegment.ofArray(pixels),
                        stride,
                        MemorySegment.ofArray(copied),
                        2,
                        3,
                        3);
        String expected = shown.replace("/", "").replaceAll(".", "$0$0$0");
        assertEquals(expected, new String(copied, StandardCharsets.US_ASCII));
    }
}
