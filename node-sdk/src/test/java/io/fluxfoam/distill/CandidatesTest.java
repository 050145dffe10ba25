package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class CandidatesTest {
    private static final List<String> CATS = List.of("red cat", "blue cat");
    private static final List<String> MIXED = List.of("green yak", "red cat");

    private static final Candidates CANDIDATES =
            new Candidates(
                    new Worlds(2, 6),
                    List.of(
                            new CandidateSet("hands", HoldoutKind.RENDERINGS, 0, 0, 2, CATS),
                            new CandidateSet("styles", HoldoutKind.STYLE, 0, 1, 2, CATS),
                            new CandidateSet("takes", HoldoutKind.TAKES, MIXED).of(1)));

    @Test
    void shouldReadWhatItWrote() {
        assertEquals(CANDIDATES, Candidates.parse(CANDIDATES.text()));
        assertEquals(Candidates.NONE, Candidates.parse(Candidates.NONE.text()));
        assertTrue(Candidates.NONE.isEmpty());
    }

    @Test
    void shouldNumberEachCaptionOnce() {
        assertEquals(List.of("red cat", "blue cat", "green yak"), CANDIDATES.captions());
    }

    @Test
    void shouldKnowTheSetOfAFrameByItsNumberAndCaption() {
        assertEquals(Optional.of("hands"), setOf(2, "red cat"));
        assertEquals(Optional.of("styles"), setOf(5, "red cat"));
        assertEquals(Optional.of("takes"), setOf(8, "red cat"));
        assertEquals(Optional.empty(), setOf(2, "green yak"));
        assertEquals(Optional.of("hands"), setOf(14, "blue cat"));
    }

    private static Optional<String> setOf(long counter, String caption) {
        return CANDIDATES.setOf(counter, caption).map(CandidateSet::name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "set a takes 0 0 1\n\tb",
                "worlds 1 0",
                "worlds 1",
                "worlds 1 1\n\tb",
                "worlds 1 1\nset a takes 0 0 1",
                "worlds 1 1\nset a takes 0 0 1\n\tb\n\tb",
                "worlds 1 1\nset a takes 0 0 1\n\tb\nset a takes 0 0 1\n\tb",
                "worlds 1 1\nset a takes 1 0 1\n\tb",
                "worlds 1 1\nset a takes 0 1 1\n\tb",
                "worlds 1 1\nset a tokens 0 0 1\n\tb",
                "worlds 1 1\nset a takes 0 x 1\n\tb",
                "worlds 1 1\nset a.b takes 0 0 1\n\tb",
                "worlds 1 1\nset a takes 0 0 1\n\t ",
                "worlds 1 1\n\nset a takes 0 0 1\n\tb"
            })
    void shouldRefuseAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Candidates.parse(text));
    }
}
