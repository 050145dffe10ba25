package io.fluxfoam.teacher.whisper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Hearing;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

class NeighbourhoodTest {
    private final Neighbourhood neighbourhood = new Neighbourhood();
    private final Repertoire repertoire = new Repertoire();

    @Test
    void shouldComposeWhatDiffersInOneWord() {
        neighbourhood.add("red dog");
        neighbourhood.add("blue cat");
        neighbourhood.add("a blue cat");
        assertEquals(Set.of("blue dog", "red cat"), Set.copyOf(neighbourhood.of(" red  dog")));
        assertEquals(
                Set.of("red dog", "blue dog", "green cat"),
                Set.copyOf(neighbourhood.of("green dog")),
                "an unseen word has one more");
        assertEquals(List.of(), neighbourhood.of("one"));
    }

    @Test
    void shouldBoundWhatItComposes() {
        for (int i = 0; i < 1_000; i++) {
            neighbourhood.add("word" + i + " thing" + i + " place" + i);
        }
        assertEquals(128, neighbourhood.of("word1 thing2 place3").size());
        neighbourhood.add("word ".repeat(100));
        assertEquals(List.of(), neighbourhood.of("word ".repeat(100)));
    }

    @Test
    void shouldNumberCaptionsAsTheyAreLearnedCandidatesFirst() {
        repertoire.meet("red dog");
        assertEquals("red dog", repertoire.next());
        repertoire.add("red dog");
        long edition = repertoire.edition();
        repertoire.begin(List.of("blue dog", "green dog"));
        assertTrue(repertoire.edition() > edition);
        assertEquals(List.of(), repertoire.captions());
        repertoire.meet("red dog");
        repertoire.meet("blue dog");
        for (String next = repertoire.next(); next != null; next = repertoire.next()) {
            repertoire.add(next);
        }
        assertEquals(List.of("blue dog", "green dog", "red dog"), repertoire.captions());
        assertEquals(
                "blue dog\ngreen dog\nred dog\n",
                new String(repertoire.text(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldLeaveOutWhatThereIsNoRoomFor() {
        repertoire.meet(" ");
        repertoire.meet("two\nlines");
        assertEquals(null, repertoire.next());
        for (int i = 0; i < 10_000; i++) {
            repertoire.meet("caption " + i);
        }
        int count = 0;
        while (repertoire.next() != null) {
            count++;
        }
        assertEquals(Hearing.MOST_CAPTIONS, count);
        repertoire.begin(List.of());
        int bytes = 0;
        for (int i = 0; i < 2_000; i++) {
            repertoire.meet(i + "x".repeat(500));
        }
        for (String next = repertoire.next(); next != null; next = repertoire.next()) {
            bytes += next.length() + 1;
            repertoire.add(next);
        }
        assertEquals(bytes, repertoire.text().length);
        assertTrue(bytes <= Repertoire.MOST_BYTES && bytes > Repertoire.MOST_BYTES - 600);
    }
}
