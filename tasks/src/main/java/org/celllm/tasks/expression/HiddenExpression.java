package org.celllm.tasks.expression;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.progress.Progress;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.network.CellSequences;
import org.celllm.network.weights.ModelFolder;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.TokenGuesses;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewedCells;

/**
 * Hides the expression of some genes of each cell and asks for it: masked expression (arXiv 2306.04371, pre-training
 * objectives) on cells of any file, or on the cells of a corpus that are kept to validate with. What a model adds is what the other genes of the cell tell of this one, so beside it stand
 * guesses that need none ({@link Guess}), on the same hidden genes: by the gene (its bins in the other cells of the file or source, which a
 * model that never saw the file does not know), by the cell (of few counts nearly all are in one bin, which is its depth and no
 * biology), and by both.
 *
 * <p>Reads the cells twice and holds one batch of cells.
 */
public final class HiddenExpression {
    private final CellEmbedder embedder;
    private final HiddenCells cells;
    private final HiddenSettings settings;

    private HiddenExpression(CellEmbedder embedder, HiddenCells cells, HiddenSettings settings) {
        this.embedder = embedder;
        this.cells = cells;
        this.settings = settings;
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
        return new HiddenExpression(embedder, new HiddenFile(file, embedder.genes(), settings.mostCells()), settings)
                .score(progress);
    }

    /**
     * Scores a model on the cells of the corpus that it was trained on which are kept to validate with, source by source; a source
     * without one is left out.
     *
     * @param embedder of the model
     * @param model the model's folder, which says what it was trained on
     * @param corpus the one that the model was trained on
     * @throws InputException when the model was trained on something else, so that nothing says which of these cells it never saw
     */
    public static List<ExpressionScores> run(
            CellEmbedder embedder, Path model, Corpus corpus, HiddenSettings settings, Progress progress)
            throws IOException {
        requireTrainedOn(model, corpus);
        List<ExpressionScores> scores = new ArrayList<>();
        for (int source = 0; source < corpus.sources(); source++) {
            HiddenSource cells = new HiddenSource(corpus, source, settings.mostCells());
            if (cells.guessed() > 0) {
                scores.add(new HiddenExpression(embedder, cells, settings).score(progress));
            }
        }
        if (scores.isEmpty()) {
            throw InputException.about(corpus.folder())
                    .found("no cell of it is kept to validate with: it has " + corpus.cells() + " cells")
                    .expected("about one in twenty")
                    .remedy("Give files of cells that the model was not trained on instead")
                    .build();
        }
        return scores;
    }

    /**
     * Checks that a model was trained on a corpus.
     *
     * @param model the model's folder
     * @throws InputException when it was not
     */
    public static void requireTrainedOn(Path model, Corpus corpus) throws IOException {
        Path provenance = model.resolve(ModelFolder.PROVENANCE);
        String trained = "";
        if (Files.isRegularFile(provenance)) {
            try {
                trained = new ObjectMapper()
                        .readTree(provenance.toFile())
                        .path("run")
                        .path("corpus")
                        .asText();
            } catch (JsonProcessingException e) {
                throw InputException.about(provenance)
                        .found("is not JSON: " + e.getOriginalMessage())
                        .build();
            }
        }
        if (!trained.equals(corpus.hash())) {
            throw InputException.about(corpus.folder())
                    .found("is not what " + model
                            + " was trained on, so nothing tells which of its cells the model never saw")
                    .expected(
                            trained.isEmpty()
                                    ? "a model that was trained on a corpus"
                                    : "the corpus with hash " + trained)
                    .remedy("Give files of cells that it was not trained on instead")
                    .build();
        }
    }

    private ExpressionScores score(Progress progress) throws IOException {
        BinCounts counts;
        try (Progress.Task task = progress.start("Reading " + cells.shortName(), "cells", cells.counted())) {
            counts = count(task);
        }
        SeedTally[] tallies = IntStream.range(0, settings.seeds())
                .mapToObj(seed -> new SeedTally(counts))
                .toArray(SeedTally[]::new);
        CellViews[] views = IntStream.range(0, settings.seeds())
                .mapToObj(seed -> new CellViews(settings.views(), embedder.network(), seed + 1L))
                .toArray(CellViews[]::new);
        try (Progress.Task task =
                progress.start("Guessing " + cells.shortName(), "cells", (long) cells.guessed() * views.length)) {
            long[] number = {0};
            cells.guess(batch -> {
                for (int seed = 0; seed < views.length; seed++) {
                    guess(views[seed].of(batch, 0, batch.cells(), number[0]), tallies[seed]);
                    task.advance(batch.cells());
                }
                number[0]++;
            });
        }
        if (Arrays.stream(tallies).anyMatch(tally -> tally.hidden() == 0)) {
            throw InputException.about(cells.path())
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
                cells.name(),
                cells.all(),
                cells.guessed(),
                Arrays.stream(tallies).mapToLong(SeedTally::hidden).sum(),
                cells.genes(),
                methods);
    }

    /** In which bins the genes of the used cells are. */
    private BinCounts count(Progress.Task task) throws IOException {
        int tokens = embedder.network().tokens();
        // The last two tokens are for CLS and for what is hidden.
        BinCounts counts = new BinCounts(embedder.genes().size(), tokens - 2);
        cells.count(batch -> {
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

    private static ExpressionMethodScores scores(String method, SeedTally[] tallies, int place) {
        return new ExpressionMethodScores(
                method,
                Arrays.stream(tallies).mapToDouble(tally -> tally.right(place)).toArray(),
                Arrays.stream(tallies).mapToDouble(tally -> tally.loss(place)).toArray());
    }
}
