package io.fluxfoam.coordinator.status;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node's counters by label; null where one is missing or is not there yet. */
record Figures(Map<String, Number> values) {
    private static final Pattern OF_TEACHER =
            Pattern.compile("teacher\\.([a-z][a-z0-9-]*)\\.[a-zA-Z]+");

    Double number(String label) {
        Number value = values.get(label);
        return value == null || !Double.isFinite(value.doubleValue())
                ? null
                : (Double) value.doubleValue();
    }

    Long count(String label) {
        Number value = values.get(label);
        return value == null || !Double.isFinite(value.doubleValue())
                ? null
                : (Long) value.longValue();
    }

    /** Names of the teachers that these counters or the others speak of. */
    Set<String> teachers(Figures others) {
        Set<String> teachers = new TreeSet<>();
        for (Figures figures : new Figures[] {this, others}) {
            for (String label : figures.values.keySet()) {
                Matcher matcher = OF_TEACHER.matcher(label);
                if (matcher.matches()) {
                    teachers.add(matcher.group(1));
                }
            }
        }
        return teachers;
    }
}
