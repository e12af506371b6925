package org.celllm.tasks.expression;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.network.CellSequences;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.TokenGuesses;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewedCells;

/**
 * Hides the expression of some genes of each cell and asks for it: masked expression (arXiv 2306.04371, pre-training
 * objectives) on cells of any file. What a model adds is what the other genes of the cell tell of this one, so beside it stand
 * guesses that need none ({@link Guess}), on the same hidden genes: by the gene (its bins in the file's other cells, which a
 * model that never saw the file does not know), by the cell (of few counts nearly all are in one bin, which is its depth and no
 * biology), and by both.
 *
 * <p>Reads the file twice and holds one batch of cells.
 */
public final class HiddenExpression {
    private static final long SAMPLE = 0x4578;

    private final CellEmbedder embedder;
    private final CellFile file;
    private final GeneMapping mapping;
    private final HiddenSettings settings;
    private final boolean[] chosen;

    private HiddenExpression(CellEmbedder embedder, CellFile file, HiddenSettings settings) {
        this.embedder = embedder;
        this.file = file;
        this.mapping = file.map(embedder.genes());
        this.settings = settings;
        this.chosen = chosen(file.cellCount(), settings.mostCells());
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
        return new HiddenExpression(embedder, file, settings).score(progress);
    }

    private ExpressionScores score(Progress progress) throws IOException {
        int cells = Math.min(chosen.length, settings.mostCells());
        BinCounts counts;
        try (Progress.Task task = progress.start("Reading " + file.path().getFileName(), "cells", cells)) {
            counts = count(task);
        }
        SeedTally[] tallies = IntStream.range(0, settings.seeds())
                .mapToObj(seed -> new SeedTally(counts))
                .toArray(SeedTally[]::new);
        CellViews[] views = IntStream.range(0, settings.seeds())
                .mapToObj(seed -> new CellViews(settings.views(), embedder.network(), seed + 1L))
                .toArray(CellViews[]::new);
        try (Progress.Task task =
                progress.start("Guessing " + file.path().getFileName(), "cells", (long) cells * views.length)) {
            long[] number = {0};
            each(batch -> {
                for (int seed = 0; seed < views.length; seed++) {
                    guess(views[seed].of(batch, 0, batch.cells(), number[0]), tallies[seed]);
                    task.advance(batch.cells());
                }
                number[0]++;
            });
        }
        if (Arrays.stream(tallies).anyMatch(tally -> tally.hidden() == 0)) {
            throw InputException.about(file.path())
                    .found("no cell expresses a gene of the model")
                    .expected("cells with expressed genes to hide")
                    .build();
        }
        List<ExpressionMethodScores> methods = new ArrayList<>();
        methods.add(scores(ExpressionScores.MODEL, tallies, 0));
        for (Guess guess : Guess.values()) {
            methods.add(scores(guess.title(), tallies, methods.size()));
        }
        return new ExpressionScores(
                file.path().toString(),
                chosen.length,
                cells,
                Arrays.stream(tallies).mapToLong(SeedTally::hidden).sum(),
                mapping.summary(),
                methods);
    }

    /** In which bins the genes of the used cells are. */
    private BinCounts count(Progress.Task task) throws IOException {
        int tokens = embedder.network().tokens();
        // The last two tokens are for CLS and for what is hidden.
        BinCounts counts = new BinCounts(embedder.genes().size(), tokens - 2);
        each(batch -> {
            for (int cell = 0; cell < batch.cells(); cell++) {
                for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
                    float expression =
                            ExpressionTokens.expression(batch.values()[i], batch.totals()[cell], batch.states()[cell]);
                    counts.add(batch.genes()[i], ExpressionTokens.token(expression, tokens));
                }
            }
            task.advance(batch.cells());
        });
        return counts;
    }

    private void each(Consumer<CellBatch> use) throws IOException {
        try (PreparedCells prepared = file.read(mapping, EmbeddingStream.CELLS_PER_BATCH)) {
            for (CellBatch batch = prepared.next(); batch != null; batch = prepared.next()) {
                CellBatch used = used(batch);
                if (used.cells() > 0) {
                    use.accept(used);
                }
            }
        }
    }

    private void guess(ViewedCells viewed, SeedTally tally) {
        CellSequences sequences = viewed.sequences();
        long[] rows = viewed.maskedRows();
        TokenGuesses guesses = embedder.guess(sequences, rows, viewed.maskedTokens());
        int next = 0;
        for (int cell = 0; cell < sequences.cells(); cell++) {
            int first = sequences.offsets()[cell];
            int firstHidden = next;
            int[] shown = new int[embedder.network().tokens() - 2];
            for (int i = 0; i < sequences.length(cell); i++) {
                if (next < rows.length && rows[next] == sequences.clsRow(cell) + 1L + i) {
                    next++;
                } else {
                    shown[sequences.tokens()[first + i]]++;
                }
            }
            double[] ofCell = tally.ofCell(shown);
            for (int hidden = firstHidden; hidden < next; hidden++) {
                int gene = sequences.genes()[first + (int) (rows[hidden] - sequences.clsRow(cell) - 1)];
                int bin = (int) viewed.maskedTokens()[hidden];
                tally.hide(gene, bin, ofCell, guesses.likeliest()[hidden] == bin, guesses.logLikelihood()[hidden]);
            }
        }
    }

    private static boolean[] chosen(int all, int most) {
        boolean[] chosen = new boolean[all];
        Arrays.fill(chosen, all <= most);
        if (all > most) {
            for (int cell : Arrays.copyOf(KeyedRandom.of(1, SAMPLE).permutation(all), most)) {
                chosen[cell] = true;
            }
        }
        return chosen;
    }

    private CellBatch used(CellBatch batch) {
        int[] kept = IntStream.range(0, batch.cells())
                .filter(i -> chosen[(int) batch.rows()[i]])
                .toArray();
        return kept.length == batch.cells() ? batch : CellBatches.select(batch, kept);
    }

    private static ExpressionMethodScores scores(String method, SeedTally[] tallies, int place) {
        return new ExpressionMethodScores(
                method,
                Arrays.stream(tallies).mapToDouble(tally -> tally.right(place)).toArray(),
                Arrays.stream(tallies).mapToDouble(tally -> tally.loss(place)).toArray());
    }
}
