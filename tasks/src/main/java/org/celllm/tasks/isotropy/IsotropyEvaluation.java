package org.celllm.tasks.isotropy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;
import org.jspecify.annotations.Nullable;

/**
 * Compares how the embeddings of several models spread, on the same cells and the same views, beside log-normalised
 * genes and a network with random weights. One model is in memory at a time.
 */
public final class IsotropyEvaluation {
    private static final int SLICE = EmbeddingStream.CELLS_PER_BATCH;
    private static final long SAMPLE = 0x150;

    private final CellFile file;
    private final EmbedSettings embed;
    private final IsotropySettings settings;
    private final Progress progress;
    private final Workers workers;

    private IsotropyEvaluation(
            CellFile file, EmbedSettings embed, IsotropySettings settings, Progress progress, Workers workers) {
        this.file = file;
        this.embed = embed;
        this.settings = settings;
        this.progress = progress;
        this.workers = workers;
    }

    /**
     * Compares.
     *
     * @param models at least one
     * @param file open
     * @param embed how cells are embedded; its values and identity are the file's
     * @throws InputException when a folder is no model, too few of the file's genes are known to one, or the file has
     *     fewer than two cells
     */
    public static IsotropyScores run(
            List<ComparedModel> models,
            CellFile file,
            EmbedSettings embed,
            IsotropySettings settings,
            Progress progress)
            throws IOException {
        if (file.cells().size() < 2) {
            throw InputException.about(file.path())
                    .found(file.cells().size() + " cells")
                    .expected("2 or more, to compare them")
                    .build();
        }
        Workers workers = new Workers(embed.threads());
        try {
            return new IsotropyEvaluation(file, embed, settings, progress, workers).compare(models);
        } finally {
            workers.close();
        }
    }

    private IsotropyScores compare(List<ComparedModel> models) throws IOException {
        // All are opened before the first is measured: minutes of work should not end in a typing mistake.
        FirstModel first = null;
        boolean sameViews = true;
        for (ComparedModel model : models) {
            try (StoredModel stored = ModelFolder.read(model.folder(), embed.precision())) {
                file.map(stored.genes());
                first = first == null ? FirstModel.of(stored) : first;
                sameViews &= first.seesAlike(stored);
            }
        }
        if (first == null) {
            throw new IllegalArgumentException("no model to measure");
        }
        List<RepresentationScores> scores = new ArrayList<>();
        for (ComparedModel model : models) {
            try (CellEmbedder embedder = CellEmbedder.open(model.folder(), embed)) {
                scores.add(measure(Representation.model(model, embedder)));
            }
        }
        scores.add(measure(Representation.genes(first)));
        scores.add(measure(Representation.untrained(first, embed)));
        int all = file.cells().size();
        return new IsotropyScores(settings, all, Math.min(all, settings.mostCells()), sameViews, scores);
    }

    private RepresentationScores measure(Representation what) throws IOException {
        long started = System.nanoTime();
        GeneMapping mapping = file.map(what.genes());
        boolean sampled = file.cells().size() > settings.mostCells();
        List<Isotropy> bySeed = new ArrayList<>();
        int used = Math.min(file.cells().size(), settings.mostCells());
        int dim = 0;
        CellBatch cells = null;
        Spread spread = null;
        try (Progress.Task task = progress.start("Measuring " + what.name(), "cells", (long) used * settings.seeds())) {
            for (long seed = 1; seed <= settings.seeds(); seed++) {
                if (cells == null || sampled) {
                    cells = read(mapping, sampled ? chosen(seed) : null);
                    spread = null;
                }
                CellViews views = new CellViews(settings.views(), what.network(), seed);
                try (CellVectors vectors = what.source().on(cells, seed)) {
                    if (spread == null || what.seeded()) {
                        spread = Spread.of(whole(vectors, cells));
                    }
                    bySeed.add(new Isotropy(spread, agreement(vectors, views, cells, task)));
                    dim = vectors.dim();
                }
            }
        }
        return new RepresentationScores(
                what.name(),
                what.folder(),
                what.pooling(),
                dim,
                mapping.summary(),
                bySeed,
                (System.nanoTime() - started) / 1e9);
    }

    private static float[][] whole(CellVectors vectors, CellBatch cells) {
        float[][] rows = new float[cells.cells()][];
        for (int from = 0; from < rows.length; from += SLICE) {
            int to = Math.min(rows.length, from + SLICE);
            float[][] slice = vectors.whole(
                    CellBatches.select(cells, IntStream.range(from, to).toArray()));
            System.arraycopy(slice, 0, rows, from, slice.length);
        }
        return rows;
    }

    private ViewAgreement agreement(CellVectors vectors, CellViews views, CellBatch cells, Progress.Task task) {
        float[][] first = new float[cells.cells()][];
        float[][] second = new float[first.length][];
        for (int from = 0; from < first.length; from += SLICE) {
            int to = Math.min(first.length, from + SLICE);
            float[][] slice = vectors.views(views, cells, from, to);
            if (slice.length != ViewSettings.VIEWS * (to - from)) {
                throw new IllegalStateException(slice.length + " views of " + (to - from) + " cells");
            }
            System.arraycopy(slice, 0, first, from, to - from);
            System.arraycopy(slice, to - from, second, from, to - from);
            task.advance(to - from);
        }
        return ViewAgreement.of(first, second, workers);
    }

    /** The cells of a seed: ascending, the same for every representation. */
    private int[] chosen(long seed) {
        int[] order = KeyedRandom.of(seed, SAMPLE).permutation(file.cells().size());
        return IntStream.of(order).limit(settings.mostCells()).sorted().toArray();
    }

    private CellBatch read(GeneMapping mapping, int @Nullable [] chosen) throws IOException {
        List<CellBatch> parts = new ArrayList<>();
        try (PreparedCells prepared = file.read(mapping, SLICE)) {
            for (CellBatch batch = prepared.next(); batch != null; batch = prepared.next()) {
                CellBatch part = batch;
                parts.add(
                        chosen == null
                                ? part
                                : CellBatches.select(
                                        part,
                                        IntStream.range(0, part.cells())
                                                .filter(i -> Arrays.binarySearch(chosen, (int) part.rows()[i]) >= 0)
                                                .toArray()));
            }
        }
        return CellBatches.concat(parts);
    }
}
