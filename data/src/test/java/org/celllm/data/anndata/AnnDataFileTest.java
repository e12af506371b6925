package org.celllm.data.anndata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.hdf5.global.hdf5;
import org.celllm.data.InputException;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.hdf5.HandmadeAnnData;
import org.celllm.data.hdf5.HandmadeHdf5;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellBlocks;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.matrix.RandomMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnDataFileTest {
    @TempDir
    Path folder;

    private ExpressionFile open(Consumer<HandmadeHdf5> content) throws IOException {
        return ExpressionFiles.open(HandmadeHdf5.write(folder.resolve("cells.h5ad"), content));
    }

    private static float[][] read(ExpressionFile file, String slot, int cellsPerBlock) throws IOException {
        MatrixSlot found = slot(file, slot);
        try (CellReader reader = file.read(found, cellsPerBlock)) {
            return RandomMatrix.read(reader, found.cells(), found.genes()).values();
        }
    }

    private static MatrixSlot slot(ExpressionFile file, String name) {
        return file.slots().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsTheSameMatrixFromEveryLayout(long seed) throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(seed, 20 + (int) seed * 7, 11 + (int) seed * 3);
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, matrix.cells(), matrix.genes());
            HandmadeAnnData.sparse(h5, "X", matrix, true);
            HandmadeAnnData.sparse(h5, "layers/columns", matrix, false);
            HandmadeAnnData.dense(h5, "layers/dense", matrix);
            h5.chunked(7, 0);
            HandmadeAnnData.sparse(h5, "layers/chunked", matrix, true);
            HandmadeAnnData.dense(h5, "layers/tiles", matrix);
            h5.chunked(5, 4);
            HandmadeAnnData.sparse(h5, "layers/packed", matrix, true);
            HandmadeAnnData.sparse(h5, "layers/packed_columns", matrix, false);
            HandmadeAnnData.dense(h5, "layers/packed_tiles", matrix);
        })) {
            assertThat(file.slots()).hasSize(8);
            assertThat(file.slots().get(0).name()).isEqualTo("X");
            for (MatrixSlot slot : file.slots()) {
                for (int cellsPerBlock : new int[] {1, 6, 1000}) {
                    assertThat(read(file, slot.name(), cellsPerBlock))
                            .as("seed %d, %s by %d", seed, slot.name(), cellsPerBlock)
                            .isDeepEqualTo(matrix.values());
                }
            }
        }
    }

    @Test
    void readsNumbersOfEveryStoredType() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(8, 6, 5);
        long[] whole = new long[30];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (long) matrix.flat()[i];
        }
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 6, 5);
            h5.longs("layers/int8", hdf5.H5T_STD_I8LE_g(), whole, 6, 5)
                    .longs("layers/uint8", hdf5.H5T_STD_U8LE_g(), whole, 6, 5)
                    .longs("layers/int16_big", hdf5.H5T_STD_I16BE_g(), whole, 6, 5)
                    .longs("layers/uint16", hdf5.H5T_STD_U16LE_g(), whole, 6, 5)
                    .longs("layers/int32", hdf5.H5T_STD_I32LE_g(), whole, 6, 5)
                    .longs("layers/uint32", hdf5.H5T_STD_U32LE_g(), whole, 6, 5)
                    .longs("layers/int64", hdf5.H5T_STD_I64LE_g(), whole, 6, 5)
                    .longs("layers/uint64", hdf5.H5T_STD_U64LE_g(), whole, 6, 5)
                    .longs("layers/float64_big", hdf5.H5T_IEEE_F64BE_g(), whole, 6, 5)
                    .longs("layers/float32", hdf5.H5T_IEEE_F32LE_g(), whole, 6, 5);
        })) {
            assertThat(file.slots()).hasSize(10);
            assertThat(file.remarks()).containsExactly("there is no X");
            for (MatrixSlot slot : file.slots()) {
                assertThat(slot.name()).contains(slot.valueType());
                assertThat(read(file, slot.name(), 4)).isDeepEqualTo(matrix.values());
            }
        }
    }

    @Test
    void putsGenesInOrderSumsDuplicatesAndDropsZerosAndMissingValues() throws IOException {
        RandomMatrix.Compressed untidy = new RandomMatrix.Compressed(
                new float[] {3, 1, 2, 0, Float.NaN, 5, -1, 1}, new int[] {2, 0, 2, 1, 3, 1, 0, 0}, new int[] {0, 5, 6, 8
                });
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 3, 4);
            HandmadeAnnData.sparse(h5, "X", untidy, "csr_matrix", 3, 4);
        })) {
            assertThat(read(file, "X", 2)).isDeepEqualTo(new float[][] {{1, 0, 5, 0}, {0, 5, 0, 0}, {0, 0, 0, 0}});
        }
    }

    @Test
    void givesRawItsOwnGenes() throws IOException {
        RandomMatrix x = RandomMatrix.counts(1, 5, 3);
        RandomMatrix raw = RandomMatrix.counts(2, 5, 6);
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 5, 3);
            HandmadeAnnData.sparse(h5, "X", x, true);
            HandmadeAnnData.sparse(h5, "raw/X", raw, true);
            HandmadeAnnData.frame(h5, "raw/var", RandomMatrix.names("all", 6));
        })) {
            assertThat(file.genes(slot(file, "X")).names()).containsExactly("gene0", "gene1", "gene2");
            assertThat(file.genes(slot(file, "raw/X")).names()).hasSize(6).contains("all5");
            assertThat(read(file, "raw/X", 2)).isDeepEqualTo(raw.values());
        }
    }

    @Test
    void readsColumnsOfEveryEncoding() throws IOException {
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 3, 2);
            HandmadeAnnData.dense(h5, "X", RandomMatrix.counts(1, 3, 2));
            h5.attribute("obs", "column-order", List.of("type", "old", "count"));
            h5.strings("obs/type/categories", List.of("B", "T"))
                    .longs("obs/type/codes", hdf5.H5T_STD_I8LE_g(), new long[] {1, -1, 0});
            h5.strings("obs/__categories/old", List.of("x", "y"))
                    .longs("obs/old", hdf5.H5T_STD_I8LE_g(), new long[] {0, 1, 0});
            h5.ints("obs/count", new int[] {7, 8, 9});
            h5.doubles("obs/score", 1.5, Double.NaN, -2);
            h5.truths("obs/good", true, false, true);
            h5.ints("obs/maybe/values", new int[] {1, 2, 3}).truths("obs/maybe/mask", false, true, false);
            h5.truths("obs/perhaps/values", true, true, false).truths("obs/perhaps/mask", false, true, false);
            h5.strings("obs/note/values", List.of("a", "", "c")).truths("obs/note/mask", false, true, false);
            h5.doubles("obs/dose/categories", 0.5, 2)
                    .longs("obs/dose/codes", hdf5.H5T_STD_I16LE_g(), new long[] {0, 1, 1});
            h5.fixed("obs/fixed", 4, List.of("ab", "abcd", ""));
            h5.group("obs/nested/frame");
        })) {
            assertThat(file.cells().columns().keySet())
                    .startsWith("type", "old", "count")
                    .containsExactlyInAnyOrder(
                            "type", "old", "count", "score", "good", "maybe", "perhaps", "note", "dose", "fixed");
            assertThat(texts(file, "type")).containsExactly("T", null, "B");
            assertThat(texts(file, "old")).containsExactly("x", "y", "x");
            assertThat(texts(file, "count")).containsExactly("7", "8", "9");
            assertThat(texts(file, "score")).containsExactly("1.5", null, "-2.0");
            assertThat(texts(file, "good")).containsExactly("True", "False", "True");
            assertThat(texts(file, "maybe")).containsExactly("1", null, "3");
            assertThat(texts(file, "perhaps")).containsExactly("True", null, "False");
            assertThat(texts(file, "note")).containsExactly("a", null, "c");
            assertThat(texts(file, "dose")).containsExactly("0.5", "2.0", "2.0");
            assertThat(texts(file, "fixed")).containsExactly("ab", "abcd", "");
        }
    }

    private static List<String> texts(ExpressionFile file, String name) {
        Column column = file.cells().column(name);
        List<String> texts = new java.util.ArrayList<>();
        for (int i = 0; i < column.size(); i++) {
            texts.add(column.text(i));
        }
        return texts;
    }

    @Test
    void readsNamesStoredAsNullableStrings() throws IOException {
        try (ExpressionFile file = open(h5 -> {
            h5.attribute("", "encoding-type", "anndata");
            HandmadeAnnData.dense(h5, "X", RandomMatrix.counts(1, 2, 2));
            for (String table : List.of("obs", "var")) {
                h5.strings(table + "/_index/values", List.of(table + "1", table + "2"))
                        .truths(table + "/_index/mask", false, false)
                        .attribute(table + "/_index", "encoding-type", "nullable-string-array")
                        .attribute(table, "_index", "_index");
            }
        })) {
            assertThat(file.cells().names()).containsExactly("obs1", "obs2");
            assertThat(file.genes(file.slots().get(0)).names()).containsExactly("var1", "var2");
        }
    }

    @Test
    void readsTheCompoundTablesOfTheOldestFiles() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(3, 3, 2);
        RandomMatrix.Compressed arrays = matrix.compressed();
        try (ExpressionFile file = open(h5 -> {
            h5.floats("X/data", arrays.data())
                    .ints("X/indices", arrays.indices())
                    .ints("X/indptr", arrays.starts())
                    .attribute("X", "h5sparse_format", "csr")
                    .attribute("X", "h5sparse_shape", 3, 2);
            h5.compound("obs", 6, List.of("AACC", "ACGT", "GGTT"), new byte[] {1, 0, -1}, new float[] {1, 2.5f, 3});
            h5.compound("var", 5, List.of("CD3E", "MS4A1"), new byte[2], new float[2]);
            h5.fixed("uns/code_categories", 3, List.of("B", "T"));
        })) {
            assertThat(file.format()).contains("before anndata 0.7");
            assertThat(file.cells().names()).containsExactly("AACC", "ACGT", "GGTT");
            assertThat(texts(file, "code")).containsExactly("T", "B", null);
            assertThat(texts(file, "number")).containsExactly("1.0", "2.5", "3.0");
            assertThat(file.genes(file.slots().get(0)).names()).containsExactly("CD3E", "MS4A1");
            assertThat(read(file, "X", 2)).isDeepEqualTo(matrix.values());
        }
    }

    @Test
    void picksCellsAnywhere() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(5, 40, 9);
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 40, 9);
            HandmadeAnnData.sparse(h5, "X", matrix, true);
            HandmadeAnnData.sparse(h5, "layers/columns", matrix, false);
            h5.chunked(6, 1);
            HandmadeAnnData.dense(h5, "layers/dense", matrix);
        })) {
            for (MatrixSlot slot : file.slots()) {
                CellBlock block = file.pick(slot, new int[] {0, 7, 8, 39});
                assertThat(block.cells()).isEqualTo(4);
                int[] rows = {0, 7, 8, 39};
                for (int i = 0; i < rows.length; i++) {
                    float[] row = new float[9];
                    for (int k = block.offsets()[i]; k < block.offsets()[i + 1]; k++) {
                        row[block.genes()[k]] = block.values()[k];
                    }
                    assertThat(row).as(slot.name()).isEqualTo(matrix.values()[rows[i]]);
                }
            }
        }
    }

    @Test
    void readsAMatrixOfWhichNothingWasEverWritten() throws IOException {
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 2, 2);
            h5.chunked(1, 1);
            HandmadeAnnData.sparse(
                    h5,
                    "X",
                    new RandomMatrix.Compressed(new float[0], new int[0], new int[] {0, 0, 0}),
                    "csr_matrix",
                    2,
                    2);
        })) {
            assertThat(read(file, "X", 5)).isDeepEqualTo(new float[2][2]);
        }
    }

    @Test
    void followsLinksInsideTheFileOnly() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(5, 4, 3);
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 4, 3);
            HandmadeAnnData.sparse(h5, "hidden/counts", matrix, true);
            h5.softLink("X", "/hidden/counts");
        })) {
            assertThat(read(file, "X", 5)).isDeepEqualTo(matrix.values());
        }
        refused(h5 -> h5.softLink("X", "/X"), "is a link to itself");
        refused(h5 -> h5.externalLink("X", "/etc/hostname"), "is a link into another file");
    }

    private void refused(Consumer<HandmadeHdf5> matrix, String words) {
        assertThatThrownBy(() -> open(h5 -> {
                    HandmadeAnnData.around(h5, 3, 2);
                    matrix.accept(h5);
                }))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(words)
                .hasMessageContaining("cells.h5ad");
    }

    private Path manyCells(int cells, int lastCode) throws IOException {
        Path path = folder.resolve("many.h5ad");
        H5adWriter.write(path, made -> {
            made.var(new AnnotationTable(List.of("A", "B"), Map.of()));
            CellBlocks block = new CellBlocks(cells, cells);
            List<String> names = new ArrayList<>();
            int[] codes = new int[cells];
            double[] numbers = new double[cells];
            for (int cell = 0; cell < cells; cell++) {
                names.add("cell " + cell);
                codes[cell] = cell % 3 - 1;
                numbers[cell] = cell / 4.0;
                block.add(cell % 2, 1 + cell);
                block.endCell();
            }
            codes[cells - 1] = lastCode;
            made.cells(block.build(0));
            Map<String, Column> columns = new LinkedHashMap<>();
            columns.put("type", new Column.Categorical(codes, List.of("T", "B")));
            columns.put("size", new Column.Numeric(numbers, false));
            columns.put("donor", new Column.Text(names.toArray(String[]::new)));
            made.obs(new AnnotationTable(names, columns));
        });
        return path;
    }

    @Test
    void aWrongCodeAmongVeryManyCellsIsFoundAtOnce() throws IOException {
        Path path = manyCells(70_000, 7);
        assertThatThrownBy(() -> ExpressionFiles.open(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 69999 has the code 7");
    }

    @Test
    void namesOfVeryManyCellsAreReadSomeAtATime() throws IOException {
        int cells = 70_000;
        try (ExpressionFile file = ExpressionFiles.open(manyCells(cells, 1))) {
            assertThat(file.cellCount()).isEqualTo(cells);
            List<String> before = List.copyOf(file.cellNames(65_530, 20));
            assertThat(before).hasSize(20).startsWith("cell 65530").endsWith("cell 65549");
            assertThat(file.cells().names()).hasSize(cells);
            assertThat(file.cells().names().subList(65_530, 65_550)).isEqualTo(before);
            assertThat(file.cellNames(65_530, 20)).isEqualTo(before);
            assertThat(file.cells().columns()).containsOnlyKeys("type", "size", "donor");
            assertThat(file.cells().columns().get("type").text(2)).isEqualTo("B");
        }
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        refused(h5 -> {}, "holds no matrix");
        refused(h5 -> HandmadeAnnData.dense(h5, "X", RandomMatrix.counts(1, 3, 4)), "is 3 × 4");
        refused(h5 -> h5.strings("X", List.of("a")), "holds no matrix");
        refused(
                h5 -> HandmadeAnnData.sparse(
                        h5, "X", new RandomMatrix.Compressed(new float[2], new int[1], new int[4]), "csr_matrix", 3, 2),
                "there are 1 indices");
        refused(
                h5 -> HandmadeAnnData.sparse(
                        h5, "X", new RandomMatrix.Compressed(new float[1], new int[1], new int[3]), "csr_matrix", 3, 2),
                "indptr has 3 entries");
        refused(
                h5 -> HandmadeAnnData.sparse(
                        h5, "X", new RandomMatrix.Compressed(new float[1], new int[1], new int[4]), "bsr_matrix", 3, 2),
                "bsr_matrix");
        refused(
                h5 -> {
                    HandmadeAnnData.dense(h5, "X", RandomMatrix.counts(1, 3, 2));
                    h5.ints("obs/short", new int[2]);
                },
                "has 2 rows");
        refused(
                h5 -> {
                    HandmadeAnnData.dense(h5, "X", RandomMatrix.counts(1, 3, 2));
                    h5.strings("obs/t/categories", List.of("a")).ints("obs/t/codes", new int[] {0, 1, 0});
                },
                "has the code 1");
    }

    @Test
    void refusesAFileWithoutGenes() {
        assertThatThrownBy(() -> open(h5 -> {
                    h5.attribute("", "encoding-type", "anndata");
                    HandmadeAnnData.frame(h5, "obs", List.of("a", "b"));
                    HandmadeAnnData.dense(h5, "X", RandomMatrix.counts(1, 2, 2));
                }))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no table \"var\"");
        assertThatThrownBy(() -> open(h5 -> {
                    h5.attribute("", "encoding-type", "anndata");
                    HandmadeAnnData.frame(h5, "obs", List.of("a", "b"));
                    HandmadeAnnData.frame(h5, "var", List.of());
                    HandmadeAnnData.sparse(
                            h5,
                            "X",
                            new RandomMatrix.Compressed(new float[0], new int[0], new int[3]),
                            "csr_matrix",
                            2,
                            0);
                }))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 cells and 0 genes");
    }

    @Test
    void namesThePlaceOfAnImpossibleValue() throws IOException {
        for (boolean byRow : new boolean[] {true, false}) {
            String encoding = byRow ? "csr_matrix" : "csc_matrix";
            damaged(encoding, new int[] {0, 9}, new float[] {1, 1}, "/X/indices", "entry 1 is 9");
            damaged(encoding, new int[] {0, -2}, new float[] {1, 1}, "/X/indices", "entry 1 is negative");
            damaged(
                    encoding,
                    new int[] {0, 1},
                    new float[] {1, Float.POSITIVE_INFINITY},
                    "/X/data",
                    "value 1 is infinite");
        }
    }

    private void damaged(String encoding, int[] indices, float[] data, String place, String words) throws IOException {
        try (ExpressionFile file = open(h5 -> {
            HandmadeAnnData.around(h5, 2, 2);
            HandmadeAnnData.sparse(
                    h5, "X", new RandomMatrix.Compressed(data, indices, new int[] {0, 2, 2}), encoding, 2, 2);
        })) {
            assertThatThrownBy(() -> read(file, "X", 5))
                    .isInstanceOfSatisfying(
                            InputException.class, e -> assertThat(e.place()).isEqualTo(place))
                    .hasMessageContaining(words);
        }
    }
}
