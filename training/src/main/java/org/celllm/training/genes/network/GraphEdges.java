package org.celllm.training.genes.network;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.interactions.GeneNetwork;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * The directed edges of a graph in the order of the nodes that they lead to, as tensors, and the sums along them. An
 * undirected edge stands twice; E counts directed edges, N nodes.
 *
 * <p>Every sum runs over the edges of one node in their order, so it is the same bits every time. Nothing of the size
 * [E, width] is ever in memory.
 *
 * <p>Closing it frees the tensors.
 */
final class GraphEdges implements AutoCloseable {
    private static final long SUM = 0;

    private final Tensor sources;
    private final Tensor targets;
    private final Tensor offsets;
    private final Tensor own;
    private final Tensor reverse;
    private final int nodes;

    private GraphEdges(int[] sources, int[] targets, int[] offsets) {
        int[] own = new int[sources.length];
        int[] reverse = new int[sources.length];
        int[] next = offsets.clone();
        for (int edge = 0; edge < own.length; edge++) {
            own[edge] = edge;
            // Edges ascend by target, and a node's by source: those back to a node come in the order of its own.
            reverse[edge] = next[sources[edge]]++;
        }
        this.sources = Native.keep(TensorArrays.of(sources, sources.length));
        this.targets = Native.keep(TensorArrays.of(targets, targets.length));
        this.offsets = Native.keep(TensorArrays.of(offsets, offsets.length));
        this.own = Native.keep(TensorArrays.of(own, own.length));
        this.reverse = Native.keep(TensorArrays.of(reverse, reverse.length));
        this.nodes = offsets.length - 1;
    }

    /**
     * The edges of a network.
     *
     * @param selfLoops whether every node also has an edge to itself
     */
    static GraphEdges of(GeneNetwork network, boolean selfLoops) {
        GeneNetwork.Neighbours neighbours = network.neighbours(selfLoops);
        int[] offsets = neighbours.offsets();
        int[] targets = new int[neighbours.all().length];
        for (int node = 0; node + 1 < offsets.length; node++) {
            Arrays.fill(targets, offsets[node], offsets[node + 1], node);
        }
        GraphEdges[] edges = new GraphEdges[1];
        Native.run(() -> edges[0] = new GraphEdges(neighbours.all(), targets, offsets));
        return edges[0];
    }

    /** How many nodes. */
    int nodes() {
        return nodes;
    }

    /** [E, width] the row that each edge comes from, of [N, width]. */
    Tensor ofSource(Tensor rows) {
        return torch.embedding(rows, sources, -1, false, false);
    }

    /** [E, width] the row that each edge leads to, of [N, width]. */
    Tensor ofTarget(Tensor rows) {
        return torch.embedding(rows, targets, -1, false, false);
    }

    /** [E, …] the row of the edge in the other direction, of [E, …]. */
    Tensor reversed(Tensor ofEdges) {
        return ofEdges.index_select(0, reverse);
    }

    /**
     * For each node the weighted sum of the rows that its edges come from.
     *
     * @param rows [N, width]
     * @param weights [E]
     * @return [N, width]
     */
    Tensor aggregate(Tensor rows, Tensor weights) {
        return torch.embedding_bag(rows, sources, offsets, false, SUM, false, new TensorOptional(weights), true)
                .get0();
    }

    /** [N, width] for each node the sum of the rows of its edges, of [E, width]. */
    Tensor sum(Tensor ofEdges) {
        return torch.embedding_bag(ofEdges, own, offsets, false, SUM, false, new TensorOptional(), true)
                .get0();
    }

    /** [N, width] for each node the greatest of its edges' values, of [E, width]; without a gradient. 0 for none. */
    Tensor max(Tensor ofEdges) {
        return torch.segment_reduce(
                ofEdges.detach(),
                "max",
                new TensorOptional(),
                new TensorOptional(),
                new TensorOptional(offsets.to(torch.ScalarType.Long)),
                0,
                true,
                new ScalarOptional(new Scalar(0.0)));
    }

    @Override
    public void close() {
        sources.close();
        targets.close();
        offsets.close();
        own.close();
        reverse.close();
    }
}
