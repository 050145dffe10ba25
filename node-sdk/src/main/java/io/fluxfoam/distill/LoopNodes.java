package io.fluxfoam.distill;

import java.util.List;

/** Names that the nodes of the default loop have, unless they are given others. */
public final class LoopNodes {
    public static final String COORDINATOR = Roles.COORDINATOR;

    public static final String SENSOR = Roles.SENSOR;

    /** The teacher that reads pictures. */
    public static final String TEACHER_VISION = "teacher-vision";

    /** The teacher that hears. */
    public static final String TEACHER_WHISPER = "teacher-whisper";

    /** The teacher that knows what a caption means. */
    public static final String TEACHER_LLM = "teacher-llm";

    /** The teacher that reads captions aloud; not there unless somebody asks for it. */
    public static final String TEACHER_VOICE = "teacher-voice";

    public static final String STUDENT = Roles.STUDENT;

    /** The one that listens to the student; not there unless somebody asks for it. */
    public static final String EAR = Roles.EAR;

    public static final String EVALUATOR = Roles.EVALUATOR;

    /** All of them, in the order in which data flows, the coordinator first. */
    public static final List<String> ORDER =
            List.of(
                    COORDINATOR,
                    SENSOR,
                    TEACHER_VISION,
                    TEACHER_WHISPER,
                    TEACHER_LLM,
                    TEACHER_VOICE,
                    STUDENT,
                    EAR,
                    EVALUATOR);

    private LoopNodes() {}
}
