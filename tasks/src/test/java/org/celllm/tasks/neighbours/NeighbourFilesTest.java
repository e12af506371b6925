package org.celllm.tasks.neighbours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighbourFilesTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static CellEmbedder embedder;
    private static LabelledReference reference;
    private static final Workers WORKERS = new Workers(2);

    @BeforeAll
    static void embedTheReference() throws IOException {
        cells = SimulatedCells.write(folder.resolve("cells.h5ad"), 300, 1);
        embedder = CellEmbedder.open(
                SimulatedCells.model(folder.resolve("model"), SimulatedCells.of(300, 1)), EmbedSettings.usual());
        reference = LabelledReference.read(embedder, cells, "cell_type", 1000, 1, Progress.SILENT);
    }

    @AfterAll
    static void close() {
        embedder.close();
        WORKERS.close();
    }

    @Test
    void everyCellFindsItselfInItsOwnFile() throws IOException {
        Path out = folder.resolve("own.csv");
        NeighbourFiles.Result result = write(cells, out, 3, 0);
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(301);
        assertThat(lines.get(0))
                .isEqualTo("cell,label,share,neighbour_1,label_1,distance_1,neighbour_2,label_2,distance_2,"
                        + "neighbour_3,label_3,distance_3");
        for (String line : lines.subList(1, 301)) {
            String[] fields = line.split(",");
            assertThat(fields[3]).isEqualTo(fields[0]);
            assertThat(Double.parseDouble(fields[5])).isLessThan(1e-6);
            assertThat(Double.parseDouble(fields[8])).isGreaterThanOrEqualTo(Double.parseDouble(fields[5]));
        }
        assertThat(result.meanDistance()).isLessThan(1e-6);
        assertThat(result.counts()[4]).isZero();
    }

    @Test
    void withOneNeighbourItsOwnLabelComesBackAndStrangersAreLabelledByAVote() throws IOException {
        Path out = folder.resolve("own.h5ad");
        write(cells, out, 1, 0);
        EmbedSettings settings = EmbedSettings.usual();
        try (CellFile file = CellFile.open(out, settings.values(), settings.identity())) {
            Column labels = file.cells().column(NeighbourFiles.LABEL);
            Column truth = file.cells().column("cell_type");
            Column nearest = file.cells().column(NeighbourFiles.NEAREST);
            for (int i = 0; i < 300; i++) {
                assertThat(labels.text(i)).isEqualTo(truth.text(i));
                assertThat(nearest.text(i)).isEqualTo(file.cells().names().get(i));
            }
        }
        Path strangers = SimulatedCells.write(folder.resolve("strangers.h5ad"), 120, 2);
        NeighbourFiles.Result all = write(strangers, folder.resolve("all.csv"), 15, 0);
        NeighbourFiles.Result sure = write(strangers, folder.resolve("sure.csv"), 15, 0.9);
        assertThat(all.counts()[4]).isZero();
        assertThat(sure.counts()[4]).isPositive();
        assertThat(java.util.Arrays.stream(sure.counts()).sum()).isEqualTo(120);
        assertThat(all.meanShare()).isEqualTo(sure.meanShare()).isBetween(0.25, 1.0);
    }

    @Test
    void aSampleKeepsAllClassesAndAnotherEndingIsRefused() throws IOException {
        LabelledReference sampled = LabelledReference.read(embedder, cells, "cell_type", 40, 1, Progress.SILENT);
        assertThat(sampled.labels().counts()).doesNotContain(0);
        assertThat(sampled.left()).isEqualTo(300 - sampled.vectors().size());
        assertThatThrownBy(() -> write(cells, folder.resolve("own.txt"), 3, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(".csv nor .h5ad");
    }

    private static NeighbourFiles.Result write(Path query, Path out, int k, double threshold) throws IOException {
        return NeighbourFiles.write(
                embedder,
                reference,
                new ExactSearch(reference.vectors(), WORKERS),
                query,
                out,
                k,
                threshold,
                Progress.SILENT);
    }
}
