package org.celllm.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.genes.GeneVocabularyFiles;
import org.celllm.data.genes.HgncTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.tokens.ValuesOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Real files in the dialects that users have: each is described rightly, or refused with the right words. */
class FilesOfUsersTest {
    /** {@code path | format | cells × genes of the slot | slot state} or {@code path | refused: words}. */
    private static final String EXPECTED = """
            10x_h5/cellranger6_BrainTumor_LT_182cells.h5 | 10x h5 (CellRanger 6.0.0) | 182 × 36601 | matrix counts
            10x_h5/scvi_brain_large_cellranger1_mm10.h5 | refused: no gene names and no barcodes
            10x_scanpy/1.2.0/filtered_gene_bc_matrices/hg19_chr21/barcodes.tsv | refused: holds no tab
            10x_scanpy/1.2.0/filtered_gene_bc_matrices/hg19_chr21/genes.tsv | refused: 0 of its 1 columns
            10x_scanpy/1.2.0/filtered_gene_bc_matrices/hg19_chr21/matrix.mtx | 10x folder (CellRanger 1 or 2) | 12 × 343 | matrix counts
            10x_scanpy/1.2.0/filtered_gene_bc_matrices_h5.h5 | 10x h5 (CellRanger 1 or 2, genome hg19_chr21) | 12 × 343 | matrix counts
            10x_scanpy/3.0.0/filtered_feature_bc_matrix/barcodes.tsv.gz | refused: holds no tab
            10x_scanpy/3.0.0/filtered_feature_bc_matrix/features.tsv.gz | refused: 0 of its 2 columns
            10x_scanpy/3.0.0/filtered_feature_bc_matrix/matrix.mtx.gz | 10x folder (CellRanger 3 or later) | 1107 × 507 | matrix counts
            10x_scanpy/3.0.0/filtered_feature_bc_matrix.h5 | 10x h5 (CellRanger 3 or later) | 1107 × 507 | matrix counts
            10x_scanpy/int-ids/barcodes.tsv | refused: holds no tab
            10x_scanpy/int-ids/features.tsv | refused: 0 of its 2 columns
            10x_scanpy/int-ids/matrix.mtx | 10x folder (CellRanger 3 or later) | 5 × 6 | matrix counts
            10x_visium_2.1.0_raw_probe_bc_matrix.h5 | 10x h5 (CellRanger 3 or later) | 4987 × 1000 | matrix counts
            h5ad/10x_pbmc68k_reduced.5f4824ac.h5ad | AnnData h5ad (before anndata 0.7, compound tables) | 724 × 2956 | raw/X log1p
            h5ad/10x_pbmc68k_reduced.d53464fb.h5ad | AnnData h5ad (anndata 0.8 or later) | 700 × 765 | raw/X log1p
            h5ad/anndataR_example.h5ad | AnnData h5ad (anndata 0.8 or later) | 50 × 100 | layers/counts counts
            h5ad/anndataR_krumsiek11_augmented_sparse_v0-8.h5ad | AnnData h5ad (anndata 0.8 or later) | 640 × 11 | scaled
            h5ad/anndata_archive_v0.7.0.h5ad | AnnData h5ad (anndata 0.7) | 30 × 40 | raw/X counts
            h5ad/anndata_archive_v0.7.8.h5ad | AnnData h5ad (anndata 0.7) | 30 × 40 | raw/X counts
            h5ad/cellxgene_a95c.h5ad | AnnData h5ad (anndata 0.7) | 3 × 4 | X counts
            h5ad/cellxgene_nan.h5ad | AnnData h5ad (before anndata 0.7, compound tables) | 100 × 100 | scaled
            h5ad/kbet-sim.h5ad | AnnData h5ad (before anndata 0.7, compound tables) | 200 × 1000 | X log2p1
            h5ad/scgen_valid_kang_lognorm.h5ad | AnnData h5ad (before anndata 0.7, compound tables) | 1975 × 6998 | X log1p
            h5ad/scimilarity_test.h5ad | AnnData h5ad (anndata 0.8 or later) | 1000 × 1000 | layers/counts counts
            h5ad/scminer_demoData4.h5ad | AnnData h5ad (anndata 0.8 or later) | 100 × 1000 | X counts
            h5ad/scvi_TM_droplet_mat.h5ad | AnnData h5ad (before anndata 0.7, compound tables) | 47 × 10 | X counts
            h5ad/scvi_brainlarge_dataset_test.h5ad | AnnData h5ad (anndata 0.7) | 70 × 720 | X counts
            h5ad/scvi_pbmc_10k_protein_v3_200cells.h5ad | AnnData h5ad (anndata 0.7) | 200 × 16727 | X counts
            h5ad/zellkonverter_example_anndata.h5ad | AnnData h5ad (anndata 0.7) | 200 × 459 | layers/counts counts
            h5ad/zellkonverter_krumsiek11.h5ad | AnnData h5ad (anndata 0.7) | 640 × 11 | scaled
            h5ad/zellkonverter_krumsiek11_augmented_v0-8.h5ad | AnnData h5ad (anndata 0.8 or later) | 640 × 11 | scaled
            loom/Cortex.loom | refused: is a loom file
            loom/fc-dropseq.loom | refused: is a loom file
            loom/retina.loom | refused: is a loom file
            other/actinn_train_label.txt.gz | refused: 0 of its 1 columns
            other/actinn_train_set_pytables.h5 | refused: PyTables
            other/domain_1.tsv | text table (tab-separated, genes in rows) | 20 × 10526 | matrix log1p
            other/domain_val.csv | text table (comma-separated, genes in rows) | 20 × 11205 | matrix log1p
            other/scdcc_10X_PBMC_4271x2000_nogenenames.h5 | refused: neither cells nor genes have names
            other/scvi_10x_v3_filtered_feature_bc_matrix.tar.gz | refused: is a tar archive
            zarr/anndata_archive_v0.11.4.zarr.zip | refused: is a zipped zarr store
            zarr/anndata_archive_v0.7.0.zarr.zip | refused: is a zipped zarr store
            zarr/anndata_archive_v0.7.8.zarr.zip | refused: is a zipped zarr store
            """;

    /** {@code path | cells × genes | state}. */
    private static final String STATES = """
            celltype/pbmc3k.h5ad | 2638 × 13714 | counts
            celltype/kang_ifnb_scgen1975.h5ad | 1975 × 6998 | counts
            celltype/pbmc_sorted_garnett.h5ad | 762 × 32738 | counts
            celltype/baron_mouse175_humansymbols.h5ad | 175 × 12474 | counts
            celltype/pbmc_3tech_symphony1200.h5ad | 1200 × 1767 | log1p
            celltype/pollen64_scde.h5ad | 64 × 23710 | counts
            cancer/oligodendroglioma184.h5ad | 184 × 10338 | tpm
            cancer/scmix_celseq2_3cl.h5ad | 274 × 21753 | counts
            cancer/scmix_dropseq_3cl.h5ad | 225 × 13720 | counts
            pretrain/pbmc_pisces1000.h5ad | 1000 × 58828 | counts
            pretrain/kang_ifnb_harmony_dedup.h5ad | 1872 × 9015 | counts
            pretrain/a549_xenograft_cp007.h5ad | 603 × 16856 | counts
            pretrain/glioblastoma_10x_LT182.h5ad | 182 × 36601 | counts
            pretrain/oligodendroglioma_MGH53_MGH54.h5ad | 1542 × 6695 | log2p1
            drug/scad/Target_expr_resp_z.Gefitinib_tp4k.tsv.gz | 66 × 2933 | scaled
            """;

    private Path data;

    @BeforeEach
    void findData() {
        data = Path.of(System.getProperty("celllm.shared", "none"), "data");
        assumeTrue(Files.isDirectory(data), "no real files at " + data + ": skipped");
    }

    private static List<String[]> rows(String table) {
        return table.lines().map(line -> line.split(" \\| ")).toList();
    }

    @TestFactory
    Stream<DynamicTest> readsOrRefusesEveryDialect() throws IOException {
        Map<String, String[]> expected = new TreeMap<>();
        rows(EXPECTED).forEach(row -> expected.put(row[0], row));
        Path formats = data.resolve("formats");
        List<String> found;
        try (Stream<Path> files = Files.walk(formats)) {
            found = files.filter(Files::isRegularFile)
                    .map(file -> formats.relativize(file).toString())
                    .toList();
        }
        assertThat(found)
                .as("every file has an expected outcome")
                .containsExactlyInAnyOrderElementsOf(expected.keySet());
        return expected.values().stream()
                .map(row -> DynamicTest.dynamicTest(row[0], () -> check(formats.resolve(row[0]), row)));
    }

    private static void check(Path file, String[] expected) throws IOException {
        if (expected[1].startsWith("refused: ")) {
            assertThatThrownBy(() -> FileInspection.of(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(expected[1].substring("refused: ".length()))
                    .hasMessageContaining(file.toString());
            return;
        }
        FileInspection inspection = FileInspection.of(file);
        assertThat(inspection.format()).isEqualTo(expected[1]);
        if (inspection.choice() == null) {
            assertThat(inspection.slots().get(0).state().word()).isEqualTo(expected[3]);
            assertThat(inspection.problem()).contains("--values scaled");
        } else {
            assertThat(inspection.choice().slot().name() + " "
                            + inspection.choice().state().word())
                    .isEqualTo(expected[3]);
        }
        assertThat(inspection.cells() + " × " + inspection.genes().genes()).isEqualTo(expected[2]);
        readEverySlot(file);
    }

    private static void readEverySlot(Path path) throws IOException {
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            for (MatrixSlot slot : file.slots()) {
                int cells = 0;
                try (CellReader reader = file.read(slot, 300)) {
                    for (CellBlock block = reader.next(); block != null; block = reader.next()) {
                        cells += block.cells();
                    }
                }
                assertThat(cells).as(slot.name()).isEqualTo(slot.cells());
                assertThat(file.genes(slot).size()).isEqualTo(slot.genes());
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> statesTheValuesOfRealDataRightly() {
        return rows(STATES).stream()
                .map(row -> DynamicTest.dynamicTest(row[0], () -> {
                    FileInspection inspection = FileInspection.of(data.resolve(row[0]));
                    assertThat(inspection.cells() + " × " + inspection.genes().genes())
                            .isEqualTo(row[1]);
                    assertThat(inspection.slots().get(0).state().word()).isEqualTo(row[2]);
                }));
    }

    @Test
    void mapsRealGenesToARealVocabulary() throws IOException {
        GeneVocabulary vocabulary = GeneVocabularyFiles.read(data.resolve("genes/OS_scRNA_gene_index.19264.tsv.gz"));
        GeneIdentity identity = GeneIdentity.with(HgncTable.read(data.resolve("genes/hgnc_complete_set.txt.gz")));
        List<String> summaries = new ArrayList<>();
        for (String[] row : rows(STATES)) {
            FileInspection inspection =
                    FileInspection.of(data.resolve(row[0]), ValuesOption.AUTO, identity, vocabulary);
            var mapping = java.util.Objects.requireNonNull(inspection.genes().mapping());
            summaries.add(row[0] + ": " + mapping.summary());
            assertThat(Math.max(mapping.mappedFraction(), mapping.coveredFraction()))
                    .as(summaries.get(summaries.size() - 1))
                    .isGreaterThan(0.75);
            GeneIdentity.requireOverlap(mapping, vocabulary, row[0]);
        }
        assertThat(summaries.stream().filter(s -> s.contains("entrez")).collect(Collectors.toList()))
                .singleElement()
                .asString()
                .contains("Gefitinib");
    }

    @Test
    void refusesRealFilesCutAnywhere() throws IOException {
        Path cut = Files.createTempFile("cut", ".h5ad");
        try {
            for (String name : List.of(
                    "h5ad/anndata_archive_v0.7.8.h5ad",
                    "h5ad/cellxgene_nan.h5ad",
                    "h5ad/anndataR_example.h5ad",
                    "10x_scanpy/3.0.0/filtered_feature_bc_matrix.h5",
                    "10x_scanpy/1.2.0/filtered_gene_bc_matrices_h5.h5")) {
                byte[] whole = Files.readAllBytes(data.resolve("formats").resolve(name));
                for (int i = 0; i < 12; i++) {
                    int length = (int) ((long) whole.length * (2 * i + 1) / 24);
                    Files.write(cut, java.util.Arrays.copyOf(whole, length));
                    assertThatThrownBy(() -> {
                                FileInspection.of(cut);
                                readEverySlot(cut);
                            })
                            .as("%s cut at %d", name, length)
                            .isInstanceOf(InputException.class);
                }
            }
        } finally {
            Files.delete(cut);
        }
    }
}
