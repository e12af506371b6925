package org.celllm.tasks.expression;

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
import org.celllm.network.CellSequences;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.TokenGuesses;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewedCells;

/**
 * Hides the expression of some genes of each cell and asks for it: masked expression (arXiv 2306.04371, pre-training
 * objectives) on cells of any file. What a model adds is what the other genes of the cell tell, so beside it stand the file's
 * commonest bin and, harder to beat, each gene's commonest bin wherever it was not hidden in the same file, which a model that
 * never saw the file does not know.
 *
 * <p>Reads the file once and holds one batch of cells.
 */
public final class HiddenExpression {
    private static final long SAMPLE = 0x4578;

    private final CellEmbedder embedder;
    private final HiddenSettings settings;
    private final SeedTally[] tallies;

    private HiddenExpression(CellEmbedder embedder, HiddenSettings settings) {
        this.embedder = embedder;
        this.settings = settings;
        int genes = embedder.genes().size();
        // The last two tokens are for CLS and for what is hidden.
        int bins = embedder.network().tokens() - 2;
        tallies = IntStream.range(0, settings.seeds())
                .mapToObj(seed -> new SeedTally(genes, bins))
                .toArray(SeedTally[]::new);
    }

    /**
     * Scores a model on a file.
     *
     * @param embedder of the model
     * @param file open, with cells that the model was not trained on
     * @throws InputException when too few of the file's genes are known to the model, or no cell expresses one
     */
    public static ExpressionScores run(CellEmbedder embedder, CellFile file, HiddenSettings settings, Progress progress)
            throws IOException {
        return new HiddenExpression(embedder, settings).score(file, progress);
    }

    private ExpressionScores score(CellFile file, Progress progress) throws IOException {
        GeneMapping mapping = file.map(embedder.genes());
        int all = file.cellCount();
        boolean[] chosen = chosen(all);
        int cells = Math.min(all, settings.mostCells());
        CellViews[] views = new CellViews[settings.seeds()];
        for (int seed = 0; seed < views.length; seed++) {
            views[seed] = new CellViews(settings.views(), embedder.network(), seed + 1L);
        }
        try (PreparedCells prepared = file.read(mapping, EmbeddingStream.CELLS_PER_BATCH);
                Progress.Task task =
                        progress.start("Guessing " + file.path().getFileName(), "cells", (long) cells * views.length)) {
            long number = 0;
            for (CellBatch batch = prepared.next(); batch != null; batch = prepared.next()) {
                CellBatch used = used(batch, chosen);
                for (int seed = 0; seed < views.length && used.cells() > 0; seed++) {
                    guess(views[seed].of(used, 0, used.cells(), number), tallies[seed]);
                    task.advance(used.cells());
                }
                number++;
            }
        }
        long hidden = Arrays.stream(tallies).mapToLong(SeedTally::hidden).sum();
        if (Arrays.stream(tallies).anyMatch(tally -> tally.hidden() == 0)) {
            throw InputException.about(file.path())
                    .found("no cell expresses a gene of the model")
                    .expected("cells with expressed genes to hide")
                    .build();
        }
        List<ExpressionMethodScores> methods = new ArrayList<>();
        methods.add(of(ExpressionScores.MODEL, SeedTally::model));
        methods.add(of(ExpressionScores.GENE, SeedTally::byGene));
        methods.add(of(ExpressionScores.FILE, SeedTally::byFile));
        return new ExpressionScores(file.path().toString(), all, cells, hidden, mapping.summary(), methods);
    }

    private void guess(ViewedCells viewed, SeedTally tally) {
        CellSequences sequences = viewed.sequences();
        TokenGuesses guesses = embedder.guess(sequences, viewed.maskedRows(), viewed.maskedTokens());
        int next = 0;
        long[] rows = viewed.maskedRows();
        for (int cell = 0; cell < sequences.cells(); cell++) {
            int first = sequences.clsRow(cell) + 1;
            for (int i = 0; i < sequences.length(cell); i++) {
                int gene = sequences.genes()[sequences.offsets()[cell] + i];
                if (next < rows.length && rows[next] == first + i) {
                    int bin = (int) viewed.maskedTokens()[next];
                    tally.hide(gene, bin, guesses.likeliest()[next] == bin, guesses.logLikelihood()[next]);
                    next++;
                } else {
                    tally.show(gene, sequences.tokens()[sequences.offsets()[cell] + i]);
                }
            }
        }
    }

    private boolean[] chosen(int all) {
        boolean[] chosen = new boolean[all];
        if (all <= settings.mostCells()) {
            Arrays.fill(chosen, true);
            return chosen;
        }
        for (int cell : Arrays.copyOf(KeyedRandom.of(1, SAMPLE).permutation(all), settings.mostCells())) {
            chosen[cell] = true;
        }
        return chosen;
    }

    private static CellBatch used(CellBatch batch, boolean[] chosen) {
        int[] kept = IntStream.range(0, batch.cells())
                .filter(i -> chosen[(int) batch.rows()[i]])
                .toArray();
        return kept.length == batch.cells() ? batch : CellBatches.select(batch, kept);
    }

    private ExpressionMethodScores of(String method, java.util.function.Function<SeedTally, SeedTally.Score> score) {
        SeedTally.Score[] scores = Arrays.stream(tallies).map(score).toArray(SeedTally.Score[]::new);
        return new ExpressionMethodScores(
                method,
                Arrays.stream(scores).mapToDouble(SeedTally.Score::right).toArray(),
                Arrays.stream(scores).mapToDouble(SeedTally.Score::loss).toArray());
    }
}
