package org.celllm.data.tenx;

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
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.matrix.RandomMatrix;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenxFolderTest {
    @TempDir
    Path folder;

    private final RandomMatrix matrix = RandomMatrix.counts(3, 20, 9);

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder);
        if (name.endsWith(".gz")) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
        } else {
            Files.writeString(folder.resolve(name), text);
        }
    }

    /** Lines {@code gene cell value}, in a random order when there is a seed. */
    private String market(boolean genesFirst, long seed) {
        String[] lines = new String[matrix.compressed().data().length];
        int at = 0;
        for (int cell = 0; cell < matrix.cells(); cell++) {
            for (int gene = 0; gene < matrix.genes(); gene++) {
                int value = (int) matrix.values()[cell][gene];
                if (value > 0) {
                    lines[at++] =
                            (genesFirst ? (gene + 1) + " " + (cell + 1) : (cell + 1) + " " + (gene + 1)) + " " + value;
                }
            }
        }
        if (seed > 0) {
            int[] order = KeyedRandom.of(seed).permutation(lines.length);
            lines = Arrays.stream(order).mapToObj(List.of(lines)::get).toArray(String[]::new);
        }
        String sizes = genesFirst ? matrix.genes() + " " + matrix.cells() : matrix.cells() + " " + matrix.genes();
        return "%%MatrixMarket matrix coordinate integer general\n%metadata\n" + sizes + " " + lines.length + "\n"
                + String.join("\n", lines) + "\n";
    }

    private static String lines(String prefix, int count, String rest) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(prefix).append(i).append(rest.replace("#", "" + i)).append('\n');
        }
        return text.toString();
    }

    private static void assertReads(Path path, RandomMatrix expected) throws IOException {
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            MatrixSlot slot = file.slots().get(0);
            assertThat(slot.cells()).isEqualTo(expected.cells());
            try (CellReader reader = file.read(slot, 6)) {
                assertThat(RandomMatrix.read(reader, slot.cells(), slot.genes()).values())
                        .isDeepEqualTo(expected.values());
            }
        }
    }

    @Test
    void readsVersionsTwoAndThreePackedOrNot() throws IOException {
        write("matrix.mtx", market(true, 0));
        write("barcodes.tsv", lines("AACC", 20, "-1"));
        write("genes.tsv", lines("ENSG0000000000", 9, "\tGENE#"));
        assertReads(folder, matrix);
        assertReads(folder.resolve("matrix.mtx"), matrix);
        try (ExpressionFile file = ExpressionFiles.open(folder)) {
            assertThat(file.format()).contains("CellRanger 1 or 2");
            assertThat(file.genes(file.slots().get(0)).names()).startsWith("GENE0", "GENE1");
            assertThat(file.genes(file.slots().get(0)).column("gene_ids").text(2))
                    .isEqualTo("ENSG00000000002");
        }
        Path first = folder;
        folder = folder.resolve("three");
        write("matrix.mtx.gz", market(true, 0));
        write("barcodes.tsv.gz", lines("AACC", 20, "-1"));
        write("features.tsv.gz", lines("ENSG0000000000", 9, "\tGENE#\tGene Expression"));
        assertReads(folder, matrix);
        assertThatThrownBy(() -> ExpressionFiles.open(first.resolve("none"))).hasMessageContaining("no such file");
    }

    @Test
    void readsEntriesInAnyOrderAndTransposedMatrices() throws IOException {
        write("GSM1_matrix.mtx", market(true, 17));
        write("GSM1_barcodes.tsv", lines("AACC", 20, ""));
        write("GSM1_features.tsv", lines("ID", 9, "\tGENE#\tGene Expression"));
        assertReads(folder, matrix);
        write("GSM1_matrix.mtx", market(false, 5));
        assertReads(folder, matrix);
        try (ExpressionFile file = ExpressionFiles.open(folder)) {
            assertThat(file.remarks().toString()).contains("cells stand in the rows");
        }
    }

    @Test
    void leavesOutFeaturesThatAreNoGenes() throws IOException {
        write("matrix.mtx", market(true, 0));
        write("barcodes.tsv", lines("AACC", 20, ""));
        StringBuilder features = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            features.append("ID")
                    .append(i)
                    .append("\tGENE")
                    .append(i)
                    .append(i % 3 == 1 ? "\tAntibody Capture\n" : "\tGene Expression\n");
        }
        write("features.tsv", features.toString());
        float[][] genes = new float[20][];
        for (int cell = 0; cell < 20; cell++) {
            float[] row = matrix.values()[cell];
            genes[cell] = new float[] {row[0], row[2], row[3], row[5], row[6], row[8]};
        }
        assertReads(folder, new RandomMatrix(genes));
        try (ExpressionFile file = ExpressionFiles.open(folder)) {
            assertThat(file.remarks()).containsExactly("3 features that are no genes were left out: Antibody Capture");
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        write("matrix.mtx", market(true, 0));
        write("barcodes.tsv", lines("AACC", 20, ""));
        refused("there is no features.tsv or genes.tsv");
        write("genes.tsv", lines("G", 8, ""));
        refused("is 9 × 20; expected 8 × 20");
        write("genes.tsv", lines("G", 9, ""));
        String whole = market(true, 0);
        write("matrix.mtx", whole.substring(0, whole.lastIndexOf('\n', whole.length() - 30)));
        refused("as its header says");
        write("matrix.mtx", whole.replace("9 20", "9 20 99999999999999999999999"));
        refused("is no size of a matrix");
        write("matrix.mtx", whole.replace("integer", "complex"));
        refused("%%MatrixMarket matrix coordinate integer");
        write("matrix.mtx", whole + "77 1 1\n");
        refused("names row 77");
        write("matrix.mtx", whole + "1 1 x\n");
        refused("expected 3 numbers");
        Files.delete(folder.resolve("matrix.mtx"));
        refused("is a folder without a matrix.mtx");
        write("matrix.mtx.gz", whole);
        byte[] packed = Files.readAllBytes(folder.resolve("matrix.mtx.gz"));
        for (int length : new int[] {5, 60, packed.length / 2, packed.length - 2}) {
            Files.write(folder.resolve("matrix.mtx.gz"), Arrays.copyOf(packed, length));
            refused("cut while being written");
        }
    }

    private void refused(String words) {
        assertThatThrownBy(() -> assertReads(folder, matrix))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(words);
    }
}
