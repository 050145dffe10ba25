package io.fluxfoam.chaos.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How the loop of a foam got on, by the foam's age, so that two runs can be compared when both are
 * as old. As a file: CSV with a header line, a figure that is not there is empty.
 *
 * @param points in the order of their ages
 */
public record LearningCurve(List<Point> points) {
    private static final String HEADER = "seconds,step,heldOut,momentsPerSecond";
    private static final double RATE_OVER_SECONDS = 2;

    /**
     * One look.
     *
     * @param age seconds since the foam was created
     * @param step of the student
     * @param heldOut top-1 on unseen combinations of seen words
     */
    public record Point(double age, Long step, Double heldOut, Double momentsPerSecond) {
        private String line() {
            return String.format(
                    Locale.ROOT,
                    "%.3f,%s,%s,%s",
                    age,
                    text(step),
                    text(heldOut),
                    text(momentsPerSecond));
        }

        private static String text(Object figure) {
            return Objects.toString(figure, "");
        }

        private static Point parse(String line) {
            String[] figures = line.split(",", -1);
            if (figures.length != 4) {
                throw new IllegalArgumentException("wanted " + HEADER + ", got \"" + line + '"');
            }
            return new Point(
                    Double.parseDouble(figures[0]),
                    figures[1].isEmpty() ? null : Long.valueOf(figures[1]),
                    number(figures[2]),
                    number(figures[3]));
        }

        private static Double number(String figure) {
            return figure.isEmpty() ? null : Double.valueOf(figure);
        }
    }

    public LearningCurve {
        points = List.copyOf(points);
    }

    /**
     * Of a run's samples.
     *
     * @param ageAtStart of the foam, when the run began
     */
    public static LearningCurve of(List<LoopSampler.Sample> samples, double ageAtStart) {
        return new LearningCurve(
                samples.stream()
                        .map(sample ->
                                new Point(
                                        ageAtStart + sample.seconds(),
                                        sample.step(),
                                        sample.heldOut(),
                                        sample.momentsPerSecond()))
                        .toList());
    }

    /** Reads a curve's file. */
    public static LearningCurve read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        if (lines.size() < 2 || !lines.getFirst().equals(HEADER)) {
            throw new IOException(
                    "not a curve: file="
                            + file
                            + " lines="
                            + lines.size()
                            + " wanted a first line "
                            + HEADER);
        }
        List<Point> points = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            try {
                points.add(Point.parse(lines.get(i)));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "file=" + file + " line=" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new LearningCurve(points);
    }

    /** The curve's file. */
    public String csv() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        points.forEach(point -> text.append(point.line()).append('\n'));
        return text.toString();
    }

    /** Age at the last look; 0 of an empty curve. */
    public double end() {
        return points.isEmpty() ? 0 : points.getLast().age();
    }

    /** The newest held-out figure at this age; null before the first. */
    public Double heldOutAt(double age) {
        Double newest = null;
        for (Point point : points) {
            if (point.age() <= age && point.heldOut() != null) {
                newest = point.heldOut();
            }
        }
        return newest;
    }

    /**
     * For each point, steps a second over the last two seconds; none while the student is behind
     * where it was.
     */
    public List<Double> stepsPerSecond() {
        List<Double> rates = new ArrayList<>();
        int from = 0;
        for (Point point : points) {
            while (point.age() - points.get(from).age() > RATE_OVER_SECONDS) {
                from++;
            }
            Point before = points.get(from);
            boolean isKnown =
                    before.step() != null && point.step() != null && point.age() > before.age();
            rates.add(
                    isKnown
                            ? Math.max(
                                    0,
                                    (point.step() - before.step()) / (point.age() - before.age()))
                            : null);
        }
        return rates;
    }
}
