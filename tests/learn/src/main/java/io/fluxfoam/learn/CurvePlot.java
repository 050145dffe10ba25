package io.fluxfoam.learn;

import java.util.List;
import java.util.Locale;

/** The arms' figures as they went, as an SVG. */
final class CurvePlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int RIGHT = 150;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final String[] COLOURS = {
        "#0b6e4f", "#d1495b", "#30638e", "#edae49", "#8d6a9f", "#3fa34d", "#003d5b", "#97c95c"
    };
    private final StringBuilder svg = new StringBuilder();

    private CurvePlot() {}

    static String of(LearnResult result, String axis) {
        CurvePlot plot = new CurvePlot();
        plot.add(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>",
                WIDTH, HEIGHT);
        plot.add("<rect width='100%%' height='100%%' fill='white'/>");
        plot.add(
                "<text x='%d' y='24' font-size='15'>%s, %d seed(s), equal %s</text>",
                LEFT, result.protocol(), result.seeds(), result.equal());
        for (int tenth = 0; tenth <= 10; tenth += 2) {
            double y = y(tenth / 10.0);
            plot.add(
                    "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/>",
                    LEFT, WIDTH - RIGHT, y, y);
            plot.add(
                    "<text x='%d' y='%.1f' text-anchor='end'>%d%%</text>",
                    LEFT - 8, y + 4, 10 * tenth);
        }
        plot.add(
                "<text x='%d' y='%d' text-anchor='middle'>%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, axis);
        for (int i = 0; i < result.arms().size(); i++) {
            plot.line(result.arms().get(i), i);
        }
        plot.add("</svg>");
        return plot.svg.toString();
    }

    private void line(ArmResult arm, int index) {
        List<Double> curve = arm.curve();
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < curve.size(); i++) {
            double x = LEFT + (WIDTH - LEFT - RIGHT) * (i + 1.0) / curve.size();
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(curve.get(i))));
        }
        String colour = COLOURS[index % COLOURS.length];
        String dash = index < COLOURS.length ? "" : " stroke-dasharray='5 3'";
        add(
                "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'%s/>",
                points.toString().strip(), colour, dash);
        int y = TOP + 16 * index + 10;
        add(
                "<line x1='%d' x2='%d' y1='%d' y2='%d' stroke='%s' stroke-width='2'%s/>",
                WIDTH - RIGHT + 14, WIDTH - RIGHT + 30, y - 4, y - 4, colour, dash);
        add("<text x='%d' y='%d'>%s</text>", WIDTH - RIGHT + 36, y, arm.name());
    }

    private static double y(double figure) {
        return HEIGHT - BOTTOM - Math.clamp(figure, 0, 1) * (HEIGHT - BOTTOM - TOP);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
