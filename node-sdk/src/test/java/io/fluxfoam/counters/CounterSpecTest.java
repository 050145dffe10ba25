package io.fluxfoam.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class CounterSpecTest {
    private static final CounterSpec SINGLE =
            CounterSpec.growing("step", Unit.COUNT, "foam_step_total", "Steps.");
    private static final CounterSpec SEVERAL =
            CounterSpec.varying("read.{stream}.lag", Unit.COUNT, "foam_lag", "Lag.");

    @Test
    void shouldTellWhichOneALabelIsOf() {
        assertEquals("read.sensor/picture.lag", SEVERAL.of("sensor/picture").label());
        assertEquals(Optional.of("sensor/picture"), SEVERAL.which("read.sensor/picture.lag"));
        assertEquals(Optional.of("a.b"), SEVERAL.which("read.a.b.lag"));
        for (String other :
                List.of("read.lag", "read..lag", "read.x.lags", "reads.x.lag", "read.x.", "")) {
            assertEquals(Optional.empty(), SEVERAL.which(other), other);
        }
        assertEquals(Optional.empty(), SINGLE.which("step"));
    }

    @Test
    void shouldKnowOnlyThoseItIsAmong() {
        CounterSpec sets = SEVERAL.among("a", "b");
        assertEquals(Optional.of("b"), sets.which("read.b.lag"));
        assertEquals(Optional.empty(), sets.which("read.c.lag"));
        assertThrows(IllegalArgumentException.class, () -> sets.of("c"));
    }

    @Test
    void shouldSayWhatIsNotOneCounter() {
        assertEquals(
                "which one? label=read.{stream}.lag",
                assertThrows(IllegalArgumentException.class, SEVERAL::requireLabel).getMessage());
        assertEquals(
                "no counter: label=step of=x",
                assertThrows(IllegalArgumentException.class, () -> SINGLE.of("x")).getMessage());
    }

    @Test
    void shouldListEveryCounterOfTheFabric() throws Exception {
        List<CounterSpec> declared = new ArrayList<>();
        for (Field field : FabricCounters.class.getFields()) {
            if (field.getType() == CounterSpec.class) {
                declared.add((CounterSpec) field.get(null));
            }
        }
        assertEquals(declared, FabricCounters.ALL);
    }
}
