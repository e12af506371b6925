package org.celllm.tasks.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.Simulator;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.Pooling;
import org.celllm.network.runtime.Precision;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.SimulatedCells;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CellEmbedderTest {
    private final Simulator simulator = SimulatedCells.of(40, 3);
    private final CellBatch cells = SimulatedCells.batch(simulator);

    @Test
    void aCellsVectorDoesNotDependOnItsNeighbours() {
        for (Pooling pooling : Pooling.values()) {
            try (CellEmbedder embedder = embedder(512, pooling)) {
                float[][] together = embedder.embed(cells);
                int[] shuffled = KeyedRandom.of(5).permutation(40);
                float[][] apart = embedder.embed(CellBatches.select(cells, shuffled));
                for (int i = 0; i < 40; i++) {
                    assertThat(apart[i]).containsExactly(together[shuffled[i]], within(1e-5f));
                    float[][] alone = embedder.embed(CellBatches.select(cells, new int[] {i}));
                    assertThat(alone[0]).containsExactly(together[i], within(1e-5f));
                }
            }
        }
    }

    @Test
    void cellsDiffer() {
        try (CellEmbedder embedder = embedder(512, Pooling.CLS)) {
            float[][] rows = embedder.embed(cells);
            assertThat(rows[0]).isNotEqualTo(rows[1]);
        }
    }

    @Test
    void theOrderOfColumnsDoesNotMatter() {
        List<String> genes = simulator.genes();
        float[][] counts = new float[3][genes.size()];
        for (int cell = 0; cell < 3; cell++) {
            for (int i = cells.offsets()[cell]; i < cells.offsets()[cell + 1]; i++) {
                counts[cell][cells.genes()[i]] = cells.values()[i];
            }
        }
        int[] order = KeyedRandom.of(8).permutation(genes.size());
        List<String> shuffledGenes = new ArrayList<>();
        float[][] shuffled = new float[3][genes.size()];
        for (int j = 0; j < order.length; j++) {
            shuffledGenes.add(genes.get(order[j]));
            for (int cell = 0; cell < 3; cell++) {
                shuffled[cell][j] = counts[cell][order[j]];
            }
        }
        try (CellEmbedder embedder = embedder(512, Pooling.CLS)) {
            float[][] one = embedder.embed(counts, genes);
            float[][] two = embedder.embed(shuffled, shuffledGenes);
            float[][] batch = embedder.embed(CellBatches.select(cells, new int[] {0, 1, 2}));
            for (int cell = 0; cell < 3; cell++) {
                assertThat(two[cell]).containsExactly(one[cell], within(1e-6f));
                assertThat(batch[cell]).containsExactly(one[cell], within(1e-6f));
            }
        }
    }

    @Test
    void longCellsKeepTheirHighestExpressedGenes() {
        // One gene is far above the others: with room for one gene, it is the one that stays.
        float[][] counts = {new float[simulator.genes().size()]};
        for (int gene = 0; gene < 50; gene++) {
            counts[0][gene] = gene == 37 ? 900 : 1;
        }
        float[][] only = {new float[simulator.genes().size()]};
        only[0][37] = 900;
        try (CellEmbedder embedder = embedder(2, Pooling.CLS)) {
            assertThat(embedder.embed(counts, simulator.genes())[0])
                    .containsExactly(embedder.embed(only, simulator.genes())[0], within(1e-6f));
        }
    }

    @Test
    void aCellWithoutAnyGeneHasAVectorToo() {
        float[][] nothing = {new float[simulator.genes().size()]};
        for (Pooling pooling : Pooling.values()) {
            try (CellEmbedder embedder = embedder(512, pooling)) {
                for (float value : embedder.embed(nothing, simulator.genes())[0]) {
                    assertThat(value).isFinite();
                }
            }
        }
    }

    @Test
    void genesOfAnotherWorldAreAnErrorThatShowsBothSides() {
        try (CellEmbedder embedder = embedder(512, Pooling.CLS)) {
            assertThatThrownBy(() -> embedder.embed(new float[1][2], List.of("YAL001C", "YAL002W")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("YAL001C")
                    .hasMessageContaining(simulator.genes().get(0));
        }
    }

    @Test
    void countsThatAreNoCountsAreAnErrorWithTheirPlace() {
        float[][] counts = {new float[simulator.genes().size()]};
        counts[0][4] = Float.NaN;
        try (CellEmbedder embedder = embedder(512, Pooling.CLS)) {
            assertThatThrownBy(() -> embedder.embed(counts, simulator.genes()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("cell 0, gene " + simulator.genes().get(4));
        }
    }

    @Test
    void threadsMayShareOneEmbedder() {
        try (CellEmbedder embedder = embedder(512, Pooling.CLS)) {
            float[][] expected = embedder.embed(cells);
            List<CompletableFuture<float[][]>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(CompletableFuture.supplyAsync(() -> embedder.embed(cells)));
            }
            for (CompletableFuture<float[][]> one : running) {
                float[][] rows = one.join();
                for (int i = 0; i < rows.length; i++) {
                    assertThat(rows[i]).containsExactly(expected[i], within(1e-6f));
                }
            }
        }
    }

    @Test
    void thePoolingIsNamedOnTheCommandLine() {
        assertThat(Pooling.of("mean")).isEqualTo(Pooling.MEAN);
        assertThatThrownBy(() -> Pooling.of("max")).isInstanceOf(InputException.class);
        assertThat(Collections.singleton(Pooling.CLS.word())).containsExactly("cls");
    }

    @Test
    void aModelIsReadByTheVectorItWasTrainedOn() {
        for (Pooling trained : Pooling.values()) {
            try (CellEmbedder usual = embedder(512, trained, null);
                    CellEmbedder asked = embedder(512, Pooling.CLS, trained);
                    CellEmbedder other = embedder(512, trained, trained == Pooling.CLS ? Pooling.MEAN : Pooling.CLS)) {
                assertThat(usual.pooling()).isEqualTo(trained);
                assertThat(usual.embed(cells)).isDeepEqualTo(asked.embed(cells));
                assertThat(usual.embed(cells)[0]).isNotEqualTo(other.embed(cells)[0]);
            }
        }
    }

    private CellEmbedder embedder(int maxLength, Pooling pooling) {
        return embedder(maxLength, Pooling.CLS, pooling);
    }

    private CellEmbedder embedder(int maxLength, Pooling trained, @Nullable Pooling pooling) {
        GeneVocabulary genes = new GeneVocabulary(simulator.genes());
        CellLanguageModel model = CellLanguageModel.create(
                SimulatedCells.network(genes.size(), maxLength),
                ModelOptions.PUBLISHED.with(trained),
                11,
                Precision.FLOAT32);
        StoredModel stored = new StoredModel(
                model, genes, com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode());
        return CellEmbedder.of(stored, EmbedSettings.usual().with(pooling));
    }
}
