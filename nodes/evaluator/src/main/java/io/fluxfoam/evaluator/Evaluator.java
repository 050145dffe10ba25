package io.fluxfoam.evaluator;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** The process of the evaluator. */
@Command(
        name = "evaluator",
        mixinStandardHelpOptions = true,
        description =
                "Judges the student on held-out frames and audits that it never trained on one.")
public final class Evaluator implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            defaultValue = "sensor",
            description =
                    "Node that publishes captions and candidates (default: ${DEFAULT-VALUE}).")
    private String sensor;

    @Option(
            names = "--student",
            paramLabel = "NAME",
            defaultValue = "student",
            description = "Node that is judged (default: ${DEFAULT-VALUE}).")
    private String student;

    @Option(
            names = "--language",
            paramLabel = "NAME",
            defaultValue = "teacher-llm",
            description = "Teacher that embeds the candidates (default: ${DEFAULT-VALUE}).")
    private String language;

    private Evaluator() {}

    @Override
    public Integer call() throws Exception {
        PeerNames peers = new PeerNames(sensor, student, language);
        return NodeMain.run(options.context("evaluator", "evaluator"), new EvaluatorNode(peers));
    }

    /** Runs the evaluator until SIGTERM. */
    public static void main(String[] args) {
        NodeMain.main(new Evaluator(), args);
    }
}
