package org.celllm.training.genes.network;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.interactions.GeneNetwork;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * Leading eigenvectors of a network's normalised adjacency S = (D + τ)^(−½) A (D + τ)^(−½), with the degrees D and τ their
 * mean: without τ, every small group apart from the rest would take an eigenvector of eigenvalue 1 (Qin and Rohe,
 * "Regularized spectral clustering under the degree-corrected stochastic blockmodel", NIPS 2013).
 *
 * <p>By subspace iteration with Chebyshev filters (Zhou, Saad, Tiago and Chelikowsky, J. Comput. Phys. 219, 2006): each round
 * applies a polynomial in S that grows fast above the least eigenvalue wanted and stays within ±1 below, then makes the block
 * orthonormal and takes the best eigenvectors within it (Rayleigh and Ritz). The sign of each makes its largest entry positive.
 */
final class NetworkSpectrum {
    private static final int OVERSAMPLING = 32;
    private static final int DEGREE = 8;
    private static final int MOST_ROUNDS = 12;
    private static final double STANDS_STILL = 1e-3;
    private static final long PURPOSE = 0x737065637472L;

    private NetworkSpectrum() {}

    /**
     * Eigenvectors by descending eigenvalue.
     *
     * @param nodes N
     * @param count how many
     * @param values [count] eigenvalues
     * @param vectors [N · count] row by row, orthonormal columns
     */
    record Spectrum(int nodes, int count, float[] values, float[] vectors) {
        /**
         * Features of the nodes: the eigenvectors times √λ (0 where λ is negative), each node's row brought to length one. Rows
         * of length one leave out a node's degree, which the length is nearly proportional to the root of.
         *
         * @return [N · count] row by row
         */
        float[] features() {
            float[] features = new float[vectors.length];
            for (int node = 0; node < nodes; node++) {
                double squares = 0;
                for (int c = 0; c < count; c++) {
                    double value = vectors[node * count + c] * Math.sqrt(Math.max(0, values[c]));
                    features[node * count + c] = (float) value;
                    squares += value * value;
                }
                double factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
                for (int c = 0; c < count; c++) {
                    features[node * count + c] *= (float) factor;
                }
            }
            return features;
        }
    }

    /**
     * The spectrum; a pure function of network and seed, to the bit for the same number of threads.
     *
     * @param wanted how many eigenvectors; fewer come back when the network has fewer genes
     */
    static Spectrum of(GeneNetwork network, int wanted, long seed, Progress progress) {
        int nodes = network.genes().size();
        int count = Math.min(wanted, nodes);
        int block = Math.min(nodes, count + OVERSAMPLING);
        float[] start = new float[Math.multiplyExact(nodes, block)];
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE);
        for (int i = 0; i < start.length; i++) {
            start[i] = (float) random.nextGaussian();
        }
        Spectrum[] result = new Spectrum[1];
        try (GraphEdges edges = GraphEdges.of(network, false);
                Progress.Task task = progress.start("Eigenvectors of the network", "rounds", -1)) {
            Native.runWithoutGradient(() -> {
                Tensor weights = weights(network);
                Tensor basis =
                        torch.linalg_qr(TensorArrays.of(start, nodes, block)).get0();
                double[] before = new double[block];
                double cut = 0;
                for (int round = 1; ; round++) {
                    Ritz ritz = round(edges, weights, basis, cut);
                    basis = ritz.vectors();
                    double change = 0;
                    for (int c = 0; c < count; c++) {
                        change = Math.max(change, Math.abs(ritz.values()[c] - before[c]));
                    }
                    before = ritz.values();
                    cut = Math.max(-0.9, Math.min(0.9, before[block - 1]));
                    task.advance(1);
                    if (change <= STANDS_STILL || block == nodes || round == MOST_ROUNDS) {
                        break;
                    }
                }
                float[] vectors = TensorArrays.floats(basis.narrow(1, 0, count).contiguous());
                sign(vectors, nodes, count);
                float[] values = new float[count];
                for (int c = 0; c < count; c++) {
                    values[c] = (float) before[c];
                }
                result[0] = new Spectrum(nodes, count, values, vectors);
            });
        }
        return result[0];
    }

    /** Approximate eigenvalues, descending, and eigenvectors in columns. */
    private record Ritz(double[] values, Tensor vectors) {}

    private static Ritz round(GraphEdges edges, Tensor weights, Tensor basis, double cut) {
        double[] values = new double[(int) basis.size(1)];
        Tensor vectors = Native.scoped(() -> {
            Tensor block = torch.linalg_qr(filtered(edges, weights, basis, cut)).get0();
            Tensor seen = block.t().mm(edges.aggregate(block, weights)).to(torch.ScalarType.Double);
            T_TensorTensor_T eigen = torch.linalg_eigh(seen.add(seen.t()).mul(new Scalar(0.5)));
            double[] ascending = TensorArrays.doubles(eigen.get0());
            for (int c = 0; c < values.length; c++) {
                values[c] = ascending[values.length - 1 - c];
            }
            return block.mm(eigen.get1().flip(1).to(torch.ScalarType.Float).contiguous());
        });
        return new Ritz(values, vectors);
    }

    /** T_m((S − c)/e)·basis with the centre c and half width e of [−1, cut], by the three-term recurrence. */
    private static Tensor filtered(GraphEdges edges, Tensor weights, Tensor basis, double cut) {
        Scalar centre = new Scalar((cut - 1) / 2);
        double half = (cut + 1) / 2;
        Tensor before = basis;
        Tensor now = edges.aggregate(basis, weights).sub(basis, centre).mul(new Scalar(1 / half));
        for (int degree = 2; degree <= DEGREE; degree++) {
            Tensor last = before;
            Tensor present = now;
            Tensor next = Native.scoped(() -> edges.aggregate(present, weights)
                    .sub(present, centre)
                    .mul(new Scalar(2 / half))
                    .sub(last));
            before = now;
            now = next;
        }
        return now;
    }

    private static Tensor weights(GeneNetwork network) {
        int[] degrees = network.degrees();
        double mean = Arrays.stream(degrees).average().orElse(0);
        GeneNetwork.Neighbours neighbours = network.neighbours(false);
        float[] weights = new float[neighbours.all().length];
        for (int node = 0; node < degrees.length; node++) {
            for (int at = neighbours.offsets()[node]; at < neighbours.offsets()[node + 1]; at++) {
                weights[at] = (float) (1
                        / Math.sqrt((degrees[node] + mean) * (degrees[neighbours.all()[at]] + mean)));
            }
        }
        return TensorArrays.of(weights, weights.length);
    }

    private static void sign(float[] vectors, int nodes, int count) {
        for (int c = 0; c < count; c++) {
            float largest = 0;
            for (int node = 0; node < nodes; node++) {
                float value = vectors[node * count + c];
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            for (int node = 0; node < nodes && largest < 0; node++) {
                vectors[node * count + c] = -vectors[node * count + c];
            }
        }
    }
}
