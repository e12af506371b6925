package org.celllm.network;

import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/** Token embedding plus gene embedding, CLS before the genes of each cell, padding rows (if any) at the end. */
final class CellEmbedding {
    private final NetworkConfig config;
    private final ModelWeights weights;

    CellEmbedding(NetworkConfig config, ModelWeights weights) {
        this.config = config;
        this.weights = weights;
    }

    /**
     * Embeds the positions of some cells.
     *
     * @param tape takes the way back; {@code null} where there is none, or autograd is to record it
     * @return [rows of layout, dim]
     * @throws IllegalArgumentException when a gene or token lies outside its table
     */
    Tensor embed(CellSequences cells, SequenceLayout layout, @Nullable GradientTape tape) {
        int rows = layout.rows();
        int[] token = new int[rows];
        int[] gene = new int[rows];
        for (int cell = 0; cell < cells.cells(); cell++) {
            int row = cells.clsRow(cell);
            token[row] = config.clsToken();
            gene[row] = config.genes();
            for (int i = cells.offsets()[cell]; i < cells.offsets()[cell + 1]; i++) {
                row++;
                token[row] = checked(cells.tokens()[i], config.tokens(), "token");
                gene[row] = checked(cells.genes()[i], config.genes(), "gene");
            }
        }
        for (int row = layout.positions(); row < rows; row++) {
            token[row] = config.maskToken();
            gene[row] = config.genes() + 1;
        }
        return embed(TensorArrays.of(token, rows), TensorArrays.of(gene, rows), tape);
    }

    private Tensor embed(Tensor token, Tensor gene, @Nullable GradientTape tape) {
        Tensor tokens = weights.get(WeightShapes.TOKENS);
        Tensor genes = weights.get(WeightShapes.GENES);
        boolean trained = GradMode.is_enabled() && (tokens.requires_grad() || genes.requires_grad());
        if (!trained || tape == null) {
            return torch.embedding(tokens, token).add_(torch.embedding(genes, gene));
        }
        // Autograd would make a gradient of the whole table for every chunk.
        Tensor leaf = GradientTape.leaf(
                Native.withoutGradient(() -> torch.embedding(tokens, token).add_(torch.embedding(genes, gene))));
        tape.record(
                () -> {
                    add(weights.gradient(WeightShapes.TOKENS), token, leaf.grad());
                    add(weights.gradient(WeightShapes.GENES), gene, leaf.grad());
                },
                List.of(leaf, token, gene));
        return leaf;
    }

    /** libtorch is several times as fast on 64-bit indices. */
    private static void add(@Nullable Tensor gradient, Tensor rows, Tensor flow) {
        if (gradient != null && flow.defined()) {
            gradient.index_add_(0, rows.to(ScalarType.Long), flow);
        }
    }

    /** libtorch would read outside the table. */
    private static int checked(int index, int size, String what) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException(what + " " + index + " of a network with " + size);
        }
        return index;
    }
}
