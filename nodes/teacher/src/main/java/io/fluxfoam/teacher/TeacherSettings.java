package io.fluxfoam.teacher;

import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.teacher.memory.MemorySettings;

/**
 * What a teacher's node is told besides its teacher.
 *
 * @param sensor name of the node whose streams it looks at
 * @param most how many of its frames it looks at in a second
 * @param countsKnown whether frames that its memory answers count as looked at: they cost nearly
 *     nothing
 * @param threads of the teacher's model
 * @param memory of what it has computed
 */
public record TeacherSettings(
        String sensor, FrameRate most, boolean countsKnown, int threads, MemorySettings memory) {
    /** Of a teacher that has no memory. */
    public static TeacherSettings of(String sensor, FrameRate most) {
        return new TeacherSettings(sensor, most, true, 1, MemorySettings.OFF);
    }

    /** The same with this memory. */
    public TeacherSettings with(MemorySettings other) {
        return new TeacherSettings(sensor, most, countsKnown, threads, other);
    }
}
