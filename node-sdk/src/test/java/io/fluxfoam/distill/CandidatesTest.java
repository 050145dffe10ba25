package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class CandidatesTest {
    @Test
    void shouldReadBothHalves() {
        String text = "seen\tred cat\nseen\tblue dog\nunseen\tgreen yak\n";
        Candidates candidates = Candidates.parse(text);
        assertEquals(List.of("red cat", "blue dog", "green yak"), candidates.sentences());
        assertEquals(List.of("red cat", "blue dog"), candidates.seenWords());
        assertEquals(List.of("green yak"), candidates.unseenWords());
        assertEquals(text, candidates.text());
        assertTrue(Candidates.parse("").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "red cat",
                "seen red cat",
                "unseen\ta\nseen\tb",
                "seen\ta\nseen\ta",
                "seen\ta\nunseen\ta"
            })
    void shouldRefuseAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Candidates.parse(text));
    }
}
