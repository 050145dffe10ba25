package io.fluxfoam.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Two curves over the time of a run, as SVG: steps per second above, held-out top-1 below; torments shaded. */
final class Plot {
    private static final int WIDTH = 960;
    private static final int LEFT = 60;
    private static final int PANEL = 180;
    private static final int GAP = 40;
    private static final double RATE_OVER_SECONDS = 2;

    private final Outcome outcome;
    private final double seconds;
    private final StringBuilder svg = new StringBuilder();

    private Plot(Outcome outcome) {
        this.outcome = outcome;
        this.seconds = Math.max(1, outcome.samples().isEmpty() ? 1 : outcome.samples().getLast().seconds());
    }

    static void write(Path file, Outcome outcome) throws IOException {
        Files.writeString(file, new Plot(outcome).draw());
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
        List<Double> rates = rates();
        double fastest = rates.stream().filter(rate -> rate != null).mapToDouble(rate -> rate).max().orElse(1);
        panel(GAP / 2, "steps/s", Math.max(1e-9, fastest), index -> rates.get(index), "#1f77b4");
        panel(
                GAP / 2 + PANEL + GAP,
                "held-out top-1, unseen combinations",
                1,
                index -> outcome.samples().get(index).heldOut(),
                "#2ca02c");
        return svg.append("</svg>\n").toString();
    }

    /** Steps over the last two seconds; a student set back to its checkpoint has none. */
    private List<Double> rates() {
        List<Pace.Sample> samples = outcome.samples();
        Double[] rates = new Double[samples.size()];
        int from = 0;
        for (int i = 0; i < rates.length; i++) {
            Pace.Sample sample = samples.get(i);
            while (sample.seconds() - samples.get(from).seconds() > RATE_OVER_SECONDS) {
                from++;
            }
            Pace.Sample before = samples.get(from);
            if (before.step() != null && sample.seconds() > before.seconds()) {
                rates[i] = Math.max(0, (sample.step() - before.step()) / (sample.seconds() - before.seconds()));
            }
        }
        return Arrays.asList(rates);
    }

    private void panel(int top, String title, double most, Function<Integer, Double> value, String colour) {
        for (Outcome.Happened one : outcome.happened()) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#d62728\" opacity=\"0.15\">"
                                    + "<title>%s</title></rect>%n",
                            x(one.fromSeconds()),
                            top,
                            Math.max(1, x(one.toSeconds()) - x(one.fromSeconds())),
                            PANEL,
                            one.torment().line()));
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>%n"
                                + "<text x=\"%d\" y=\"%d\">%s</text><text x=\"4\" y=\"%d\">%.2f</text>"
                                + "<text x=\"4\" y=\"%d\">0</text><text x=\"%d\" y=\"%d\">%.0f s</text>%n",
                        LEFT, top, WIDTH, PANEL,
                        LEFT, top - 5, title, top + 10, most,
                        top + PANEL, LEFT + WIDTH - 30, top + PANEL + 15, seconds));
        svg.append("<polyline fill=\"none\" stroke=\"").append(colour).append("\" points=\"");
        for (int i = 0; i < outcome.samples().size(); i++) {
            Double y = value.apply(i);
            if (y != null) {
                svg.append(
                        String.format(
                                Locale.ROOT,
                                "%.1f,%.1f ",
                                x(outcome.samples().get(i).seconds()),
                                top + PANEL * (1 - Math.min(1, y / most))));
            }
        }
        svg.append("\"/>\n");
    }

    private double x(double atSeconds) {
        return LEFT + WIDTH * Math.min(1, atSeconds / seconds);
    }
}
