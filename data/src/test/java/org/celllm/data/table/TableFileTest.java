package org.celllm.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.celllm.data.InputException;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.matrix.RandomMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFileTest {
    private static final List<String> GENES = List.of("ACTB", "CD3E", "LYZ", "TENT5C", "HLA-A");

    @TempDir
    Path folder;

    private final RandomMatrix matrix = RandomMatrix.counts(6, 8, 5);

    private ExpressionFile open(String text) throws IOException {
        return ExpressionFiles.open(Files.writeString(folder.resolve("table.txt"), text));
    }

    private static float[][] read(ExpressionFile file) throws IOException {
        MatrixSlot slot = file.slots().get(0);
        try (CellReader reader = file.read(slot, 3)) {
            return RandomMatrix.read(reader, slot.cells(), slot.genes()).values();
        }
    }

    private String table(String separator, String corner, boolean genesInRows, boolean shifted) {
        RandomMatrix shown = genesInRows ? matrix.transposed() : matrix;
        List<String> cells = RandomMatrix.names("cell_", 8);
        List<String> rows = genesInRows ? GENES : cells;
        List<String> columns = genesInRows ? cells : GENES;
        StringBuilder text = new StringBuilder(shifted ? "" : corner + separator);
        text.append(String.join(separator, columns)).append('\n');
        for (int row = 0; row < rows.size(); row++) {
            text.append(rows.get(row));
            for (float value : shown.values()[row]) {
                text.append(separator).append(row % 2 == 0 ? String.valueOf(value) : String.valueOf((int) value));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "tab,'',true,false",
        "tab,gene,true,false",
        "comma,'',false,false",
        "semicolon,cell,false,false",
        "tab,'',true,true",
        "tab,'',false,true",
        "comma,anything,true,false"
    })
    void findsTheSideOfTheGenes(String separator, String corner, boolean genesInRows, boolean shifted)
            throws IOException {
        String character = separator.equals("tab") ? "\t" : separator.equals("comma") ? "," : ";";
        try (ExpressionFile file = open(table(character, corner, genesInRows, shifted))) {
            assertThat(file.format()).contains(separator).contains(genesInRows ? "genes in rows" : "cells in rows");
            assertThat(file.remarks()).hasSize(1);
            assertThat(file.genes(file.slots().get(0)).names()).containsExactlyElementsOf(GENES);
            assertThat(file.cells().names()).startsWith("cell_0").hasSize(8);
            assertThat(read(file)).isDeepEqualTo(matrix.values());
            CellBlock picked = file.pick(file.slots().get(0), new int[] {1, 7});
            assertThat(picked.cells()).isEqualTo(2);
        }
    }

    @Test
    void keepsAnnotationsApartFromGenes() throws IOException {
        try (ExpressionFile file =
                open("id,cell_type,CD3E,LYZ,ACTB,n_counts\na,T,1,0,3,4\n\"b,1\",\"B \"\"x\"\"\",0,2,1,3\n")) {
            assertThat(file.genes(file.slots().get(0)).names()).containsExactly("CD3E", "LYZ", "ACTB");
            assertThat(file.cells().names()).containsExactly("a", "b,1");
            assertThat(file.cells().column("cell_type").text(1)).isEqualTo("B \"x\"");
            assertThat(file.cells().column("n_counts").text(0)).isEqualTo("4");
            assertThat(read(file)).isDeepEqualTo(new float[][] {{1, 0, 3}, {0, 2, 1}});
        }
    }

    @Test
    void knowsEntrezIdsFromAColumnBesideThem() throws IOException {
        try (ExpressionFile file = open("\tresponse\t916\t3105\t16\nc1\t1\t-0.5\t2e-1\tNA\nc2\t0\t1.25\t0\t\n")) {
            assertThat(file.genes(file.slots().get(0)).names()).containsExactly("916", "3105", "16");
            assertThat(file.cells().column("response").text(0)).isEqualTo("1");
            assertThat(read(file)).isDeepEqualTo(new float[][] {{-0.5f, 0.2f, 0}, {1.25f, 0, 0}});
        }
    }

    @Test
    void readsGzippedTables() throws IOException {
        Path path = folder.resolve("table.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(table(",", "", false, false).getBytes(StandardCharsets.UTF_8));
        }
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            assertThat(read(file)).isDeepEqualTo(matrix.values());
        }
        byte[] packed = Files.readAllBytes(path);
        for (int length : new int[] {3, 12, packed.length / 2, packed.length - 3}) {
            Files.write(path, Arrays.copyOf(packed, length));
            assertThatThrownBy(() -> ExpressionFiles.open(path))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("table.csv.gz");
        }
    }

    @Test
    void refusesTextThatIsNoTable() {
        refused("Dear reader, this is a letter.\nIt has lines.\n", "table of expression");
        refused("a single line", "holds no tab, comma or semicolon");
        refused("gene\tcell_1\tcell_2\nA\t1\t2\nB\t1\n", "line 3");
        refused("name,label\nx,B\ny,T\n", "0 of its 1 columns after the first hold numbers");
        refused("gene,cell_1,cell_2\n", "has one line only");
        refused("0.5,0.1,0.0\n0.5,0.2,0.7\n0.1,0.4,0.0\n", "expected a header");
        refused("a,b,c\nx,1,2\nx,3,4\nx,5,6\n", "names in its first column repeat");
        refused("A\tB\tC\nx\t1\t2\n\0\t1\t2\n", "binary file");
    }

    private void refused(String text, String words) {
        assertThatThrownBy(() -> open(text)).isInstanceOf(InputException.class).hasMessageContaining(words);
    }

    @Test
    void namesTheLineOfALateMistake() throws IOException {
        StringBuilder text = new StringBuilder("cell\tACTB\tLYZ\n");
        for (int i = 0; i < 400; i++) {
            text.append('c')
                    .append(i)
                    .append("\t1\t")
                    .append(i == 350 ? "many" : "2")
                    .append('\n');
        }
        try (ExpressionFile file = open(text.toString())) {
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("line 352")
                    .hasMessageContaining("column LYZ holds \"many\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "12,12",
        "-3.5,-3.5",
        "0.1,0.1",
        "1e3,1000",
        "1.7976931348623157E308,1.7976931348623157E308",
        "123456789012345678901234567890,1.2345678901234568E29",
        "'  7 ',7",
        "+4,4",
        ".5,0.5",
        "0.30000000000000004,0.30000000000000004"
    })
    void readsNumbersAsJavaDoes(String text, double value) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(TextNumbers.parse(bytes, 0, bytes.length)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"x", "'1,5'", "--1", "Infinity", "1e999", "0x10", "1d", "'.'", "1 2"})
    void knowsWhatIsNoNumber(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(TextNumbers.parse(bytes, 0, bytes.length)).isEqualTo(TextNumbers.NO_NUMBER);
    }
}
