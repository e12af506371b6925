package org.celllm.tasks.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.annotate.PredictionFiles;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingFiles;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.sensitivity.SensitivityFiles;
import org.celllm.tasks.sensitivity.SensitivityFit;
import org.celllm.tasks.sensitivity.SensitivityLabels;

/**
 * What the tests of runs over the cells of a file have in common: a small model, a file that takes three pieces, and what
 * embedding it without a break gives.
 */
final class SimulatedRuns {
    /** Three pieces, the last of them short. */
    static final int CELLS = 2 * 1024 + 52;

    static final EmbedSettings SETTINGS = EmbedSettings.usual().withThreads(1);

    private final Path folder;
    private final Path model;
    private final Path cells;
    private final String embedded;

    private SimulatedRuns(Path folder) throws IOException {
        this.folder = folder;
        model = anotherModel(folder.resolve("model"));
        cells = folder.resolve("cells.h5ad");
        simulator(CELLS).write(cells, Progress.SILENT);
        Path whole = folder.resolve("whole.h5ad");
        embed(whole, SETTINGS, CellRun.usual());
        embedded = Sha256.of(whole);
    }

    /** Makes all of it. */
    static SimulatedRuns in(Path folder) throws IOException {
        return new SimulatedRuns(folder);
    }

    /** Few genes: the model is not what is tested. */
    private static Simulator simulator(int cells) {
        return new Simulator(SimulationSettings.of(cells, 1).withGenes(60).withTypes(4));
    }

    /** The same model once more. */
    static Path anotherModel(Path target) throws IOException {
        return SimulatedCells.model(target, simulator(CELLS));
    }

    /** Fits an annotator, once. */
    Path annotator() throws IOException {
        Path annotator = folder.resolve("annotator");
        if (!Files.exists(annotator)) {
            Path labelled = folder.resolve("labelled.h5ad");
            simulator(120).write(labelled, Progress.SILENT);
            AnnotatorFit.fit(
                            model,
                            labelled,
                            "cell_type",
                            AnnotatorSettings.usual(0).withSeeds(1),
                            Progress.SILENT)
                    .save(annotator);
        }
        return annotator;
    }

    /** Fits a predictor of sensitivity, once: one cell type is sensitive. */
    Path predictor() throws IOException {
        Path predictor = folder.resolve("predictor");
        if (!Files.exists(predictor)) {
            Path labelled = folder.resolve("sensitive.h5ad");
            simulator(120).write(labelled, Progress.SILENT);
            AnnotatorSettings settings = AnnotatorSettings.usual(0).withSeeds(1);
            LabelledCells cells = SensitivityFit.read(
                    model,
                    labelled,
                    (file, obs) -> SensitivityLabels.ofColumn(
                            file,
                            obs,
                            "cell_type",
                            Objects.requireNonNull(obs.column("cell_type").text(0))),
                    null,
                    settings,
                    Progress.SILENT);
            SensitivityFit.fit(model, cells, null, settings, Progress.SILENT).save(predictor);
        }
        return predictor;
    }

    Path model() {
        return model;
    }

    Path cells() {
        return cells;
    }

    /** The checksum of the embedded file. */
    String embedded() {
        return embedded;
    }

    FileEmbedding embed(Path out, EmbedSettings settings, CellRun run) throws IOException {
        return embed(model, cells, out, settings, run);
    }

    static FileEmbedding embed(Path model, Path in, Path out, EmbedSettings settings, CellRun run) throws IOException {
        try (CellEmbedder embedder = CellEmbedder.open(model, settings)) {
            return EmbeddingFiles.embedFile(embedder, in, out, run);
        }
    }

    FilePredictions predict(Path out, double threshold, CellRun run) throws IOException {
        try (Annotator opened = Annotator.open(annotator(), SETTINGS)) {
            return PredictionFiles.predictFile(opened, cells, out, threshold, run);
        }
    }

    FilePredictions predictSensitivity(Path out, double threshold, CellRun run) throws IOException {
        try (Annotator opened = SensitivityFiles.open(predictor(), SETTINGS)) {
            return SensitivityFiles.predictFile(opened, cells, out, threshold, run);
        }
    }

    /** Leaves a run with so many pieces finished and no output: the disk fails at the next one. */
    void cutOff(Path in, Path out, int pieces) throws IOException {
        // The basis takes a write, a sync and a rename.
        FailingDisk disk = new FailingDisk(3 + pieces + 1);
        assertThatThrownBy(() -> SafeFiles.through(disk, () -> embed(model, in, out, SETTINGS, CellRun.usual())))
                .isInstanceOf(IOException.class);
        Path folder = out.toAbsolutePath().getParent();
        assertThat(leftOvers(folder)).hasSize(1);
        assertThat(PieceFile.claimed(leftOvers(folder).get(0).resolve("cells"))).isEqualTo(pieces * 1024);
    }

    /** Hidden files: what runs that were cut off left in a folder. */
    static List<Path> leftOvers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
