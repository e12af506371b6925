package org.celllm.tasks.annotate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.embed.ModelHash;
import org.celllm.tasks.pieces.RunBasis;
import org.jspecify.annotations.Nullable;

/** An annotator whose head reads the embedding of a frozen model and the genes themselves. */
public final class HeadAnnotator extends Annotator {
    private final CellEmbedder embedder;
    private final AnnotatorFolder.Stored stored;
    private final String hash;

    private HeadAnnotator(
            CellEmbedder embedder, AnnotatorFolder.Stored stored, String hash, @Nullable TrainingCells trained) {
        super(trained);
        this.embedder = embedder;
        this.stored = stored;
        this.hash = hash;
    }

    static HeadAnnotator read(Path folder, EmbedSettings settings) throws IOException {
        AnnotatorFolder.Stored stored = AnnotatorFolder.read(folder);
        TrainingCells trained = TrainingCells.read(folder);
        Path model = folder.resolve(AnnotatorFolder.MODEL);
        CellEmbedder embedder = CellEmbedder.open(model, settings.with(stored.pooling()));
        if (!ModelHash.of(model).equals(stored.modelHash())
                || embedder.dim() != stored.inputs().standardisation().mean().length) {
            embedder.close();
            throw otherModel(model);
        }
        return new HeadAnnotator(embedder, stored, AnnotatorHash.of(folder), trained);
    }

    @Override
    public List<String> labels() {
        return stored.labels();
    }

    @Override
    public List<GeneVocabulary> vocabularies() {
        return List.of(embedder.genes(), wideGenes());
    }

    @Override
    public double[][] probabilities(List<CellBatch> cells) {
        return probabilities(cells.get(0), cells.get(1));
    }

    @Override
    public double[][] probabilities(List<CellBatch> cells, List<BitSet> measured) {
        return chances(cells.get(0), embedder.embed(cells.get(0)), cells.get(1), measured.get(1));
    }

    @Override
    public EmbedSettings settings() {
        return embedder.settings();
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
     * Probabilities of some cells, all genes of which were measured.
     *
     * @param overModel the cells over the model's genes
     * @param overWide the same cells over {@link #wideGenes()}
     * @return [cells][classes]
     */
    public double[][] probabilities(CellBatch overModel, CellBatch overWide) {
        BitSet all = new BitSet();
        all.set(0, wideGenes().size());
        return chances(overModel, embedder.embed(overModel), overWide, all);
    }

    @Override
    FileEmbedding chances(CellFile file, int from, Chances sink, Progress progress) throws IOException {
        EmbedSettings settings = embedder.settings();
        // Two readings of the file go side by side, since the two paths know different genes.
        try (CellFile again = CellFile.open(file.path(), settings.values(), settings.identity())) {
            return chances(file, from, again, sink, progress);
        }
    }

    private FileEmbedding chances(CellFile file, int from, CellFile again, Chances sink, Progress progress)
            throws IOException {
        GeneMapping mapping = again.map(wideGenes());
        BitSet measured = mapping.measured();
        try (PreparedCells wide = again.read(mapping, EmbeddingStream.CELLS_PER_BATCH)) {
            wide.skipTo(from);
            return EmbeddingStream.run(
                    EmbeddingStream.Encoder.of(embedder),
                    file,
                    from,
                    (batch, rows) -> {
                        CellBatch beside = wide.next();
                        if (beside == null || beside.cells() != batch.cells()) {
                            throw new IllegalStateException("two readings of " + file.path() + " differ");
                        }
                        sink.accept(batch, chances(batch, rows, beside, measured));
                    },
                    progress);
        }
    }

    @Override
    RunBasis basis(CellFile file) throws IOException {
        return embedder.basis()
                .and("annotator", hash)
                .and(file.basis(file.map(embedder.genes())))
                .and("genes of the wide path", file.map(wideGenes()).mapped() + " mapped");
    }

    private double[][] chances(CellBatch overModel, float[][] embeddings, CellBatch overWide, BitSet measured) {
        DenseRows embedding = new DenseRows(embeddings, embedder.dim());
        double[][] chances = stored.head()
                .logProbabilities(stored.inputs()
                        .features(ExpressionRows.of(overWide, wideGenes().size()), measured, embedding));
        Naming.exponentials(chances);
        Naming.level(chances, overModel, overWide);
        return chances;
    }

    @Override
    public void close() {
        embedder.close();
    }
}
