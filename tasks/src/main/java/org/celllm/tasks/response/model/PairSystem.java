package org.celllm.tasks.response.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * Solves (mask ∘ (K W S) + noise W) = y for the weights W of measured pairs, K [lines, lines] and S [drugs, drugs] symmetric
 * without negative eigenvalues: the system of a Gaussian process whose covariance of two pairs is that of their lines times
 * that of their drugs. Conjugate gradients; were every pair measured, the eigenvectors of K and S would solve it at once, so
 * that solution is the preconditioner. A step costs two products for each of the two, never the matrix of all pairs.
 */
final class PairSystem {
    private static final double TOLERANCE = 1e-4;
    private static final int MOST_STEPS = 120;

    private PairSystem() {}

    /**
     * Solves.
     *
     * @param y [lines, drugs] responses less their mean, 0 where not measured
     * @param mask [lines, drugs] 1 where measured, else 0
     * @return [lines, drugs], 0 where not measured, as {@code y}; within 1e-4 of its length
     */
    static double[] solve(double[] y, double[] mask, double[][] ofLines, double[][] ofDrugs, double noise) {
        int lines = ofLines.length;
        int drugs = ofDrugs.length;
        double[][] solution = new double[1][];
        Native.runWithoutGradient(() -> {
            Tensor measured = TensorArrays.of(mask, lines, drugs);
            Tensor k = TensorArrays.of(Matrices.flat(ofLines), lines, lines);
            Tensor s = TensorArrays.of(Matrices.flat(ofDrugs), drugs, drugs);
            T_TensorTensor_T parts = torch.linalg_eigh(k);
            Tensor u = parts.get1().alias();
            Tensor ofU = parts.get0().alias().clamp_min(new Scalar(0.0)).view(lines, 1);
            parts = torch.linalg_eigh(s);
            Tensor v = parts.get1().alias();
            Tensor ofV = parts.get0().alias().clamp_min(new Scalar(0.0)).view(1, drugs);
            Tensor inverse = ofU.mul(ofV).add(new Scalar(noise)).reciprocal();
            Tensor right = TensorArrays.of(y, lines, drugs);
            Tensor weights = TensorArrays.zeros(ScalarType.Double, lines, drugs);
            Tensor rest = right.clone();
            Tensor direction = TensorArrays.zeros(ScalarType.Double, lines, drugs);
            double length = dot(right, right);
            double[] before = {0};
            boolean[] done = {length == 0};
            for (int step = 0; step < MOST_STEPS && !done[0]; step++) {
                boolean first = step == 0;
                Native.run(() -> {
                    Tensor better =
                            u.mm(u.t().mm(rest).mm(v).mul(inverse)).mm(v.t()).mul(measured);
                    double now = dot(rest, better);
                    direction.mul_(new Scalar(first ? 0 : now / before[0])).add_(better);
                    before[0] = now;
                    Tensor image = k.mm(direction).mm(s).mul(measured).add(direction, new Scalar(noise));
                    double far = now / dot(direction, image);
                    weights.add_(direction, new Scalar(far));
                    rest.sub_(image, new Scalar(far));
                    done[0] = dot(rest, rest) <= TOLERANCE * TOLERANCE * length;
                });
            }
            solution[0] = TensorArrays.doubles(weights);
        });
        return solution[0];
    }

    private static double dot(Tensor a, Tensor b) {
        return a.mul(b).sum().item_double();
    }
}
