package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidatesTest {
    @Test
    void shouldReadBothHalves() {
        Candidates candidates = Candidates.parse("seen\tred cat\nseen\tblue dog\nunseen\tgreen yak\n");
        assertEquals(List.of("red cat", "blue dog", "green yak"), candidates.sentences());
        assertEquals(2, candidates.seenWords());
        assertEquals(1, candidates.unseenWords());
        assertEquals(2, candidates.positions().get("green yak"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"red cat", "seen red cat", "unseen\ta\nseen\tb", "seen\ta\nseen\ta", "seen\ta\nunseen\ta"})
    void shouldRefuseAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Candidates.parse(text));
    }
}
