package org.celllm.tasks.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.celllm.data.InputException;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusSettings;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.corpus.Split;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.celllm.data.tokens.ValuesOption;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.TokenGuesses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenExpressionTest {
    private static final int GENES = 30;

    @TempDir
    Path folder;

    /** The bins of half of the genes never change, those of the others are thrown with a coin. */
    @Test
    void whatNeedsNoModelIsWhatItIsByHand() throws IOException {
        Path file = write(200, 7);
        try (CellEmbedder embedder = embedder(2);
                CellFile cells = CellFile.open(file, ValuesOption.of("asis"), GeneIdentity.plain())) {
            ExpressionScores scores =
                    HiddenExpression.run(embedder, cells, new HiddenSettings(0.2, 3, 1000), Progress.SILENT);
            assertThat(scores.cells()).isEqualTo(200);
            // Two readings of each cell, six genes of thirty in each.
            assertThat(scores.hidden()).isEqualTo(3L * 2 * 200 * 6);
            assertThat(scores.methods())
                    .extracting(ExpressionMethodScores::method)
                    .startsWith("model", Guess.GENE_AND_CELL.title());
            ExpressionMethodScores byGene = of(scores, Guess.GENE);
            assertThat(byGene.rightInterval().mean())
                    .as("half always, half by chance")
                    .isCloseTo(0.75, within(0.03));
            assertThat(byGene.lossInterval().mean()).isCloseTo(Math.log(2) / 2, within(0.03));
            assertThat(of(scores, Guess.FILE).rightInterval().mean())
                    .as("bin 1 of half of the genes and of half of the coins")
                    .isCloseTo(0.75, within(0.03));
            assertThat(scores.methods().get(0).rightInterval().mean())
                    .as("an untrained model knows nothing")
                    .isLessThan(byGene.rightInterval().mean());
            assertThat(scores.methods().get(0).lossInterval().mean()).isGreaterThan(1);
        }
    }

    @Test
    void aSampleIsUsedOfMoreCellsAndSeedsHideOtherGenes() throws IOException {
        Path file = write(100, 3);
        try (CellEmbedder embedder = embedder(1);
                CellFile cells = CellFile.open(file, ValuesOption.of("asis"), GeneIdentity.plain())) {
            HiddenSettings settings = new HiddenSettings(0.1, 2, 40);
            ExpressionScores once = HiddenExpression.run(embedder, cells, settings, Progress.SILENT);
            ExpressionScores again = HiddenExpression.run(embedder, cells, settings, Progress.SILENT);
            assertThat(once.cells()).isEqualTo(40);
            assertThat(once.fileCells()).isEqualTo(100);
            assertThat(once.toJson()).isEqualTo(again.toJson());
            double[] loss = of(once, Guess.GENE).loss();
            assertThat(loss[0]).isNotEqualTo(loss[1]);
        }
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new HiddenSettings(0, 5, 10)).hasMessageContaining("share");
        assertThatThrownBy(() -> new HiddenSettings(1, 5, 10)).hasMessageContaining("share");
        assertThatThrownBy(() -> new HiddenSettings(0.1, 0, 10)).hasMessageContaining("seeds");
        assertThatThrownBy(() -> new HiddenSettings(0.1, 1, 0)).hasMessageContaining("cells");
    }

    /** The chunks that cells are guessed in are of like length and in another order: rows must be found again in them. */
    @Test
    void guessesAreThoseOfTheNetworkCellByCell() {
        KeyedRandom random = KeyedRandom.of(5);
        int[] lengths = {7, 1, 0, 12, 3, 9};
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        int[] genes = new int[offsets[lengths.length]];
        int[] tokens = new int[genes.length];
        for (int i = 0; i < genes.length; i++) {
            genes[i] = (int) (random.nextDouble() * GENES);
            tokens[i] = (int) (random.nextDouble() * 6);
        }
        CellSequences sequences = new CellSequences(lengths.length, offsets, genes, tokens);
        List<Long> rows = new ArrayList<>();
        List<Long> truth = new ArrayList<>();
        for (int cell = 0; cell < lengths.length; cell++) {
            for (int i = 0; i < lengths[cell]; i += 2) {
                rows.add(sequences.clsRow(cell) + 1L + i);
                truth.add((long) tokens[offsets[cell] + i]);
            }
        }
        long[] asked = rows.stream().mapToLong(Long::longValue).toArray();
        long[] right = truth.stream().mapToLong(Long::longValue).toArray();
        try (CellLanguageModel model = model();
                CellEmbedder embedder = embedder(2)) {
            TokenGuesses guesses = embedder.guess(sequences, asked, right);
            float[][][] logits = new float[1][][];
            Native.runWithoutGradient(
                    () -> logits[0] = TensorArrays.rows(model.tokenLogits(model.encode(sequences, Dropouts.NONE))));
            for (int i = 0; i < asked.length; i++) {
                float[] of = logits[0][(int) asked[i]];
                double sum = 0;
                int best = 0;
                for (int token = 0; token < of.length; token++) {
                    sum += Math.exp(of[token]);
                    best = of[token] > of[best] ? token : best;
                }
                assertThat(guesses.likeliest()[i]).isEqualTo(best);
                assertThat(guesses.logLikelihood()[i]).isCloseTo(of[(int) right[i]] - Math.log(sum), within(1e-4));
            }
        }
    }

    /** Half of the cells are in bin 1, half in bin 3, whatever the gene: the cell tells all, the gene nothing. */
    @Test
    void whatACellsDepthTellsIsGuessedByTheCell() throws IOException {
        StringBuilder text = new StringBuilder(header());
        for (int cell = 0; cell < 60; cell++) {
            text.append("\nC").append(cell);
            for (int gene = 0; gene < GENES; gene++) {
                text.append(cell % 2 == 0 ? ",1.5" : ",3.5");
            }
        }
        Path path = Files.writeString(folder.resolve("depths.csv"), text.append('\n'));
        try (CellEmbedder embedder = embedder(1);
                CellFile cells = CellFile.open(path, ValuesOption.of("asis"), GeneIdentity.plain())) {
            ExpressionScores scores =
                    HiddenExpression.run(embedder, cells, new HiddenSettings(0.2, 2, 1000), Progress.SILENT);
            assertThat(of(scores, Guess.CELL).rightInterval().mean()).isEqualTo(1);
            assertThat(of(scores, Guess.GENE_AND_CELL).rightInterval().mean()).isEqualTo(1);
            assertThat(of(scores, Guess.GENE).rightInterval().mean())
                    .as("without the cell's own sighting the other half is the commoner")
                    .isZero();
            assertThat(of(scores, Guess.FILE).rightInterval().mean()).isEqualTo(0.5);
        }
    }

    @Test
    void aCorpusOfWhichNoCellIsKeptIsRefusedAndSoIsAnotherThanWasTrainedOn() throws IOException {
        int cells = (int) LongStream.iterate(0, i -> i + 1)
                .takeWhile(cell -> Split.of(cell) == Split.TRAIN)
                .count();
        Path file = folder.resolve("few.h5ad");
        new Simulator(SimulationSettings.of(cells, 1).withGenes(60)).write(file, Progress.SILENT);
        Path built = folder.resolve("corpus");
        CorpusBuilder.build(
                List.of(CorpusSource.of(file)), built, CorpusSettings.DEFAULT.withFilters(1, 0), Progress.SILENT);
        HiddenSettings settings = new HiddenSettings(0.2, 1, 100);
        try (CellEmbedder embedder = embedder(1);
                Corpus corpus = Corpus.open(built)) {
            Path model = Files.createDirectory(folder.resolve("model"));
            assertThatThrownBy(() -> HiddenExpression.run(embedder, model, corpus, settings, Progress.SILENT))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("is not what " + model + " was trained on");
            Files.writeString(model.resolve("provenance.json"), "{\"run\": {\"corpus\": \"" + corpus.hash() + "\"}}");
            assertThatThrownBy(() -> HiddenExpression.run(embedder, model, corpus, settings, Progress.SILENT))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no cell of it is kept to validate with: it has " + cells + " cells");
        }
    }

    @Test
    void aGeneThatNoOtherCellExpressesIsGuessedAsTheFileIs() {
        BinCounts counts = new BinCounts(3, 4);
        for (int i = 0; i < 8; i++) {
            counts.add(0, 2);
        }
        counts.add(1, 3);
        double[] file = counts.ofFile();
        assertThat(file).containsExactly(1 / 13.0, 1 / 13.0, 9 / 13.0, 2 / 13.0);
        assertThat(counts.ofGeneWithout(1, 3, file)).containsExactly(file);
        double[] other = counts.ofGeneWithout(0, 2, file);
        assertThat(other[2]).isCloseTo((7 + 9 / 13.0) / 8, within(1e-12));
        assertThat(other[0] + other[1] + other[2] + other[3]).isCloseTo(1, within(1e-12));
    }

    private static ExpressionMethodScores of(ExpressionScores scores, Guess guess) {
        return scores.methods().stream()
                .filter(method -> method.method().equals(guess.title()))
                .findFirst()
                .orElseThrow();
    }

    private static String header() {
        StringBuilder text = new StringBuilder("cell");
        for (int gene = 0; gene < GENES; gene++) {
            text.append(",G").append(gene);
        }
        return text.toString();
    }

    private static CellLanguageModel model() {
        return CellLanguageModel.create(
                SimulatedCells.network(GENES, 128), ModelOptions.PUBLISHED, 11, Precision.FLOAT32);
    }

    private static CellEmbedder embedder(int threads) {
        List<String> genes = new ArrayList<>();
        for (int gene = 0; gene < GENES; gene++) {
            genes.add("G" + gene);
        }
        return CellEmbedder.of(
                new StoredModel(model(), new GeneVocabulary(genes), JsonNodeFactory.instance.objectNode()),
                new EmbedSettings(
                        null,
                        ValuesOption.of("asis"),
                        Precision.FLOAT32,
                        GeneIdentity.plain(),
                        threads,
                        Long.MAX_VALUE));
    }

    private Path write(int cells, long seed) throws IOException {
        KeyedRandom random = KeyedRandom.of(seed);
        StringBuilder text = new StringBuilder(header());
        for (int cell = 0; cell < cells; cell++) {
            text.append("\nC").append(cell);
            for (int gene = 0; gene < GENES; gene++) {
                double value = gene < GENES / 2 ? 1.5 : random.nextDouble() < 0.5 ? 1.5 : 3.5;
                text.append(',').append(value);
            }
        }
        return Files.writeString(folder.resolve("cells.csv"), text.append('\n'));
    }
}
