package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class RoutingTest {
    @Test
    void shouldAskTheMostReliableAloneWhereItIsBetter() {
        assertEquals(List.of("b"), Routing.asked(Map.of("a", .8, "b", .9, "c", .7)));
    }

    @Test
    void shouldAskAllThatAreAsGoodAndNoOther() {
        assertEquals(List.of("b", "a"), Routing.asked(Map.of("a", .87, "b", .9, "c", .84)));
        assertEquals(List.of("a", "b", "c"), Routing.asked(Map.of("c", .9, "b", .9, "a", .9)));
    }

    @Test
    void shouldAskNobodyWhoIsMoreOftenWrong() {
        assertEquals(List.of(), Routing.asked(Map.of("a", .49)));
        assertEquals(List.of("b"), Routing.asked(Map.of("a", .49, "b", .5)));
        assertEquals(List.of(), Routing.asked(Map.of()));
    }

    @Test
    void shouldReadBackWhatWasWritten() {
        List<JudgeReliability> all =
                List.of(
                        new JudgeReliability("evaluator", "teacher-llm", 1, 0),
                        new JudgeReliability("evaluator-2", "teacher-vision", .125, 9_999_999));
        assertEquals(all, JudgeReliability.parse(JudgeReliability.text(all)));
        assertEquals(List.of(), JudgeReliability.parse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b 0.5 1",
                "a b 2.000 1",
                "a b NaN 1",
                "a B 0.500 1",
                "a b 0.500 -1",
                "a b 0.500 1 2",
                " "
            })
    void shouldRefuseWhatIsNoReliability(String line) {
        assertThrows(IllegalArgumentException.class, () -> JudgeReliability.parse(line));
    }
}
