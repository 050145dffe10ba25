package io.fluxfoam.distill;

import java.util.Set;

/**
 * What the nodes of the loop are, as their marks and manifests say it. A user's own node may have a
 * word of its own.
 */
public final class Roles {
    /** Publishes frames: pictures, sound, captions. */
    public static final String SENSOR = "sensor";

    /** Publishes the features that a frozen model makes of frames. */
    public static final String TEACHER = "teacher";

    /** Learns to say what all teachers say, and publishes it. */
    public static final String STUDENT = "student";

    /** Hears what the student says aloud, and judges by a frozen model what that sounds like. */
    public static final String EAR = "ear";

    /** Judges the student on held-out frames. */
    public static final String EVALUATOR = "evaluator";

    /** Watches the foam and serves the status page; carries no data. */
    public static final String COORDINATOR = "coordinator";

    /** Shows nodes of another box here, and nodes of here there. */
    public static final String BRIDGE = "bridge";

    /** The roles that carry the loop's data. */
    public static final Set<String> LOOP = Set.of(SENSOR, TEACHER, STUDENT, EVALUATOR);

    private Roles() {}
}
