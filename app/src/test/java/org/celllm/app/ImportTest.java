package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.celllm.data.npy.NpyArray;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a published checkpoint to embeddings, through the command line alone. */
class ImportTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"small", "bias"})
    void embeddingsOfAnImportedModelAreThoseOfThePublishedNetwork(String name) throws IOException {
        Path reference = Path.of(System.getProperty("celllm.shared", "../shared"), "reference", name);
        Assumptions.assumeTrue(
                Files.isDirectory(reference), () -> "skipped: the reference figures " + reference + " are not here");
        NpyArray cells = NpyArray.read(reference.resolve("expression.npy"));
        NpyArray encodings = NpyArray.read(reference.resolve("encodings_batch1.npy"));
        int genes = cells.shape()[1];
        int length = encodings.shape()[1];
        int dim = encodings.shape()[2];
        String vocabulary = IntStream.range(0, genes).mapToObj(g -> "GENE" + g).collect(Collectors.joining("\n"));
        Path model = folder.resolve("model");
        Path embedded = folder.resolve("embedded.h5ad");
        int maxLength = new ObjectMapper()
                .readTree(reference.resolve("meta.json").toFile())
                .get("max_seq_len")
                .asInt();

        CommandLineRun imported = CommandLineRun.of(
                "import",
                reference.resolve("checkpoint.pth"),
                "--genes",
                Files.writeString(folder.resolve("genes.txt"), vocabulary + "\n"),
                "--max-length",
                maxLength,
                "--out",
                model);
        assertThat(imported.code()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("calls_since_last_redraw");
        CommandLineRun run =
                CommandLineRun.of("embed", model, table(cells), "--values", "asis", "--pool", "cls", "--out", embedded);

        assertThat(run.code()).as(run.err()).isZero();
        try (HdfFile file = new HdfFile(embedded)) {
            float[][] rows = (float[][]) file.getDatasetByPath("/obsm/X_celllm").getData();
            assertThat(rows).hasNumberOfRows(cells.shape()[0]);
            for (int cell = 0; cell < rows.length; cell++) {
                for (int d = 0; d < dim; d++) {
                    assertThat(rows[cell][d])
                            .as("%s, cell %d, dimension %d", name, cell, d)
                            .isCloseTo(encodings.values()[cell * length * dim + d], within(1e-4f));
                }
            }
        }
    }

    private Path table(NpyArray cells) throws IOException {
        int genes = cells.shape()[1];
        StringBuilder text = new StringBuilder("cell");
        for (int g = 0; g < genes; g++) {
            text.append(",GENE").append(g);
        }
        for (int c = 0; c < cells.shape()[0]; c++) {
            text.append("\ncell").append(c);
            for (int g = 0; g < genes; g++) {
                text.append(',').append(cells.values()[c * genes + g]);
            }
        }
        return Files.writeString(folder.resolve("cells.csv"), text.append('\n'));
    }
}
