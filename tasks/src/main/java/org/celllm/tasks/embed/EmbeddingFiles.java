package org.celllm.tasks.embed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.celllm.data.anndata.write.EmbeddingRows;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.pieces.CellRun;
import org.celllm.tasks.pieces.PieceFolder;
import org.celllm.tasks.pieces.RunBasis;

/** Embeds files into files: {@code celllm embed}. */
public final class EmbeddingFiles {
    /** Where embeddings stand in {@code obsm}. */
    public static final String OBSM = "X_celllm";
    /** The column of {@code obs} with the share of each cell's expression that the model's genes hold. */
    public static final String MAPPED_FRACTION = "celllm_mapped_fraction";

    private EmbeddingFiles() {}

    /**
     * Writes a copy of {@code in} with {@link #OBSM} (float32) and {@link #MAPPED_FRACTION}.
     *
     * @param in any format that is read; one that is not {@code .h5ad} becomes a new {@code .h5ad} file
     * @param out replaced when it exists
     * @throws org.celllm.data.InputException when {@code in} cannot be used or {@code out} cannot be written
     */
    public static FileEmbedding embedFile(CellEmbedder embedder, Path in, Path out, Progress progress)
            throws IOException {
        return embedFile(embedder, in, out, CellRun.usual().with(progress));
    }

    /**
     * The same, in a run that may go on with another that was cut off: finished cells stand beside {@code out} until it
     * is whole, and its bytes do not depend on where a run was cut. Memory holds a batch of cells, and of all cells a few
     * bytes each.
     *
     * @throws org.celllm.data.InputException also when the other run's results depended on something else
     */
    public static FileEmbedding embedFile(CellEmbedder embedder, Path in, Path out, CellRun run) throws IOException {
        EmbedSettings settings = embedder.settings();
        int dim = embedder.dim();
        try (CellFile file = CellFile.open(in, settings.values(), settings.identity())) {
            // Before anything is computed: a file that does not fit should fail at once.
            RunBasis basis =
                    RunBasis.of("run", "embeddings").and(embedder.basis()).and(file.basis(file.map(embedder.genes())));
            return PieceFolder.through(out, basis, dim + 1, run, pieces -> {
                FileEmbedding embedding = EmbeddingStream.run(
                        EmbeddingStream.Encoder.of(embedder),
                        file,
                        pieces.cells(),
                        (batch, rows) ->
                                pieces.put((int) batch.rows()[0], withMappedFraction(batch, rows, dim), batch.cells()),
                        run.progress());
                pieces.sync();
                double[] mapped = new double[file.cellCount()];
                EnrichedFile.write(file, out, additions -> {
                    try (EmbeddingRows obsm = additions.obsm(OBSM, dim)) {
                        pieces.forEach((first, rows, cells) -> {
                            float[] vectors = new float[cells * dim];
                            for (int i = 0; i < cells; i++) {
                                System.arraycopy(rows, i * (dim + 1), vectors, i * dim, dim);
                                mapped[first + i] = rows[i * (dim + 1) + dim];
                            }
                            obsm.put(vectors, cells);
                        });
                    }
                    additions.obs(MAPPED_FRACTION, new Column.Numeric(mapped, false));
                });
                return embedding.withMeanMappedFraction(
                        Arrays.stream(mapped).average().orElse(0));
            });
        }
    }

    private static float[] withMappedFraction(CellBatch batch, float[][] vectors, int dim) {
        float[] rows = new float[vectors.length * (dim + 1)];
        for (int i = 0; i < vectors.length; i++) {
            System.arraycopy(vectors[i], 0, rows, i * (dim + 1), dim);
            rows[i * (dim + 1) + dim] = EmbeddingStream.mappedFraction(batch, i);
        }
        return rows;
    }
}
