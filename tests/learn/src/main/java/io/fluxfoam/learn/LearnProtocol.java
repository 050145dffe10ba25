package io.fluxfoam.learn;

import java.util.List;

/** A stream and an exam, the same for all arms. */
interface LearnProtocol {
    /** As it is asked for. */
    String name();

    /** What its figure is, in one line. */
    String figure();

    /** All arms that make sense in it. */
    List<ArmPlan> arms();

    /** The arm that others are compared with, seed by seed. */
    String reference();

    /** What stands along the curves. */
    String axis();

    /** One arm, one seed, one choice of its settings. */
    LearnRun run(ArmPlan plan, long seed, double learningRate, double strength);
}
