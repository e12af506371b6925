package org.celllm.tasks.annotate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.features.GeneScaling;
import org.celllm.data.features.SparseRows;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.data.tokens.ValueState;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.labels.LabelSample;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a file in memory, as everything that is fitted needs them.
 *
 * @param names [cells]
 * @param labels [cells], −1 where a cell has none; such cells still count for principal components
 * @param genes all genes of the file, or those it was read over
 * @param measured which of them the file has
 * @param expression [cells, genes] log-normalised
 * @param scaling the genes that principal components are taken of
 * @param embedding [cells, dim] as the encoder gives it
 * @param reading what the encoder read
 * @param left cells of the file that are left out because there were too many
 */
public record LabelledCells(
        List<String> names,
        CellLabels labels,
        GeneVocabulary genes,
        BitSet measured,
        SparseRows expression,
        GeneScaling scaling,
        DenseRows embedding,
        FileEmbedding reading,
        int left) {
    /**
     * Reads a file twice: for its genes, and through the encoder.
     *
     * @param column of labels
     * @param mostCells beyond that a stratified sample is taken
     * @throws org.celllm.data.InputException when the file cannot be used or the column is no column of labels
     */
    public static LabelledCells read(
            CellEmbedder embedder, CellFile file, String column, int mostCells, long seed, Progress progress)
            throws IOException {
        return read(embedder, file, column, mostCells, seed, batch -> {}, progress);
    }

    /**
     * The same.
     *
     * @param also sees the cells over the model's genes, in order
     */
    static LabelledCells read(
            CellEmbedder embedder,
            CellFile file,
            String column,
            int mostCells,
            long seed,
            Consumer<CellBatch> also,
            Progress progress)
            throws IOException {
        CellLabels all = CellLabels.read(file.path(), file.cells(), column);
        return read(embedder, file, all, file.ownGenes(), mostCells, seed, also, progress);
    }

    /**
     * The same with labels of one's own.
     *
     * @param all labels of all the file's cells
     * @param over the genes wanted of the file, those that it lacks are zero; {@code null} for all that it has
     */
    public static LabelledCells read(
            CellEmbedder embedder,
            CellFile file,
            CellLabels all,
            @Nullable GeneVocabulary over,
            int mostCells,
            long seed,
            Progress progress)
            throws IOException {
        return read(embedder, file, all, over == null ? file.ownGenes() : over, mostCells, seed, batch -> {}, progress);
    }

    private static LabelledCells read(
            CellEmbedder embedder,
            CellFile file,
            CellLabels all,
            GeneVocabulary genes,
            int mostCells,
            long seed,
            Consumer<CellBatch> also,
            Progress progress)
            throws IOException {
        boolean[] kept = LabelSample.of(all, mostCells, seed);
        ExpressionRows expression = new ExpressionRows(genes.size());
        GeneMapping mapping = file.map(genes);
        try (PreparedCells prepared = file.read(mapping, EmbeddingStream.CELLS_PER_BATCH);
                Progress.Task task = progress.start("Reading " + file.path().getFileName(), "cells", kept.length)) {
            for (CellBatch batch = prepared.next(); batch != null; batch = prepared.next()) {
                expression.add(CellBatches.select(batch, chosen(batch, kept)));
                task.advance(batch.cells());
            }
        }
        List<float[]> rows = new ArrayList<>();
        FileEmbedding reading = EmbeddingStream.run(
                embedder,
                file,
                (batch, embedded) -> {
                    int[] chosen = chosen(batch, kept);
                    also.accept(CellBatches.select(batch, chosen));
                    for (int cell : chosen) {
                        rows.add(embedded[cell]);
                    }
                },
                progress);
        int[] cells = IntStream.range(0, kept.length).filter(i -> kept[i]).toArray();
        SparseRows built = expression.build();
        return new LabelledCells(
                Arrays.stream(cells).mapToObj(file.cells().names()::get).toList(),
                new CellLabels(all.names(), all.codesOf(cells)),
                genes,
                mapping.measured(),
                built,
                expression.scaling(built),
                new DenseRows(rows.toArray(float[][]::new), embedder.dim()),
                reading,
                kept.length - cells.length);
    }

    /**
     * Whether values are z-scores. The encoder reads those as ranks within each gene, which tell it little (measured in
     * {@code docs/experiments.md}).
     */
    public boolean valuesAreScaled() {
        return reading.choice().state() == ValueState.SCALED;
    }

    /** Says in a report what was read. */
    void describe(ObjectNode json) {
        json.put("cellsUsed", names.size()).put("cellsLeftOut", left);
        json.put("values", reading.choice().state().word());
        json.put("valuesReason", reading.choice().reason());
        json.put("genes", reading.mapping().summary());
        json.put("meanMappedFraction", reading.meanMappedFraction());
        json.put("cellsPerSecondEmbedding", reading.cellsPerSecond());
        ObjectNode counts = json.putObject("classes");
        int[] perClass = labels.counts();
        for (int c = 0; c < perClass.length; c++) {
            counts.put(labels.names().get(c), perClass[c]);
        }
    }

    private static int[] chosen(CellBatch batch, boolean[] kept) {
        return IntStream.range(0, batch.cells())
                .filter(i -> kept[(int) batch.rows()[i]])
                .toArray();
    }
}
