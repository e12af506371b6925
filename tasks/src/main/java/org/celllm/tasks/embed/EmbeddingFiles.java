package org.celllm.tasks.embed;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.anndata.write.EmbeddingRows;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;

/** Embeds files into files: {@code celllm embed}. */
public final class EmbeddingFiles {
    /** Where embeddings stand in {@code obsm}. */
    public static final String OBSM = "X_celllm";
    /** The column of {@code obs} with the share of each cell's expression that the model's genes hold. */
    public static final String MAPPED_FRACTION = "celllm_mapped_fraction";

    private EmbeddingFiles() {}

    /**
     * Writes a copy of {@code in} with {@link #OBSM} (float32) and {@link #MAPPED_FRACTION}, in memory that does not
     * depend on the number of cells but for a few bytes a cell.
     *
     * @param in any format that is read; one that is not {@code .h5ad} becomes a new {@code .h5ad} file
     * @param out replaced when it exists
     * @throws org.celllm.data.InputException when {@code in} cannot be used or {@code out} cannot be written
     */
    public static FileEmbedding embedFile(CellEmbedder embedder, Path in, Path out, Progress progress)
            throws IOException {
        EmbedSettings settings = embedder.settings();
        FileEmbedding[] result = new FileEmbedding[1];
        try (CellFile file = CellFile.open(in, settings.values(), settings.identity())) {
            // Before anything is copied: a file that does not fit should fail at once.
            file.map(embedder.genes());
            EnrichedFile.write(file, out, additions -> {
                FileEmbedding embedding;
                try (EmbeddingRows rows = additions.obsm(OBSM, embedder.dim())) {
                    embedding = EmbeddingStream.run(
                            embedder,
                            file,
                            (batch, embedded) -> rows.put(flat(embedded, embedder.dim()), embedded.length),
                            progress);
                }
                additions.obs(MAPPED_FRACTION, numbers(embedding.mappedFraction()));
                result[0] = embedding;
            });
        }
        return result[0];
    }

    /** A column of numbers. */
    public static Column numbers(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values[i];
        }
        return new Column.Numeric(doubles, false);
    }

    private static float[] flat(float[][] rows, int dim) {
        float[] flat = new float[rows.length * dim];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * dim, dim);
        }
        return flat;
    }
}
