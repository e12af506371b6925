package org.celllm.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.Simulator;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.annotate.PredictionFiles;
import org.celllm.tasks.annotate.Predictions;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingFiles;
import org.celllm.tasks.embed.FileEmbedding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code celllm embed} and {@code celllm annotate predict} write. */
class FilesInAndOutTest {
    @TempDir
    Path folder;

    private final Simulator simulator = SimulatedCells.of(60, 1);
    private Path model;
    private Path cells;

    @BeforeEach
    void make() throws IOException {
        model = SimulatedCells.model(folder.resolve("model"), simulator);
        cells = SimulatedCells.write(folder.resolve("cells.h5ad"), 60, 1);
    }

    @Test
    void embeddingsStandInACopyOfTheFile() throws IOException {
        Path out = folder.resolve("embedded.h5ad");
        try (CellEmbedder embedder = CellEmbedder.open(model, EmbedSettings.usual())) {
            FileEmbedding result = EmbeddingFiles.embedFile(embedder, cells, out, Progress.SILENT);
            assertThat(result.cells()).isEqualTo(60);
            assertThat(result.meanMappedFraction()).isCloseTo(1, within(1e-6));
            float[][] expected = embedder.embed(SimulatedCells.batch(simulator));
            try (HdfFile file = new HdfFile(out)) {
                float[][] stored =
                        (float[][]) file.getDatasetByPath("/obsm/X_celllm").getData();
                for (int i = 0; i < 60; i++) {
                    assertThat(stored[i]).containsExactly(expected[i], within(1e-5f));
                }
            }
        }
        try (ExpressionFile before = ExpressionFiles.open(cells);
                ExpressionFile after = ExpressionFiles.open(out)) {
            assertThat(after.cells().names()).isEqualTo(before.cells().names());
            assertThat(after.cells().columns().keySet())
                    .containsAll(before.cells().columns().keySet())
                    .contains(EmbeddingFiles.MAPPED_FRACTION);
        }
    }

    @Test
    void cellsOfATextTableComeBackAsH5ad() throws IOException {
        Path table = folder.resolve("cells.csv");
        StringBuilder text =
                new StringBuilder("cell," + String.join(",", simulator.genes().subList(0, 120)) + "\n");
        for (int cell = 0; cell < 4; cell++) {
            text.append("c").append(cell);
            for (int gene = 0; gene < 120; gene++) {
                text.append(',');
                if (gene == 7) {
                    text.append("NaN");
                } else {
                    text.append((cell + gene) % 5 == 0 ? 1 + gene % 3 : 0);
                }
            }
            text.append('\n');
        }
        Files.writeString(table, text);
        Path out = folder.resolve("table.h5ad");
        try (CellEmbedder embedder = CellEmbedder.open(model, EmbedSettings.usual())) {
            FileEmbedding result = EmbeddingFiles.embedFile(embedder, table, out, Progress.SILENT);
            assertThat(result.cells()).isEqualTo(4);
            assertThat(result.missing()).isEqualTo(4);
        }
        try (ExpressionFile file = ExpressionFiles.open(out)) {
            assertThat(file.cells().names()).containsExactly("c0", "c1", "c2", "c3");
            assertThat(file.genes(file.slots().get(0)).names()).hasSize(120);
        }
    }

    @Test
    void labelsStandInAColumnOrInATable() throws IOException {
        AnnotatorFit fit = AnnotatorFit.fit(
                model, cells, "cell_type", AnnotatorSettings.usual(0).withSeeds(1), Progress.SILENT);
        fit.save(folder.resolve("annotator"));
        try (Annotator annotator = Annotator.open(folder.resolve("annotator"), EmbedSettings.usual())) {
            Path csv = folder.resolve("labels.csv");
            Predictions predictions = annotator.predict(cells, 0.5, Progress.SILENT);
            assertThat(PredictionFiles.predictFile(annotator, cells, csv, 0.5, Progress.SILENT)
                            .counts())
                    .isEqualTo(predictions.counts());
            List<String> lines = Files.readAllLines(csv);
            assertThat(lines).hasSize(61);
            assertThat(lines.get(0)).isEqualTo("cell,label,probability");
            assertThat(lines.get(1)).startsWith(predictions.cellNames().get(0) + "," + predictions.label(0) + ",");
            Path h5ad = folder.resolve("labels.h5ad");
            PredictionFiles.predictFile(annotator, cells, h5ad, 0.5, Progress.SILENT);
            try (ExpressionFile file = ExpressionFiles.open(h5ad)) {
                Column labels = file.cells().column(PredictionFiles.LABEL);
                Column chances = file.cells().column(PredictionFiles.PROBABILITY);
                for (int cell = 0; cell < 60; cell++) {
                    assertThat(labels.text(cell)).isEqualTo(predictions.label(cell));
                    assertThat(Double.parseDouble(chances.text(cell)))
                            .isCloseTo(predictions.probabilities()[cell], within(1e-6));
                }
            }
            assertThatThrownBy(() -> PredictionFiles.predictFile(
                            annotator, cells, folder.resolve("labels.txt"), 0.5, Progress.SILENT))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(".csv");
        }
    }

    @Test
    void anUnknownFileLeavesNothingBehind() {
        Path out = folder.resolve("nothing.h5ad");
        assertThatThrownBy(() -> {
                    try (CellEmbedder embedder = CellEmbedder.open(model, EmbedSettings.usual())) {
                        EmbeddingFiles.embedFile(embedder, folder.resolve("missing.h5ad"), out, Progress.SILENT);
                    }
                })
                .isInstanceOf(InputException.class);
        assertThat(out).doesNotExist();
    }
}
