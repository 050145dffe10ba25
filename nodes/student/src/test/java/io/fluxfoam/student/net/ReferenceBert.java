package io.fluxfoam.student.net;

/** BERT's layers in doubles and plain loops (Devlin et al., NAACL 2019; GELU with erf). */
final class ReferenceBert {
    private static final double EPSILON = 1e-12;

    private final LanguageModel model;

    ReferenceBert(LanguageModel model) {
        this.model = model;
    }

    double[][] layers(float[] x, boolean[] there) {
        double[][] rows = new double[there.length][LanguageModel.WIDTH];
        for (int i = 0; i < x.length; i++) {
            rows[i / LanguageModel.WIDTH][i % LanguageModel.WIDTH] = x[i];
        }
        for (int n = 0; n < model.layers(); n++) {
            rows = layer(n + ".", rows, there);
        }
        return rows;
    }

    private double[][] layer(String prefix, double[][] x, boolean[] there) {
        double[][] attended =
                norm(
                        prefix + "attended",
                        sum(x, map(prefix + "joined", attention(prefix, x, there))));
        double[][] inner = map(prefix + "inner", attended);
        for (double[] row : inner) {
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i] * .5 * (1 + erf(row[i] / Math.sqrt(2)));
            }
        }
        return norm(prefix + "done", sum(attended, map(prefix + "outer", inner)));
    }

    private double[][] attention(String prefix, double[][] x, boolean[] there) {
        double[][] query = map(prefix + "query", x);
        double[][] key = map(prefix + "key", x);
        double[][] value = map(prefix + "value", x);
        int each = LanguageModel.WIDTH / LanguageModel.HEADS;
        double[][] seen = new double[x.length][LanguageModel.WIDTH];
        for (int head = 0; head < LanguageModel.HEADS; head++) {
            for (int t = 0; t < x.length; t++) {
                double[] weight = new double[x.length];
                double total = 0;
                for (int s = 0; s < x.length; s++) {
                    double dot = 0;
                    for (int d = head * each; d < (head + 1) * each; d++) {
                        dot += query[t][d] * key[s][d];
                    }
                    weight[s] = there[s] ? Math.exp(dot / Math.sqrt(each)) : 0;
                    total += weight[s];
                }
                for (int d = head * each; d < (head + 1) * each; d++) {
                    for (int s = 0; s < x.length; s++) {
                        seen[t][d] += weight[s] / total * value[s][d];
                    }
                }
            }
        }
        return seen;
    }

    private double[][] map(String name, double[][] x) {
        float[] weight = model.weights().get(name);
        float[] bias = model.weights().get(name + ".bias");
        int inputs = x[0].length;
        double[][] y = new double[x.length][bias.length];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < bias.length; o++) {
                y[t][o] = bias[o];
                for (int i = 0; i < inputs; i++) {
                    y[t][o] += weight[o * inputs + i] * x[t][i];
                }
            }
        }
        return y;
    }

    private double[][] norm(String name, double[][] x) {
        float[] gain = model.weights().get(name + ".gain");
        float[] bias = model.weights().get(name + ".bias");
        for (double[] row : x) {
            double mean = 0;
            for (double value : row) {
                mean += value / row.length;
            }
            double variance = 0;
            for (double value : row) {
                variance += (value - mean) * (value - mean) / row.length;
            }
            for (int i = 0; i < row.length; i++) {
                row[i] = (row[i] - mean) / Math.sqrt(variance + EPSILON) * gain[i] + bias[i];
            }
        }
        return x;
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][a[0].length];
        for (int t = 0; t < a.length; t++) {
            for (int d = 0; d < sum[t].length; d++) {
                sum[t][d] = a[t][d] + b[t][d];
            }
        }
        return sum;
    }

    /** Its series (Abramowitz and Stegun 7.1.5), exact enough for |x| below 4; beyond it is 1. */
    private static double erf(double x) {
        if (Math.abs(x) > 4) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 100; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
