package io.fluxfoam.chaos.report;

import io.fluxfoam.chaos.check.LearningCurve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two curves over the time of a run, as SVG: steps per second above, held-out top-1 below; faults
 * shaded, and in grey what an undisturbed run of the same seed did when its foam was as old.
 */
public final class RunPlot {
    private static final int WIDTH = 960;
    private static final int LEFT = 60;
    private static final int PANEL = 180;
    private static final int GAP = 40;
    private static final String UNDISTURBED = "#999999";

    private final RunResult outcome;
    private final double seconds;
    private final StringBuilder svg = new StringBuilder();

    private RunPlot(RunResult outcome) {
        this.outcome = outcome;
        this.seconds = Math.max(1, outcome.curve().end() - outcome.ageAtStart());
    }

    /** The SVG. */
    public static String of(RunResult outcome) {
        return new RunPlot(outcome).draw();
    }

    private String draw() {
        int height = 2 * (PANEL + GAP) + 10;
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                                + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                        WIDTH + LEFT + 20,
                        height));
        LearningCurve own = outcome.curve();
        List<Double> rates = own.stepsPerSecond();
        double fastest =
                rates.stream()
                        .filter(rate -> rate != null)
                        .mapToDouble(rate -> rate)
                        .max()
                        .orElse(0);
        double most = Math.max(1e-9, fastest);
        int top = GAP / 2;
        frame(top, "steps/s", most);
        outcome.undisturbed()
                .ifPresent(other -> line(top, most, other, other.stepsPerSecond(), UNDISTURBED));
        line(top, most, own, rates, "#1f77b4");
        int below = top + PANEL + GAP;
        frame(below, "held-out top-1, unseen combinations", 1);
        outcome.undisturbed()
                .ifPresent(other -> line(below, 1, other, heldOut(other), UNDISTURBED));
        line(below, 1, own, heldOut(own), "#2ca02c");
        return svg.append("</svg>\n").toString();
    }

    private static List<Double> heldOut(LearningCurve curve) {
        List<Double> values = new ArrayList<>();
        curve.points().forEach(point -> values.add(point.heldOut()));
        return values;
    }

    private void frame(int top, String title, double most) {
        for (RunResult.Happened one : outcome.happened()) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#d62728\" opacity=\"0.15\">"
                                    + "<title>%s</title></rect>%n",
                            x(one.fromSeconds()),
                            top,
                            Math.max(1, x(one.toSeconds()) - x(one.fromSeconds())),
                            PANEL,
                            one.fault().line()));
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>%n"
                                + "<text x=\"%d\" y=\"%d\">%s</text><text x=\"4\" y=\"%d\">%.2f</text>"
                                + "<text x=\"4\" y=\"%d\">0</text><text x=\"%d\" y=\"%d\">%.0f s</text>%n",
                        LEFT,
                        top,
                        WIDTH,
                        PANEL,
                        LEFT,
                        top - 5,
                        title,
                        top + 10,
                        most,
                        top + PANEL,
                        LEFT + WIDTH - 30,
                        top + PANEL + 15,
                        seconds));
    }

    /** What lies before this run began, or after it ended, is left out. */
    private void line(
            int top, double most, LearningCurve curve, List<Double> values, String colour) {
        svg.append("<polyline fill=\"none\" stroke=\"").append(colour).append("\" points=\"");
        for (int i = 0; i < values.size(); i++) {
            double atSeconds = curve.points().get(i).age() - outcome.ageAtStart();
            Double y = values.get(i);
            if (y != null && atSeconds >= 0 && atSeconds <= seconds) {
                svg.append(
                        String.format(
                                Locale.ROOT,
                                "%.1f,%.1f ",
                                x(atSeconds),
                                top + PANEL * (1 - Math.min(1, y / most))));
            }
        }
        svg.append("\"/>\n");
    }

    private double x(double atSeconds) {
        return LEFT + WIDTH * Math.min(1, atSeconds / seconds);
    }
}
