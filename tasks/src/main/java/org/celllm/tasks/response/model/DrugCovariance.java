package org.celllm.tasks.response.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;

/**
 * How responses to drugs go together over lines: a line's responses are drawn from a normal distribution with this mean and
 * covariance and measured with noise, y = m + s + e. Learned by expectation maximisation from lines of which each was
 * measured for some of the drugs, with a pull towards independent drugs (an inverse Wishart prior), as Bonilla, Chai and Williams
 * learn the task covariance of a multi-task Gaussian process (NIPS 2007, section 3).
 *
 * @param mean [drugs] of ln IC50
 * @param covariance [drugs][drugs]
 * @param noise the variance of the noise
 */
record DrugCovariance(double[] mean, double[][] covariance, double noise) {
    /** Turns of expectation and maximisation; ended before they converge, which pulls a little more. */
    private static final int TURNS = 12;

    /**
     * For each drug, the pull towards independent drugs is worth this many lines: of 5, 50 and 150 lines for 170 drugs, 50
     * predicted validation pairs best.
     */
    private static final double PULL = 0.3;

    private static final int LINES_AT_ONCE = 16;
    private static final double START_NOISE = 0.5;

    /**
     * Learns.
     *
     * @param responses [lines][drugs], NaN where not measured; each line and drug was measured somewhere
     */
    static DrugCovariance learn(double[][] responses, Workers workers) {
        int drugs = responses[0].length;
        double[] mean = new double[drugs];
        double all = 0;
        int count = 0;
        for (int d = 0; d < drugs; d++) {
            int drug = d;
            mean[d] = Arrays.stream(responses)
                    .mapToDouble(line -> line[drug])
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(0);
        }
        for (double[] line : responses) {
            for (int d = 0; d < drugs; d++) {
                if (!Double.isNaN(line[d])) {
                    all += (line[d] - mean[d]) * (line[d] - mean[d]);
                    count++;
                }
            }
        }
        double variance = Math.max(1e-6, all / count);
        double[][] covariance = new double[drugs][drugs];
        for (int d = 0; d < drugs; d++) {
            Arrays.fill(covariance[d], variance / 2);
            covariance[d][d] = variance;
        }
        DrugCovariance now = new DrugCovariance(mean, covariance, START_NOISE * variance / 2);
        for (int turn = 0; turn < TURNS; turn++) {
            now = now.turn(responses, workers);
        }
        return now;
    }

    /** What some lines add to the sums of a turn. */
    private record Sums(double[] squares, double[] residuals, double noise, int pairs) {}

    private DrugCovariance turn(double[][] responses, Workers workers) {
        int lines = responses.length;
        int drugs = mean.length;
        int blocks = (lines + LINES_AT_ONCE - 1) / LINES_AT_ONCE;
        Sums[] sums = new Sums[blocks];
        double[] flat = Matrices.flat(covariance);
        workers.run(
                Math.min(workers.count(), blocks),
                blocks,
                (worker, block) -> sums[block] = sums(
                        Arrays.copyOfRange(
                                responses, block * LINES_AT_ONCE, Math.min(lines, (block + 1) * LINES_AT_ONCE)),
                        flat));
        double[] squares = new double[drugs * drugs];
        double[] residuals = new double[drugs];
        int[] measured = new int[drugs];
        double noiseSum = 0;
        int pairs = 0;
        // In the order of the lines, whoever computed them.
        for (Sums part : sums) {
            for (int i = 0; i < squares.length; i++) {
                squares[i] += part.squares()[i];
            }
            for (int d = 0; d < drugs; d++) {
                residuals[d] += part.residuals()[d];
            }
            noiseSum += part.noise();
            pairs += part.pairs();
        }
        for (double[] line : responses) {
            for (int d = 0; d < drugs; d++) {
                measured[d] += Double.isNaN(line[d]) ? 0 : 1;
            }
        }
        double pull = PULL * drugs;
        double[][] next = new double[drugs][drugs];
        double[] nextMean = new double[drugs];
        for (int i = 0; i < drugs; i++) {
            for (int j = 0; j < drugs; j++) {
                double own = i == j ? pull * squares[i * drugs + i] / lines : 0;
                next[i][j] = (0.5 * (squares[i * drugs + j] + squares[j * drugs + i]) + own) / (lines + pull);
            }
            nextMean[i] = residuals[i] / measured[i];
        }
        return new DrugCovariance(nextMean, next, Math.max(1e-8, noiseSum / pairs));
    }

    /** The expectations of some lines. */
    private Sums sums(double[][] responses, double[] flat) {
        int drugs = mean.length;
        double[] residuals = new double[drugs];
        double[] noiseSum = {0};
        int[] pairs = {0};
        double[][] squares = new double[1][];
        Native.runWithoutGradient(() -> {
            Tensor all = TensorArrays.of(flat, drugs, drugs);
            Tensor sum = TensorArrays.zeros(ScalarType.Double, drugs, drugs);
            for (double[] line : responses) {
                Native.run(() -> {
                    int[] seen = IntStream.range(0, drugs)
                            .filter(d -> !Double.isNaN(line[d]))
                            .toArray();
                    double[] away = Arrays.stream(seen)
                            .mapToDouble(d -> line[d] - mean[d])
                            .toArray();
                    Tensor index = TensorArrays.of(seen, seen.length);
                    Tensor rows = all.index_select(0, index);
                    Tensor among = rows.index_select(1, index);
                    Tensor factor = torch.linalg_cholesky(
                            among.add(torch.eye(seen.length, among.options()), new Scalar(noise)));
                    Tensor gain = torch.cholesky_solve(rows, factor);
                    Tensor expected = TensorArrays.of(away, 1, seen.length).mm(gain);
                    Tensor left = all.sub(gain.t().mm(rows));
                    sum.add_(left).addmm_(expected.t(), expected);
                    double[] shift = TensorArrays.doubles(expected);
                    double[] spread = TensorArrays.doubles(left.diagonal());
                    for (int i = 0; i < seen.length; i++) {
                        int d = seen[i];
                        residuals[d] += line[d] - shift[d];
                        double miss = away[i] - shift[d];
                        noiseSum[0] += miss * miss + spread[d];
                    }
                    pairs[0] += seen.length;
                });
            }
            squares[0] = TensorArrays.doubles(sum);
        });
        return new Sums(squares[0], residuals, noiseSum[0], pairs[0]);
    }
}
