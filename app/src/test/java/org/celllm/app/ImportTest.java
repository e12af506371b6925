package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.celllm.data.npy.NpyArray;
import org.celllm.data.safetensors.SafetensorsFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
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

    @Test
    void anImportedClassifierNamesCellsAsThePublishedOneDoes() throws IOException {
        Path reference = Path.of(System.getProperty("celllm.shared", "../shared"), "reference", "small");
        Assumptions.assumeTrue(
                Files.isDirectory(reference), () -> "skipped: the reference figures " + reference + " are not here");
        NpyArray cells = NpyArray.read(reference.resolve("expression.npy"));
        NpyArray logits = NpyArray.read(reference.resolve("ctc_logits_batch1.npy"));
        int classes = logits.shape()[1];
        String vocabulary =
                IntStream.range(0, cells.shape()[1]).mapToObj(g -> "GENE" + g).collect(Collectors.joining("\n"));
        Path model = folder.resolve("model");
        run(
                "import",
                reference.resolve("ctc_checkpoint.pth"),
                "--genes",
                Files.writeString(folder.resolve("genes.txt"), vocabulary + "\n"),
                "--max-length",
                48,
                "--out",
                model);
        Path annotator = folder.resolve("annotator");
        Path labels = Files.writeString(folder.resolve("labels.txt"), "a\nb\nc\nd\n");
        CommandLineRun few = CommandLineRun.of("annotate", "import", model, "--labels", labels, "--out", annotator);
        assertThat(few.code()).isEqualTo(2);
        assertThat(few.err()).contains("4 names").contains("5");
        assertThat(annotator).doesNotExist();
        Files.writeString(labels, "a\nb\nc\nd\n\"e, f\"\n");
        run("annotate", "import", model, "--labels", labels, "--out", annotator);
        Path named = folder.resolve("named.csv");
        run("annotate", "predict", annotator, table(cells), "--values", "asis", "--threshold", 0, "--out", named);
        List<String> lines = Files.readAllLines(named);
        assertThat(lines).hasSize(1 + cells.shape()[0]);
        for (int cell = 0; cell < cells.shape()[0]; cell++) {
            double sum = 0;
            double most = 0;
            int likeliest = 0;
            for (int c = 0; c < classes; c++) {
                double chance = Math.exp(logits.values()[cell * classes + c]);
                sum += chance;
                if (chance > most) {
                    most = chance;
                    likeliest = c;
                }
            }
            String line = lines.get(1 + cell);
            String label = line.substring(line.indexOf(',') + 1, line.lastIndexOf(','));
            assertThat(label)
                    .isEqualTo(List.of("a", "b", "c", "d", "\"\"\"e, f\"\"\"").get(likeliest));
            assertThat(Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)))
                    .isCloseTo(most / sum, within(1e-5));
        }
        Path page = folder.resolve("page.html");
        run("report", annotator, "--out", page);
        assertThat(Files.readString(page)).contains("5 kinds of cells");
    }

    @Test
    void theLastLayerIsFineTunedThroughTheCommandLine() throws IOException {
        Path cells = folder.resolve("cells.h5ad");
        Path corpus = folder.resolve("corpus");
        Path model = folder.resolve("model");
        Path annotator = folder.resolve("annotator");
        Path named = folder.resolve("named.h5ad");
        run("simulate", "--cells", 120, "--genes", 200, "--out", cells);
        run("corpus", "build", cells, "--out", corpus);
        run("pretrain", corpus, "--steps", 1, "--batch", 8, "--out", model);
        CommandLineRun fit = CommandLineRun.of(
                "annotate",
                "fit",
                model,
                cells,
                "--label",
                "cell_type",
                "--train",
                "last-layer",
                "--epochs",
                1,
                "--hide",
                0.5,
                "--splits",
                1,
                "--out",
                annotator);
        assertThat(fit.code()).as(fit.err()).isZero();
        assertThat(fit.out()).contains("model, last layer trained").contains("logistic regression, genes");
        run("annotate", "predict", annotator, cells, "--out", named);
        try (HdfFile file = new HdfFile(named)) {
            assertThat(file.getDatasetByPath("/obs/celllm_probability").getDimensions())
                    .containsExactly(120);
        }
        CommandLineRun wrong = CommandLineRun.of(
                "annotate",
                "fit",
                model,
                cells,
                "--label",
                "cell_type",
                "--train",
                "half",
                "--out",
                annotator,
                "--force");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("head, last-layer or all");
        CommandLineRun all = CommandLineRun.of(
                "annotate",
                "fit",
                model,
                cells,
                "--label",
                "cell_type",
                "--train",
                "last-layer",
                "--hide",
                1,
                "--out",
                annotator,
                "--force");
        assertThat(all.code()).isEqualTo(2);
        assertThat(all.err()).contains("--hide");
    }

    @Test
    void importedGeneEmbeddingsStartATrainingThatLeavesThemAloneWhenFrozen() throws IOException {
        Path cells = folder.resolve("cells.h5ad");
        Path corpus = folder.resolve("corpus");
        run("simulate", "--cells", 60, "--genes", 300, "--out", cells);
        run("corpus", "build", cells, "--out", corpus);
        List<String> names = Files.readAllLines(corpus.resolve("genes.tsv"));
        StringBuilder text = new StringBuilder();
        for (int gene = 1; gene < names.size(); gene++) {
            text.append(names.get(gene));
            for (int d = 0; d < 64; d++) {
                text.append(' ').append(Math.sin(gene * 64 + d));
            }
            text.append('\n');
        }
        Path genes = folder.resolve("genes");
        run("genes", "import", Files.writeString(folder.resolve("vectors.txt"), text), "--out", genes);
        Path model = folder.resolve("model");
        run(
                "pretrain",
                corpus,
                "--steps",
                2,
                "--batch",
                8,
                "--gene-embeddings",
                genes,
                "--freeze-genes",
                "--out",
                model);
        float[] rows = new float[64 * 2];
        try (SafetensorsFile file = SafetensorsFile.open(model.resolve("model.safetensors"))) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * rows.length).order(ByteOrder.LITTLE_ENDIAN);
            file.read(file.tensor("pos_emb.emb.weight"), 0, bytes);
            bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(rows);
        }
        double factor = rows[0] / Math.sin(64);
        for (int i = 0; i < rows.length; i++) {
            assertThat((double) rows[i]).isCloseTo(factor * Math.sin(64 + i), within(1e-5));
        }
        assertThat(Files.readString(model.resolve("provenance.json"))).contains("geneEmbeddings");
        Path refused = folder.resolve("refused");
        CommandLineRun other = CommandLineRun.of(
                "pretrain", corpus, "--preset", "small", "--gene-embeddings", genes, "--out", refused);
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("64 numbers a gene");
        assertThat(refused).doesNotExist();
    }

    private static void run(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
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
