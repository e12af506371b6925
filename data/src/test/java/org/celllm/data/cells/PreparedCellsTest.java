package org.celllm.data.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.hdf5.HandmadeAnnData;
import org.celllm.data.hdf5.HandmadeHdf5;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.RandomMatrix;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.data.tokens.ValueState;
import org.celllm.data.tokens.ValueStates;
import org.celllm.data.tokens.ValuesOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedCellsTest {
    /** Backwards, without gene1, with a gene that no file has. */
    private static final GeneVocabulary VOCABULARY = new GeneVocabulary(List.of("gene3", "other", "gene2", "gene0"));

    @TempDir
    Path folder;

    private CellBatch prepare(float[][] values, List<String> genes, ValuesOption option, int cellsPerBatch)
            throws IOException {
        RandomMatrix matrix = new RandomMatrix(values);
        Path path = HandmadeHdf5.write(folder.resolve("cells.h5ad"), h5 -> {
            HandmadeAnnData.frame(h5, "obs", RandomMatrix.names("cell", matrix.cells()));
            HandmadeAnnData.frame(h5, "var", genes);
            HandmadeAnnData.dense(h5, "X", matrix);
        });
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            SlotChoice choice = ValueStates.choose(file, option);
            GeneMapping mapping = GeneIdentity.plain().map(file.genes(choice.slot()), VOCABULARY);
            List<CellBatch> batches = new ArrayList<>();
            try (PreparedCells cells = PreparedCells.open(file, choice, mapping, cellsPerBatch)) {
                for (CellBatch batch = cells.next(); batch != null; batch = cells.next()) {
                    batches.add(batch);
                }
            }
            return CellBatches.concat(batches);
        }
    }

    private static float value(CellBatch batch, int cell, int gene) {
        for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
            if (batch.genes()[i] == gene) {
                return batch.values()[i];
            }
        }
        return 0;
    }

    @Test
    void mapsGenesAndKeepsTheTotalOfAllOfThem() throws IOException {
        RandomMatrix counts = RandomMatrix.counts(4, 25, 4);
        for (int cellsPerBatch : new int[] {1, 7, 100}) {
            CellBatch batch = prepare(counts.values(), RandomMatrix.names("gene", 4), ValuesOption.AUTO, cellsPerBatch);
            assertThat(batch.cells()).isEqualTo(25);
            for (int cell = 0; cell < 25; cell++) {
                float[] row = counts.values()[cell];
                assertThat(batch.totals()[cell]).isEqualTo(row[0] + row[1] + row[2] + row[3]);
                assertThat(batch.rows()[cell]).isEqualTo(cell);
                assertThat(batch.states()[cell]).isEqualTo(ValueState.COUNTS);
                assertThat(value(batch, cell, 0)).isEqualTo(row[3]);
                assertThat(value(batch, cell, 1)).isZero();
                assertThat(value(batch, cell, 2)).isEqualTo(row[2]);
                assertThat(value(batch, cell, 3)).isEqualTo(row[0]);
                for (int i = batch.offsets()[cell] + 1; i < batch.offsets()[cell + 1]; i++) {
                    assertThat((int) batch.genes()[i]).isGreaterThan(batch.genes()[i - 1]);
                }
            }
        }
    }

    @Test
    void sumsDuplicatedGenesInLinearUnits() throws IOException {
        float[][] counts = {{3, 2, 1}, {0, 5, 1}};
        List<String> twice = List.of("gene2", "gene2", "gene0");
        CellBatch batch = prepare(counts, twice, ValuesOption.AUTO, 10);
        assertThat(value(batch, 0, 2)).isEqualTo(5);
        assertThat(value(batch, 1, 2)).isEqualTo(5);
        float[][] logs = {{(float) Math.log1p(3), (float) Math.log1p(2), 1.5f}, {0, 0.3f, 1.1f}};
        CellBatch summed = prepare(logs, twice, ValuesOption.LOG1P, 10);
        assertThat(value(summed, 0, 2)).isCloseTo((float) Math.log1p(5), within(1e-5f));
        assertThat(summed.totals()[0]).isCloseTo(5 + Math.expm1(1.5), within(1e-4));
    }

    @Test
    void bringsOtherTargetsToTenThousand() throws IOException {
        float[][] values = new float[6][4];
        RandomMatrix counts = RandomMatrix.counts(9, 6, 4);
        for (int cell = 0; cell < 6; cell++) {
            double sum = 1;
            for (float count : counts.values()[cell]) {
                sum += count;
            }
            for (int gene = 0; gene < 4; gene++) {
                double count = counts.values()[cell][gene] + (gene == 0 ? 1 : 0);
                values[cell][gene] = (float) Math.log1p(count / sum * 1e6);
            }
        }
        CellBatch batch = prepare(values, RandomMatrix.names("gene", 4), ValuesOption.AUTO, 10);
        assertThat(batch.states()[0]).isEqualTo(ValueState.LOG1P);
        for (int cell = 0; cell < 6; cell++) {
            assertThat(batch.totals()[cell]).isCloseTo(1e4, within(1.0));
            float expected = (float) Math.log1p(Math.expm1(values[cell][0]) / 100);
            assertThat(value(batch, cell, 3)).isCloseTo(expected, within(1e-4f));
        }
    }

    @Test
    void binsScaledValuesByTheQuantilesOfEachGene() throws IOException {
        float[][] values = new float[200][4];
        for (int cell = 0; cell < 200; cell++) {
            for (int gene = 0; gene < 4; gene++) {
                // Every gene has the same ranks on another scale.
                values[cell][gene] = (cell - 100.5f) * (gene + 1);
            }
        }
        CellBatch batch = prepare(values, RandomMatrix.names("gene", 4), ValuesOption.SCALED, 64);
        assertThat(batch.states()[0]).isEqualTo(ValueState.ASIS);
        assertThat(batch.length(0)).as("below the median: not expressed").isZero();
        for (int gene : new int[] {0, 2, 3}) {
            assertThat(value(batch, 99, gene)).isZero();
            assertThat(value(batch, 120, gene)).isEqualTo(1);
            assertThat(value(batch, 160, gene)).isEqualTo(2);
            assertThat(value(batch, 185, gene)).isEqualTo(3);
            assertThat(value(batch, 195, gene)).isEqualTo(4);
            assertThat(value(batch, 199, gene)).isEqualTo(5);
        }
    }

    @Test
    void selectsConcatenatesAndTakesArrays() {
        CellBatch batch = CellBatches.ofCounts(new double[][] {{0, 2, 1}, {4, 0, 0}, {0, 0, 0}});
        assertThat(batch.totals()).containsExactly(3, 4, 0);
        assertThat(batch.genes()).containsExactly((char) 1, (char) 2, (char) 0);
        CellBatch some = CellBatches.select(batch, new int[] {2, 0, 0});
        assertThat(some.rows()).containsExactly(2, 0, 0);
        assertThat(some.values()).containsExactly(2, 1, 2, 1);
        CellBatch both = CellBatches.concat(List.of(some, batch));
        assertThat(both.cells()).isEqualTo(6);
        assertThat(both.values()).containsExactly(2, 1, 2, 1, 2, 1, 4);
        assertThat(Objects.requireNonNull(CellBatches.concat(List.of())).cells())
                .isZero();
        assertThatThrownBy(() -> CellBatches.ofCounts(new float[][] {{-1}})).hasMessageContaining("cell 0");
    }
}
