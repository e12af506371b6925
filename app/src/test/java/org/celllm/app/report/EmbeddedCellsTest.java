package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.anndata.write.EmbeddingRows;
import org.celllm.data.anndata.write.H5adAppender;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedCellsTest {
    private static final int CELLS = 30;

    @TempDir
    Path folder;

    @Test
    void readsWhatEmbedWroteAndColoursByAnyColumn() throws Exception {
        Path cells = simulated();
        Path embedded = folder.resolve("embedded.h5ad");
        H5adAppender.append(cells, embedded, file -> {
            try (EmbeddingRows rows = file.obsm("X_celllm", 3)) {
                float[] values = new float[3 * CELLS];
                for (int i = 0; i < values.length; i++) {
                    values[i] = i;
                }
                rows.put(values, CELLS);
            }
        });

        EmbeddedCells read = EmbeddedCells.read(embedded);
        ReportPage.CellMap map = read.map("donor", 1);

        assertThat(read.embeddings()).hasDimensions(CELLS, 3);
        assertThat(read.embeddings()[2]).containsExactly(6, 7, 8);
        assertThat(map).isNotNull();
        assertThat(map.x()).hasSize(CELLS);
        assertThat(map.colourings())
                .extracting(ReportPage.Colouring::name)
                .startsWith("donor")
                .contains("cell_type", "disease");
    }

    @Test
    void aFileWithoutEmbeddingsNamesTheRemedy() throws Exception {
        Path cells = simulated();
        assertThatThrownBy(() -> EmbeddedCells.read(cells))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no X_celllm")
                .hasMessageContaining("celllm embed");
    }

    @Test
    void columnsThatCannotColourAreLeftOut() {
        int[] all = IntStream.range(0, 100).toArray();
        double[] ascending = IntStream.range(0, 100).asDoubleStream().toArray();
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("counts", new Column.Numeric(ascending, true));
        columns.put(
                "cluster",
                new Column.Numeric(
                        IntStream.range(0, 100).mapToDouble(i -> i % 4).toArray(), true));
        columns.put("constant", new Column.Numeric(new double[100], false));
        columns.put(
                "name",
                new Column.Text(IntStream.range(0, 100).mapToObj(i -> "c" + i).toArray(String[]::new)));
        columns.put(
                "type",
                new Column.Categorical(
                        IntStream.range(0, 100).map(i -> i % 3 - 1).toArray(), List.of("Z", "A")));
        List<String> names = IntStream.range(0, 100).mapToObj(i -> "cell" + i).toList();

        List<ReportPage.Colouring> colourings =
                new EmbeddedCells(folder, new float[100][2], new AnnotationTable(names, columns)).colourings(all, null);

        assertThat(colourings).extracting(ReportPage.Colouring::name).containsExactly("cluster", "type", "counts");
        assertThat(colourings.get(1).categories()).containsExactly("A", "Z");
        assertThat(colourings.get(1).codes()).startsWith(-1, 1, 0);
    }

    private Path simulated() throws Exception {
        Path cells = folder.resolve("cells.h5ad");
        new Simulator(SimulationSettings.of(CELLS, 1).withGenes(100)).write(cells, Progress.SILENT);
        return cells;
    }
}
