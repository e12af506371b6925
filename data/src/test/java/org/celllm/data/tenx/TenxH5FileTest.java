package org.celllm.data.tenx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.HandmadeHdf5;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.matrix.RandomMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenxH5FileTest {
    @TempDir
    Path folder;

    private final RandomMatrix matrix = RandomMatrix.counts(2, 12, 4);

    private void arrays(HandmadeHdf5 h5, String group) {
        RandomMatrix.Compressed arrays = matrix.compressed();
        h5.floats(group + "/data", arrays.data())
                .ints(group + "/indices", arrays.indices())
                .ints(group + "/indptr", arrays.starts())
                .ints(group + "/shape", new int[] {4, 12})
                .fixed(group + "/barcodes", 8, RandomMatrix.names("AACC-", 12));
    }

    private static float[][] read(ExpressionFile file) throws IOException {
        MatrixSlot slot = file.slots().get(0);
        try (CellReader reader = file.read(slot, 5)) {
            return RandomMatrix.read(reader, slot.cells(), slot.genes()).values();
        }
    }

    @Test
    void readsVersionTwo() throws IOException {
        Path path = HandmadeHdf5.write(folder.resolve("two.h5"), h5 -> {
            arrays(h5, "hg19");
            h5.fixed("hg19/genes", 6, List.of("ENSG1", "ENSG2", "ENSG3", "ENSG4"))
                    .fixed("hg19/gene_names", 6, List.of("A", "B", "C", "D"));
        });
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            assertThat(file.format()).isEqualTo("10x h5 (CellRanger 1 or 2, genome hg19)");
            assertThat(file.genes(file.slots().get(0)).names()).containsExactly("A", "B", "C", "D");
            assertThat(file.genes(file.slots().get(0)).column("gene_ids").text(3))
                    .isEqualTo("ENSG4");
            assertThat(file.cells().names()).hasSize(12).startsWith("AACC-0");
            assertThat(read(file)).isDeepEqualTo(matrix.values());
        }
    }

    @Test
    void readsVersionThreeWithoutItsAntibodies() throws IOException {
        Path path = HandmadeHdf5.write(folder.resolve("three.h5"), h5 -> {
            arrays(h5, "matrix");
            h5.fixed("matrix/features/id", 6, List.of("ENSG1", "ENSG2", "CD3", "ENSG4"))
                    .fixed("matrix/features/name", 6, List.of("A", "B", "CD3_P", "D"))
                    .fixed(
                            "matrix/features/feature_type",
                            20,
                            List.of("Gene Expression", "Gene Expression", "Antibody Capture", "Gene Expression"))
                    .fixed("matrix/features/genome", 6, List.of("hg38", "hg38", "", "hg38"))
                    .attribute("", "software_version", "cellranger-6.0.0");
        });
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            assertThat(file.format()).isEqualTo("10x h5 (CellRanger 6.0.0)");
            assertThat(file.remarks()).containsExactly("1 features that are no genes were left out: Antibody Capture");
            assertThat(file.genes(file.slots().get(0)).names()).containsExactly("A", "B", "D");
            float[][] read = read(file);
            for (int cell = 0; cell < 12; cell++) {
                float[] row = matrix.values()[cell];
                assertThat(read[cell]).containsExactly(row[0], row[1], row[3]);
            }
            assertThat(file.pick(file.slots().get(0), new int[] {2, 11}).cells())
                    .isEqualTo(2);
        }
    }

    @Test
    void refusesWhatCannotBeReadWithoutGuessing() {
        assertThatThrownBy(() -> ExpressionFiles.open(HandmadeHdf5.write(folder.resolve("nameless.h5"), h5 -> {
                    h5.ints("mm10/data", new int[1])
                            .ints("mm10/indices", new int[1])
                            .ints("mm10/indptr", new int[2])
                            .ints("mm10/shape", new int[2]);
                })))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no gene names and no barcodes");
        assertThatThrownBy(() -> ExpressionFiles.open(HandmadeHdf5.write(folder.resolve("both.h5"), h5 -> {
                    for (String genome : List.of("hg19", "mm10")) {
                        arrays(h5, genome);
                        h5.fixed(genome + "/genes", 2, List.of("A", "B", "C", "D"));
                    }
                })))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("several genomes: hg19, mm10");
        assertThatThrownBy(() -> ExpressionFiles.open(HandmadeHdf5.write(folder.resolve("short.h5"), h5 -> {
                    arrays(h5, "hg19");
                    h5.fixed("hg19/genes", 2, List.of("A", "B", "C"));
                })))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is [4, 12]; expected 3 features × 12 barcodes");
    }
}
