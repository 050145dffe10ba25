package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class SetKeyTest {
    @ParameterizedTest
    @EnumSource(HoldoutKind.class)
    void shouldReadBackWhatItWrote(HoldoutKind kind) {
        SetKey key = SetKey.of(new CandidateSet("hands2", kind, List.of("kite")).of(12));
        assertEquals("12." + kind.text() + ".hands2", key.text());
        assertEquals(Optional.of(key), SetKey.parse(key.text()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0.takes", "0.others.all", "x.takes.all", "0.takes.a.b", "0.TAKES.a"})
    void shouldKnowWhatIsNone(String text) {
        assertEquals(Optional.empty(), SetKey.parse(text));
    }

    @Test
    void shouldNameTheCountersOfASet() {
        assertEquals(
                "set.0.takes.all.both", LoopCounters.HELD_OUT_SET_BOTH.of("0.takes.all").label());
        assertEquals(
                Optional.of("0.takes.all"),
                LoopCounters.HELD_OUT_SET_BOTH.which("set.0.takes.all.both"));
    }
}
