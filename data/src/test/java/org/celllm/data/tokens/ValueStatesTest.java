package org.celllm.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.HandmadeAnnData;
import org.celllm.data.hdf5.HandmadeHdf5;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.RandomMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueStatesTest {
    private static final int CELLS = 30;

    @TempDir
    Path folder;

    private final RandomMatrix counts = RandomMatrix.counts(1, CELLS, 12);

    private SlotChoice choose(ValuesOption option, Consumer<HandmadeHdf5> content) throws IOException {
        Path path = HandmadeHdf5.write(folder.resolve("cells.h5ad"), h5 -> {
            HandmadeAnnData.around(h5, CELLS, 12);
            content.accept(h5);
        });
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            return ValueStates.choose(file, option);
        }
    }

    private RandomMatrix changed(float factor, float shift) {
        float[][] values = new float[CELLS][];
        for (int cell = 0; cell < CELLS; cell++) {
            values[cell] = counts.values()[cell].clone();
            for (int gene = 0; gene < values[cell].length; gene++) {
                values[cell][gene] = values[cell][gene] * factor + shift;
            }
        }
        return new RandomMatrix(values);
    }

    @Test
    void prefersCountsInALayerToALogarithmInX() throws IOException {
        SlotChoice choice = choose(ValuesOption.AUTO, h5 -> {
            HandmadeAnnData.dense(h5, "X", changed(0.37f, 0));
            HandmadeAnnData.sparse(h5, "layers/counts", counts, true);
            HandmadeAnnData.sparse(h5, "layers/spliced", counts, true);
        });
        assertThat(choice.slot().name()).isEqualTo("layers/counts");
        assertThat(choice.state()).isEqualTo(ValueState.COUNTS);
        assertThat(choice.findings()).hasSize(3);
        assertThat(choice.finding().slot()).isEqualTo(choice.slot());
    }

    @Test
    void valuesThatAreNoNumbersAreCountedAndSaid() throws IOException {
        RandomMatrix holes = changed(1, 0);
        holes.values()[3][2] = Float.NaN;
        holes.values()[CELLS - 1][0] = Float.NaN;
        for (boolean dense : new boolean[] {true, false}) {
            SlotChoice choice = choose(ValuesOption.AUTO, h5 -> {
                if (dense) {
                    HandmadeAnnData.dense(h5, "X", holes);
                } else {
                    HandmadeAnnData.sparse(h5, "X", holes, false);
                }
            });
            assertThat(choice.state()).isEqualTo(ValueState.COUNTS);
            assertThat(choice.reason()).endsWith("; 2 of the sampled values are not numbers (NaN) and are read as 0");
        }
        assertThat(choose(ValuesOption.AUTO, h5 -> HandmadeAnnData.dense(h5, "X", counts))
                        .reason())
                .doesNotContain("NaN");
    }

    @Test
    void prefersRawWithMoreGenes() throws IOException {
        SlotChoice choice = choose(ValuesOption.AUTO, h5 -> {
            HandmadeAnnData.dense(h5, "X", counts);
            HandmadeAnnData.sparse(h5, "raw/X", RandomMatrix.counts(3, CELLS, 20), true);
            HandmadeAnnData.frame(h5, "raw/var", RandomMatrix.names("g", 20));
        });
        assertThat(choice.slot().name()).isEqualTo("raw/X");
    }

    @Test
    void refusesScaledValuesUnlessTheUserAsksForThem() throws IOException {
        Consumer<HandmadeHdf5> scaled = h5 -> HandmadeAnnData.dense(h5, "X", changed(0.5f, -1));
        assertThatThrownBy(() -> choose(ValuesOption.AUTO, scaled))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("scaled and there are no counts")
                .hasMessageContaining("--values scaled");
        assertThat(choose(ValuesOption.SCALED, scaled).state()).isEqualTo(ValueState.SCALED);
        assertThat(choose(ValuesOption.ASIS, scaled).state()).isEqualTo(ValueState.ASIS);
        for (ValuesOption impossible : new ValuesOption[] {ValuesOption.COUNTS, ValuesOption.LOG1P}) {
            assertThatThrownBy(() -> choose(impossible, scaled))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no slot can hold " + impossible.word());
        }
    }

    @Test
    void believesTheUserWhereItIsPossible() throws IOException {
        SlotChoice choice = choose(ValuesOption.LOG1P, h5 -> HandmadeAnnData.dense(h5, "X", counts));
        assertThat(choice.state()).isEqualTo(ValueState.LOG1P);
        assertThat(choice.reason()).contains("looks counts");
    }

    @Test
    void samplesCellsSpreadOverTheFile() {
        assertThat(ValueStates.sampledRows(100)).hasSize(100);
        for (int cells : new int[] {129, 1000, 2_000_000_000}) {
            int[] rows = ValueStates.sampledRows(cells);
            assertThat(rows)
                    .hasSizeLessThanOrEqualTo(128)
                    .isSorted()
                    .startsWith(0)
                    .endsWith(cells - 1);
            assertThat(Arrays.stream(rows).distinct().count()).isEqualTo(rows.length);
        }
    }

    @Test
    void knowsTheWordsOfTheCommandLine() {
        assertThat(ValuesOption.of("log2p1")).isEqualTo(ValuesOption.LOG2P1);
        assertThatThrownBy(() -> ValuesOption.of("logs"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("auto, counts, log1p, log2p1, scaled, asis");
    }
}
