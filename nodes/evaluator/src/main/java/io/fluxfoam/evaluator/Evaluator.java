package io.fluxfoam.evaluator;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.evaluator.verdict.Meter;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Set;
import java.util.concurrent.Callable;

/** The process of the evaluator. */
@Command(
        name = LoopNodes.EVALUATOR,
        mixinStandardHelpOptions = true,
        description =
                "Judges the student on held-out frames and audits that it never trained on one.")
public final class Evaluator implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            description =
                    "Node that publishes captions and candidates (default: ${DEFAULT-VALUE}).")
    private String sensor = LoopNodes.SENSOR;

    @Option(
            names = "--student",
            paramLabel = "NAME",
            description = "Node that is judged (default: ${DEFAULT-VALUE}).")
    private String student = LoopNodes.STUDENT;

    @Option(
            names = "--language",
            paramLabel = "NAME",
            description = "Teacher that embeds the candidates (default: ${DEFAULT-VALUE}).")
    private String language = LoopNodes.TEACHER_LLM;

    @Option(
            names = "--meters",
            split = ",",
            paramLabel = "METER",
            description =
                    "What it measures of teachers: residual, agreement, scale, change, drift, rank"
                            + " (default: all). Others can have other ones: of several evaluators the"
                            + " student asks the most reliable.")
    private Set<Meter> meters = Meter.all();

    private Evaluator() {}

    @Override
    public Integer call() throws Exception {
        PeerNames peers = new PeerNames(sensor, student, language);
        return NodeMain.run(
                options.context(LoopNodes.EVALUATOR, Roles.EVALUATOR),
                new EvaluatorNode(peers, meters));
    }

    /** Runs the evaluator until SIGTERM. */
    public static void main(String[] args) {
        NodeMain.main(new Evaluator(), args);
    }
}
