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
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
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
            ExpressionMethodScores byGene = scores.methods().get(1);
            ExpressionMethodScores byFile = scores.methods().get(2);
            assertThat(byGene.rightInterval().mean())
                    .as("half always, half by chance")
                    .isCloseTo(0.75, within(0.03));
            assertThat(byGene.lossInterval().mean()).isCloseTo(Math.log(2) / 2, within(0.03));
            assertThat(byFile.rightInterval().mean())
                    .as("bin 1 of 15 genes and half the coins")
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
            double[] right = once.methods().get(1).right();
            assertThat(right[0]).isNotEqualTo(right[1]);
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

    @Test
    void aGeneThatWasNeverShownIsGuessedAsTheFileIs() {
        BinCounts counts = new BinCounts(3, 4);
        for (int i = 0; i < 8; i++) {
            counts.add(0, 2);
        }
        counts.add(1, 3);
        counts.add(1, 3);
        assertThat(counts.commonest()).isEqualTo(2);
        assertThat(counts.commonest(1)).isEqualTo(3);
        assertThat(counts.commonest(2)).as("never seen").isEqualTo(2);
        double sum = 0;
        for (int bin = 0; bin < 4; bin++) {
            assertThat(counts.share(2, bin)).isCloseTo(counts.share(bin), within(1e-12));
            sum += counts.share(1, bin);
        }
        assertThat(sum).isCloseTo(1, within(1e-12));
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
                new EmbedSettings(null, ValuesOption.of("asis"), Precision.FLOAT32, GeneIdentity.plain(), threads));
    }

    private Path write(int cells, long seed) throws IOException {
        KeyedRandom random = KeyedRandom.of(seed);
        StringBuilder text = new StringBuilder("cell");
        for (int gene = 0; gene < GENES; gene++) {
            text.append(",G").append(gene);
        }
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
