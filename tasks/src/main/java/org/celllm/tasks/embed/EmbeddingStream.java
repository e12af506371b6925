package org.celllm.tasks.embed;

import java.io.IOException;
import java.util.function.Function;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.network.Pooling;

/** Embeds the cells of a file batch by batch, in memory that does not depend on how many there are. */
public final class EmbeddingStream {
    /** Cells read at once: enough to find cells of like length, few enough to hold. */
    public static final int CELLS_PER_BATCH = 1024;

    private EmbeddingStream() {}

    /** Takes embedded cells in the file's order. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param batch the cells over the model's genes
         * @param rows [cells][dim] their vectors
         */
        void accept(CellBatch batch, float[][] rows) throws IOException;
    }

    /**
     * What makes rows of cells.
     *
     * @param doing for the progress: {@code "Embedding"}
     * @param genes it knows
     * @param dim of its network
     * @param pooling of its network
     * @param rows [cells][any] of a batch over its genes
     */
    public record Encoder(
            String doing, GeneVocabulary genes, int dim, Pooling pooling, Function<CellBatch, float[][]> rows) {
        /** What makes embeddings. */
        public static Encoder of(CellEmbedder embedder) {
            return new Encoder("Embedding", embedder.genes(), embedder.dim(), embedder.pooling(), embedder::embed);
        }
    }

    /**
     * Embeds every cell of a file.
     *
     * @throws org.celllm.data.InputException when the file is damaged, or too few of its genes are known to the model
     */
    public static FileEmbedding run(CellEmbedder embedder, CellFile file, Sink sink, Progress progress)
            throws IOException {
        return run(Encoder.of(embedder), file, 0, sink, progress);
    }

    /**
     * The same with rows of another kind, from some cell on.
     *
     * @param from the first cell of a batch; those before it count as done
     */
    public static FileEmbedding run(Encoder encoder, CellFile file, int from, Sink sink, Progress progress)
            throws IOException {
        GeneMapping mapping = file.map(encoder.genes());
        int cells = file.cellCount();
        double mapped = 0;
        CellDepth.Collected depth = new CellDepth.Collected();
        long started = System.nanoTime();
        int at = from;
        long missing;
        try (PreparedCells prepared = file.read(mapping, CELLS_PER_BATCH);
                Progress.Task task =
                        progress.start(encoder.doing() + " " + file.path().getFileName(), "cells", cells, from)) {
            prepared.skipTo(from);
            for (CellBatch batch = prepared.next(); batch != null; batch = prepared.next()) {
                float[][] rows = encoder.rows().apply(batch);
                requireFinite(rows, at, file);
                for (int cell = 0; cell < batch.cells(); cell++) {
                    mapped += mappedFraction(batch, cell);
                }
                depth.add(batch);
                sink.accept(batch, rows);
                at += batch.cells();
                task.advance(batch.cells());
            }
            missing = prepared.missing();
        }
        return new FileEmbedding(
                at,
                encoder.dim(),
                encoder.pooling(),
                file.choice(),
                mapping,
                at == from ? 0 : mapped / (at - from),
                missing,
                depth.median(),
                from,
                (System.nanoTime() - started) / 1e9);
    }

    /** Numbers that are none are of no use to anyone, and come of weights that are none. */
    private static void requireFinite(float[][] rows, int first, CellFile file) {
        for (int cell = 0; cell < rows.length; cell++) {
            for (float number : rows[cell]) {
                if (!Float.isFinite(number)) {
                    throw InputException.about(file.path())
                            .at("cell " + (first + cell + 1))
                            .found("the model gives it an embedding with " + number + " in it")
                            .expected("finite numbers")
                            .remedy("The model is damaged, or its training diverged: import or train it again")
                            .build();
                }
            }
        }
    }

    /** Share of a cell's expression, in linear units, that its mapped genes hold; 0 for an empty cell. */
    public static float mappedFraction(CellBatch batch, int cell) {
        double sum = 0;
        for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
            sum += ExpressionTokens.linear(batch.values()[i], batch.states()[cell]);
        }
        double total = batch.totals()[cell];
        return total > 0 ? (float) Math.min(1, sum / total) : 0;
    }
}
