package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

class JoinedFileTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        // Matroska: header of two bytes, segment of one; sizes of one, two and eight bytes
        "1A45DFA3 82 0000 18538067 81 00, [0]",
        "1A45DFA3 82 0000 18538067 81 00 1A45DFA3 82 0000 18538067 4001 00, '[0, 13]'",
        "1A45DFA3 80 18538067 0100000000000001 00 1A45DFA3 80 18538067 80, '[0, 18]'",
        "1A45DFA3 80 18538067 FF 00 1A45DFA3 80 18538067 80, [0]",
        "1A45DFA3 80 18538067 01FFFFFFFFFFFFFF 00 1A45DFA3 80, [0]",
        "1A45DFA3 80 18538067 01FFFFFFFFFFFFFE 00 1A45DFA3 80, [0]",
        "1A45DFA3 80 18538067 00 1A45DFA3 80, [0]",
        "1A45DFA3 80 18538067 80 12345678 1A45DFA3 80, [0]",
        "1A45DFA3, [0]",
        // MP4: type, movie, data; sizes of four and eight bytes, and to the end of the file
        "00000008 66747970 00000009 6D6F6F76 00 00000008 6D646174, [0]",
        "00000008 66747970 00000008 6D6F6F76 00000008 66747970 00000008 6D6F6F76, '[0, 16]'",
        "00000008 66747970 00000001 6D6F6F76 0000000000000010 00000008 66747970 00000008 6D6F6F76,"
                + " '[0, 24]'",
        "00000008 66747970 00000008 6D6F6F76 00000008 66747970 00000008 6D646174, [0]",
        "00000008 66747970 00000000 6D646174 00000008 66747970 00000008 6D6F6F76, [0]",
        "00000008 66747970 00000001 6D646174 FFFFFFFFFFFFFFF0 00000008 66747970, [0]",
        "52494646 00000000, [0]",
        "00, [0]"
    })
    void shouldFindWhereThePartsBegin(String hex, String begins) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        Path file = Files.write(folder.resolve("file"), bytes);
        assertEquals(begins, JoinedFile.begins(file).toString());
    }
}
