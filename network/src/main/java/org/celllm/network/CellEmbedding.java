package org.celllm.network;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.runtime.TensorArrays;

/** Token embedding plus gene embedding, CLS before the genes of each cell, padding rows (if any) at the end. */
final class CellEmbedding {
    private final NetworkConfig config;
    private final Tensor tokens;
    private final Tensor genes;

    CellEmbedding(NetworkConfig config, Tensor tokens, Tensor genes) {
        this.config = config;
        this.tokens = tokens;
        this.genes = genes;
    }

    /**
     * @return [rows of layout, dim]
     * @throws IllegalArgumentException when a gene or token lies outside its table
     */
    Tensor embed(CellSequences cells, SequenceLayout layout) {
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
        Tensor ofGenes = torch.embedding(genes, TensorArrays.of(gene, rows));
        if (GradMode.is_enabled() && tokens.requires_grad()) {
            // Few tokens, many rows: the way back is a product, where that of an embedding adds row by row.
            Tensor which = TensorArrays.of(token, rows, 1).to(ScalarType.Long);
            Tensor isToken = TensorArrays.zeros(tokens.scalar_type(), rows, config.tokens())
                    .scatter_(1, which, new Scalar(1));
            return torch.addmm(ofGenes, isToken, tokens);
        }
        return torch.embedding(tokens, TensorArrays.of(token, rows)).add_(ofGenes);
    }

    /** libtorch would read outside the table. */
    private static int checked(int index, int size, String what) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException(what + " " + index + " of a network with " + size);
        }
        return index;
    }
}
