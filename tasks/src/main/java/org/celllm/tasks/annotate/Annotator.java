package org.celllm.tasks.annotate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.FileEmbedding;

/**
 * A fitted annotator that was read from its folder: names the cells of any file, of other genes and another
 * normalisation than those it was fitted on, as long as enough genes are known to it.
 *
 * <p>Thread safe as {@link CellEmbedder} is; {@link #close()} frees the model and must come last.
 */
public final class Annotator implements AutoCloseable {
    private final CellEmbedder embedder;
    private final AnnotatorFolder.Stored stored;

    private Annotator(CellEmbedder embedder, AnnotatorFolder.Stored stored) {
        this.embedder = embedder;
        this.stored = stored;
    }

    /**
     * Opens an annotator's folder.
     *
     * @param settings of the encoder; the pooling is the one it was fitted with, whatever they say
     * @throws InputException when the folder is no annotator, or its model is not the one it was fitted with
     */
    public static Annotator open(Path folder, EmbedSettings settings) throws IOException {
        AnnotatorFolder.Stored stored = AnnotatorFolder.read(folder);
        Path model = folder.resolve(AnnotatorFolder.MODEL);
        CellEmbedder embedder = CellEmbedder.open(model, settings.with(stored.pooling()));
        if (!ModelHash.of(model).equals(stored.modelHash())
                || embedder.dim() != stored.inputs().standardisation().mean().length) {
            embedder.close();
            throw InputException.about(model)
                    .found("is not the model that the annotator was fitted with")
                    .remedy("Fit the annotator again")
                    .build();
        }
        return new Annotator(embedder, stored);
    }

    /** The classes' names. */
    public List<String> labels() {
        return stored.labels();
    }

    /** The model's part of it. */
    public CellEmbedder embedder() {
        return embedder;
    }

    /** The genes of the wide path. */
    public GeneVocabulary wideGenes() {
        return stored.inputs().genes();
    }

    /**
     * Probabilities of some cells.
     *
     * @param overModel the cells over the model's genes
     * @param overWide the same cells over {@link #wideGenes()}
     * @return [cells][classes]
     */
    public double[][] probabilities(CellBatch overModel, CellBatch overWide) {
        return head(new DenseRows(embedder.embed(overModel), embedder.dim()), overWide);
    }

    /**
     * Names the cells of a file.
     *
     * @param threshold cells whose likeliest class is less probable than this are left unassigned
     * @throws InputException when the file cannot be used, or too few of its genes are known
     */
    public Predictions predict(Path path, double threshold, Progress progress) throws IOException {
        long started = System.nanoTime();
        EmbedSettings settings = embedder.settings();
        // Two readings of the file go side by side, since the two paths know different genes.
        try (CellFile file = CellFile.open(path, settings.values(), settings.identity());
                CellFile again = CellFile.open(path, settings.values(), settings.identity())) {
            GeneMapping mapping = again.map(wideGenes());
            int cells = file.cells().size();
            int[] codes = new int[cells];
            float[] probabilities = new float[cells];
            int[] at = new int[1];
            FileEmbedding reading;
            try (PreparedCells wide = again.read(mapping, EmbeddingStream.CELLS_PER_BATCH)) {
                reading = EmbeddingStream.run(
                        embedder,
                        file,
                        (batch, rows) -> {
                            CellBatch beside = wide.next();
                            if (beside == null || beside.cells() != batch.cells()) {
                                throw new IllegalStateException("two readings of " + path + " differ");
                            }
                            double[][] chances = head(new DenseRows(rows, embedder.dim()), beside);
                            int[] likeliest = Classifier.likeliest(chances);
                            for (int i = 0; i < chances.length; i++) {
                                double chance = chances[i][likeliest[i]];
                                probabilities[at[0]] = (float) chance;
                                codes[at[0]++] = chance < threshold ? -1 : likeliest[i];
                            }
                        },
                        progress);
            }
            return new Predictions(
                    file.cells().names(),
                    labels(),
                    codes,
                    probabilities,
                    reading,
                    mapping,
                    (System.nanoTime() - started) / 1e9);
        }
    }

    private double[][] head(DenseRows embedding, CellBatch overWide) {
        double[][] chances = stored.head()
                .logProbabilities(stored.inputs()
                        .features(ExpressionRows.of(overWide, wideGenes().size()), embedding));
        for (double[] cell : chances) {
            for (int c = 0; c < cell.length; c++) {
                cell[c] = Math.exp(cell[c]);
            }
        }
        return chances;
    }

    /** Frees the model. */
    @Override
    public void close() {
        embedder.close();
    }
}
