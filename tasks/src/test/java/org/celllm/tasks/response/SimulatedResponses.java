package org.celllm.tasks.response;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.data.random.KeyedRandom;

/**
 * Responses with a known truth: effects of drugs and lines, two factors of lines (which expression tells, beside noise)
 * times those of drugs (which drug features tell), and noise; a fifth of the pairs is not measured.
 */
public record SimulatedResponses(DrugResponses responses, NamedFeatures expression, NamedFeatures drugFeatures) {
    private static final int FACTORS = 2;
    private static final int GENES = 40;

    public static SimulatedResponses of(int lines, int drugs, long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        float[][] lineFactors = gaussian(random, lines, FACTORS);
        float[][] drugFactors = gaussian(random, drugs, FACTORS);
        float[][] lineEffect = gaussian(random, lines, 1);
        float[][] drugEffect = gaussian(random, drugs, 1);
        List<DrugResponses.Response> pairs = new ArrayList<>();
        for (int l = 0; l < lines; l++) {
            for (int d = 0; d < drugs; d++) {
                if (random.nextDouble() < 0.2) {
                    continue;
                }
                double value = 2 + 2 * drugEffect[d][0] + 0.5 * lineEffect[l][0] + 0.3 * random.nextGaussian();
                for (int f = 0; f < FACTORS; f++) {
                    value += lineFactors[l][f] * drugFactors[d][f];
                }
                pairs.add(new DrugResponses.Response(line(l), drug(d), (float) value));
            }
        }
        return new SimulatedResponses(
                DrugResponses.of(pairs),
                new NamedFeatures(
                        names(lines, SimulatedResponses::line),
                        names(GENES, g -> "G" + g),
                        mixed(random, lineFactors, GENES)),
                new NamedFeatures(
                        names(drugs, SimulatedResponses::drug),
                        List.of("a", "b", "c"),
                        withEffect(drugFactors, drugEffect)));
    }

    public ResponseData data() {
        return ResponseData.of(responses, LineTables.of(expression), drugFeatures, null, null);
    }

    /** The negative control: each line has the expression of some other line. */
    public ResponseData shuffled(long seed) {
        int[] order = KeyedRandom.of(seed, 1).permutation(expression.names().size());
        float[][] values = new float[order.length][];
        for (int i = 0; i < order.length; i++) {
            values[i] = expression.values()[order[i]];
        }
        return ResponseData.of(responses, new NamedFeatures(expression.names(), expression.columns(), values));
    }

    public static String line(int l) {
        return String.format(Locale.ROOT, "L%03d", l);
    }

    public static String drug(int d) {
        return String.format(Locale.ROOT, "D%02d", d);
    }

    private static float[][] withEffect(float[][] factors, float[][] effect) {
        float[][] rows = new float[factors.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {factors[i][0], factors[i][1], effect[i][0]};
        }
        return rows;
    }

    private static float[][] mixed(KeyedRandom random, float[][] factors, int columns) {
        float[][] loadings = gaussian(random, columns, FACTORS);
        float[][] values = gaussian(random, factors.length, columns);
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < columns; j++) {
                for (int f = 0; f < FACTORS; f++) {
                    values[i][j] += loadings[j][f] * factors[i][f];
                }
            }
        }
        return values;
    }

    private static float[][] gaussian(KeyedRandom random, int rows, int columns) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    private static List<String> names(int n, java.util.function.IntFunction<String> name) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            names.add(name.apply(i));
        }
        return names;
    }
}
