package org.celllm.training.genes.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.interactions.GeneNetwork;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention along edges and its gradient, beside a softmax over a dense matrix of scores and libtorch's own gradient. */
class GraphAttentionTest {
    private static final int IN = 5;
    private static final int HEADS = 3;
    private static final int WIDTH = 4;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void outputAndGradientsAreThoseOfTheDenseFormula(long seed) {
        Torch.configure(1);
        KeyedRandom random = KeyedRandom.of(seed, 7);
        int nodes = 2 + random.nextInt(30);
        GeneNetwork network = network(nodes, random);
        Native.run(() -> {
            // Large scores as well: a softmax that overflows would show.
            double spread = seed == 5 ? 40 : 1;
            List<Tensor> sparse = inputs(nodes, spread, seed);
            List<Tensor> dense = inputs(nodes, spread, seed);
            Tensor flow = drawn(KeyedRandom.of(seed, 9), 1, nodes, HEADS * WIDTH);
            Tensor out;
            try (GraphEdges edges = GraphEdges.of(network, true);
                    GradientTape tape = new GradientTape()) {
                out = GraphAttention.attend(sparse.get(0), sparse.get(1), sparse.get(2), sparse.get(3), edges, tape);
                out.mul(flow).sum().backward();
                tape.backward();
            }
            Tensor expected = dense(dense, network);
            expected.mul(flow).sum().backward();
            same(out, expected, "output", seed);
            for (int i = 0; i < sparse.size(); i++) {
                same(sparse.get(i).grad(), dense.get(i).grad(), "gradient " + i, seed);
            }
        });
    }

    private static void same(Tensor found, Tensor expected, String what, long seed) {
        double[] right = TensorArrays.doubles(expected);
        double size = Math.sqrt(IntStream.range(0, right.length)
                .mapToDouble(i -> right[i] * right[i])
                .sum());
        assertThat(size).isPositive();
        double[] values = TensorArrays.doubles(found);
        for (int i = 0; i < right.length; i++) {
            assertThat(values[i])
                    .as("%s, seed %d, number %d", what, seed, i)
                    .isCloseTo(right[i], within(1e-11 * Math.max(1, size)));
        }
    }

    private static Tensor dense(List<Tensor> inputs, GeneNetwork network) {
        Tensor x = inputs.get(0);
        int nodes = network.genes().size();
        double[] away = new double[nodes * nodes];
        GeneNetwork.Neighbours neighbours = network.neighbours(false);
        for (int i = 0; i < nodes; i++) {
            for (int j = 0; j < nodes; j++) {
                away[i * nodes + j] = i == j || neighbours.has(i, j) ? 0 : Double.NEGATIVE_INFINITY;
            }
        }
        Tensor mask = TensorArrays.of(away, nodes, nodes);
        TensorVector heads = new TensorVector();
        for (int head = 0; head < HEADS; head++) {
            Tensor v = x.mm(inputs.get(1)).narrow(1, (long) head * WIDTH, WIDTH);
            Tensor target = v.mm(inputs.get(2).narrow(0, head, 1).t());
            Tensor source = v.mm(inputs.get(3).narrow(0, head, 1).t());
            Tensor scores =
                    torch.leaky_relu(target.add(source.t()), new Scalar(0.2)).add(mask);
            heads.push_back(scores.softmax(1).mm(v));
        }
        return torch.cat(heads, 1);
    }

    private static List<Tensor> inputs(int nodes, double spread, long seed) {
        KeyedRandom random = KeyedRandom.of(seed, 8);
        List<Tensor> inputs = new ArrayList<>(List.of(
                drawn(random, 1, nodes, IN),
                drawn(random, 1, IN, HEADS * WIDTH),
                drawn(random, spread, HEADS, WIDTH),
                drawn(random, spread, HEADS, WIDTH)));
        inputs.forEach(input -> input.set_requires_grad(true));
        return inputs;
    }

    private static Tensor drawn(KeyedRandom random, double spread, int rows, int columns) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = spread * random.nextGaussian();
        }
        return TensorArrays.of(values, rows, columns);
    }

    /** Some nodes are without an edge: they then hear themselves alone. */
    private static GeneNetwork network(int nodes, KeyedRandom random) {
        long[] pairs = new long[2 * nodes];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = GeneNetwork.pair(random.nextInt(1 + nodes / 2), random.nextInt(nodes));
        }
        return GeneNetwork.of(
                IntStream.range(0, nodes)
                        .mapToObj(i -> String.format("N%03d", i))
                        .toList(),
                pairs);
    }
}
