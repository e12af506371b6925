package org.celllm.tasks.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.junit.jupiter.api.Test;

class CellLabelsTest {
    private static final AnnotationTable CELLS = new AnnotationTable(
            List.of("a", "b", "c"),
            Map.of(
                    "type", new Column.Text(new String[] {"T", null, "B"}),
                    "one", new Column.Text(new String[] {"T", "T", ""})));

    @Test
    void namesAreSortedAndMissingOnesKnown() {
        CellLabels labels = CellLabels.of(Arrays.asList("T", "B", null, "nan", "T"));
        assertThat(labels.names()).containsExactly("B", "T");
        assertThat(labels.codes()).containsExactly(1, 0, -1, -1, 1);
        assertThat(labels.labelledCells()).containsExactly(0, 1, 4);
        assertThat(labels.counts()).containsExactly(1, 2);
    }

    @Test
    void classesThatGetOneNameAreOne() {
        CellLabels labels = CellLabels.of(Arrays.asList("naive", "memory", null, "B", "naive"));
        CellLabels renamed = labels.renamed(Map.of("naive", "T", "memory", "T", "no such", "X"));
        assertThat(renamed.names()).containsExactly("B", "T");
        assertThat(renamed.codes()).containsExactly(1, 1, -1, 0, 1);
    }

    @Test
    void labelsOverOtherClassesKeepTheirNames() {
        CellLabels labels = CellLabels.of(Arrays.asList("T", "B", null, "NK"));
        CellLabels over = labels.over(List.of("DC", "T", "B"));
        assertThat(over.names()).containsExactly("DC", "T", "B");
        assertThat(over.codes()).containsExactly(1, 2, -1, -1);
    }

    @Test
    void anUnknownColumnIsAnErrorThatNamesTheKnownOnes() {
        assertThatThrownBy(() -> CellLabels.read(Path.of("x.h5ad"), CELLS, "cell_type"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cell_type")
                .hasMessageContaining("type")
                .hasMessageContaining("one");
    }

    @Test
    void oneClassIsNotEnough() {
        assertThatThrownBy(() -> CellLabels.read(Path.of("x.h5ad"), CELLS, "one"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("every labelled cell is \"T\"");
        assertThat(CellLabels.read(Path.of("x.h5ad"), CELLS, "type").classes()).isEqualTo(2);
    }
}
