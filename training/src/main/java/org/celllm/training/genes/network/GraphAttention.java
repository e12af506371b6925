package org.celllm.training.genes.network;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.GradientTape;

/**
 * Graph attention (Veličković et al., arXiv 1710.10903, equations 1 to 5): with V = X·W and the vectors a and b of a head,
 *
 * <pre>
 * e_ij = LeakyReLU(a·V_i + b·V_j)      for every neighbour j of i, and i itself
 * α_ij = exp(e_ij) / Σ_k exp(e_ik)
 * out_i = Σ_j α_ij V_j                 heads side by side
 * </pre>
 *
 * <p>The gradient is written by hand where libtorch's own would scatter. With g the gradient of out and δ that of a score,
 *
 * <pre>
 * ∂V_j = Σ_i α_ij g_i                       a sum over the edges back, as the forward pass is over the edges there
 * δ_ij = α_ij (g_i·V_j − Σ_k α_ik g_i·V_k) LeakyReLU'(e_ij)
 * </pre>
 *
 * <p>and a·V_i gathers the δ of the edges to i, b·V_j those of the edges from j. That is four times as fast, and every sum has
 * its fixed order.
 */
final class GraphAttention {
    private static final double SLOPE = 0.2;

    private GraphAttention() {}

    /**
     * The layer.
     *
     * @param x [N, in]
     * @param weight W, [in, heads · width]
     * @param toTarget a, [heads, width]
     * @param toSource b, [heads, width]
     * @param edges with self loops
     * @param tape what leads back to x and the weights
     * @return [N, heads · width], a leaf of the tape
     */
    static Tensor attend(
            Tensor x, Tensor weight, Tensor toTarget, Tensor toSource, GraphEdges edges, GradientTape tape) {
        long heads = toTarget.size(0);
        long width = toTarget.size(1);
        Tensor values = x.mm(weight);
        Tensor byHead = weight.view(weight.size(0), heads, width);
        // a·(W·x) = (a·W)·x: N · heads numbers instead of N · heads · width.
        Tensor target = x.mm(byHead.mul(toTarget).sum(2));
        Tensor source = x.mm(byHead.mul(toSource).sum(2));
        Tensor sums = edges.ofTarget(target.detach()).add(edges.ofSource(source.detach()));
        Tensor shares = GradientTape.leaf(shares(torch.leaky_relu(sums, new Scalar(SLOPE)), edges));
        Tensor heard = heard(values.detach(), shares, edges);
        Tensor out = GradientTape.leaf(heard);
        tape.record(
                () -> {
                    Tensor gradient = out.grad();
                    // libtorch's own gradient with respect to the shares is a dot product an edge.
                    GradientTape.continueFrom(List.of(heard), List.of(gradient));
                    Tensor weighted = shares.mul(shares.grad());
                    Tensor scores = weighted.sub(shares.mul(edges.ofTarget(edges.sum(weighted))));
                    Tensor scored = torch.leaky_relu_backward(scores, sums, new Scalar(SLOPE), false);
                    GradientTape.continueFrom(
                            List.of(values, target, source),
                            List.of(
                                    heard(gradient, edges.reversed(shares), edges),
                                    edges.sum(scored),
                                    edges.sum(edges.reversed(scored))));
                },
                List.of(values, target, source, sums, shares, heard, out));
        return out;
    }

    /** [E, heads] the softmax over the edges to a node. */
    private static Tensor shares(Tensor scores, GraphEdges edges) {
        // A softmax does not change with what is taken off, and the greatest keeps exp in range.
        Tensor raised = scores.sub(edges.ofTarget(edges.max(scores))).exp();
        return raised.div(edges.ofTarget(edges.sum(raised)));
    }

    /** [N, heads · width] the sums of values by the shares, head by head. */
    private static Tensor heard(Tensor values, Tensor shares, GraphEdges edges) {
        long heads = shares.size(1);
        long width = values.size(1) / heads;
        TensorVector heard = new TensorVector();
        for (long head = 0; head < heads; head++) {
            heard.push_back(edges.aggregate(
                    values.narrow(1, head * width, width).contiguous(),
                    shares.select(1, head).contiguous()));
        }
        return torch.cat(heard, 1);
    }
}
