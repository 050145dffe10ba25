package io.fluxfoam.bench.ipc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Median latency over message size as an SVG, both logarithmic, one panel for each read pattern.
 */
final class LatencyPlot {
    private static final int PANEL_WIDTH = 560;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int TOP = 40;
    private static final int RIGHT = 150;
    private static final int BOTTOM = 50;
    private static final String[] COLOURS = {
        "#0b6e4f", "#3fa34d", "#97c95c", "#d1495b", "#edae49", "#30638e", "#003d5b", "#8d6a9f"
    };
    private final StringBuilder svg = new StringBuilder();
    private final double leastNs;
    private final double mostNs;
    private final List<Long> sizes;

    private LatencyPlot(List<Row> measured) {
        this.leastNs =
                Math.min(50, measured.stream().mapToDouble(Row::pingPongNs).min().orElse(50));
        this.mostNs = 1.5 * measured.stream().mapToDouble(Row::p50Ns).max().orElse(1e6);
        this.sizes = measured.stream().map(Row::payloadBytes).distinct().sorted().toList();
    }

    static String of(List<Row> rows) {
        List<Row> measured = rows.stream().filter(Row::isMeasured).toList();
        List<String> patterns = measured.stream().map(Row::pattern).distinct().toList();
        LatencyPlot plot = new LatencyPlot(measured);
        plot.add(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>",
                Math.max(1, patterns.size()) * PANEL_WIDTH, HEIGHT);
        plot.add("<rect width='100%%' height='100%%' fill='white'/>");
        for (int i = 0; i < patterns.size(); i++) {
            String pattern = patterns.get(i);
            plot.panel(
                    i * PANEL_WIDTH,
                    pattern,
                    measured.stream().filter(row -> row.pattern().equals(pattern)).toList());
        }
        plot.add("</svg>");
        return plot.svg.toString();
    }

    private void panel(int x0, String pattern, List<Row> rows) {
        add("<g transform='translate(%d 0)'>", x0);
        add(
                "<text x='%d' y='24' font-size='15'>one-way latency, p50, reader reads: %s</text>",
                LEFT, pattern);
        for (double decade = Math.pow(10, Math.ceil(Math.log10(leastNs)));
                decade <= mostNs;
                decade *= 10) {
            add(
                    "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/>",
                    LEFT, right(), y(decade), y(decade));
            add(
                    "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
                    LEFT - 8, y(decade) + 4, decade(decade));
        }
        for (long size : sizes) {
            add(
                    "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
                    x(size), HEIGHT - BOTTOM + 20, Sizes.text(size));
        }
        Map<String, List<Row>> lines = new LinkedHashMap<>();
        for (Row row : rows) {
            String name =
                    row.transport().equals("foam") ? "foam, " + row.waiting() : row.transport();
            lines.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
        }
        int index = 0;
        for (Map.Entry<String, List<Row>> line : lines.entrySet()) {
            line(line.getKey(), line.getValue(), COLOURS[index % COLOURS.length], index++);
        }
        add("</g>");
    }

    private void line(String name, List<Row> rows, String colour, int index) {
        StringBuilder points = new StringBuilder();
        for (Row row : rows) {
            double x = x(row.payloadBytes());
            double y = y(row.p50Ns());
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            add("<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>", x, y, colour);
        }
        add(
                "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>",
                points.toString().strip(), colour);
        int legendY = TOP + 16 * index + 10;
        add(
                "<rect x='%d' y='%d' width='10' height='10' fill='%s'/>",
                right() + 14, legendY - 9, colour);
        add("<text x='%d' y='%d'>%s</text>", right() + 30, legendY, name);
    }

    private static int right() {
        return PANEL_WIDTH - RIGHT;
    }

    private double x(long size) {
        double least = Math.log(sizes.getFirst());
        double span = Math.max(1e-9, Math.log(sizes.getLast()) - least);
        return LEFT + 20 + (Math.log(size) - least) / span * (right() - LEFT - 40);
    }

    private double y(double nanoseconds) {
        double part =
                (Math.log(nanoseconds) - Math.log(leastNs))
                        / (Math.log(mostNs) - Math.log(leastNs));
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    private static String decade(double nanoseconds) {
        if (nanoseconds < 1e3) {
            return Math.round(nanoseconds) + " ns";
        }
        return nanoseconds < 1e6
                ? Math.round(nanoseconds / 1e3) + " us"
                : Math.round(nanoseconds / 1e6) + " ms";
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
