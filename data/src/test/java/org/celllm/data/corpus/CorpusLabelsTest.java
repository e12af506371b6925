package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.celllm.data.InputException;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.tokens.ValuesOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels of cells, from a column of a file to the batches of a corpus. */
class CorpusLabelsTest {
    private static final CorpusSettings SETTINGS =
            CorpusSettings.DEFAULT.withMinCells(1).withFilters(2, 0);
    private static final int BLOOD = 150;
    private static final int TUMOUR = 70;

    @TempDir
    Path folder;

    private Path blood;
    private Path tumour;
    private Path out;

    /** Cells of two files whose counts sum to a number of their own: to 1,000 and more, and to 2,000 and more. */
    @BeforeEach
    void write() throws IOException {
        blood = folder.resolve("blood.h5ad");
        tumour = folder.resolve("tumour.h5ad");
        out = folder.resolve("corpus");
        write(blood, 1000, BLOOD, List.of("T cell", "B cell", "", " "));
        write(tumour, 2000, TUMOUR, List.of("NK cell", "B cell", "malignant"));
    }

    @Test
    void keepsTheLabelOfEachCellInWhateverOrderItIsRead() throws IOException {
        CorpusReport report = build(blood, tumour);

        assertThat(report.manifest().labels()).containsExactlyInAnyOrder("T cell", "B cell", "NK cell", "malignant");
        assertThat(report.manifest().sources().get(0).removed()).isNotEmpty();
        try (Corpus corpus = Corpus.open(out)) {
            int cells = (int) corpus.cells();
            CellBatch forward = corpus.read(0, cells);
            CellBatch backward = corpus.read(
                    LongStream.range(0, cells).map(i -> cells - 1 - i).toArray());
            hasItsLabels(forward, corpus);
            hasItsLabels(backward, corpus);
            hasItsLabels(CellBatches.select(forward, new int[] {100, 3, 3, 41}), corpus);
            hasItsLabels(CellBatches.concat(List.of(backward, forward)), corpus);
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 9);
            for (int step = 0; step < 4; step++) {
                hasItsLabels(sampler.batch(step, 64), corpus);
            }
            long labelled = IntStream.range(0, cells)
                    .filter(cell -> Split.of(cell) == Split.TRAIN && forward.label()[cell] != 0)
                    .count();
            assertThat(corpus.labelled(Split.TRAIN)).isEqualTo(labelled).isGreaterThan(0);
            assertThat(corpus.labelled(Split.TRAIN) + corpus.labelled(Split.VALIDATION))
                    .isEqualTo(report.manifest().labelled())
                    .isEqualTo(Arrays.stream(forward.label())
                            .filter(label -> label != 0)
                            .count());
        }
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
    }

    @Test
    void sourcesThatAreAddedAndRemovedLeaveTheLabelsOfOthersAsTheyAre() throws IOException {
        build(blood);
        String hash = CorpusManifest.read(out).hash();

        CorpusBuilder.add(out, List.of(labelled(tumour)), SETTINGS, Progress.SILENT);
        assertThat(CorpusManifest.read(out).labels()).containsExactly("T cell", "B cell", "NK cell", "malignant");
        hasItsLabels();
        assertThat(CorpusManifest.read(out).hash()).isNotEqualTo(hash);

        CorpusBuilder.remove(out, List.of("blood"));
        assertThat(CorpusManifest.read(out).labelled())
                .isEqualTo(CorpusManifest.read(out).cells());
        hasItsLabels();

        CorpusBuilder.add(out, List.of(labelled(blood)), SETTINGS, Progress.SILENT);
        CorpusBuilder.remove(out, List.of("tumour"));
        hasItsLabels();
        assertThat(CorpusManifest.read(out).hash()).isEqualTo(hash);
    }

    @Test
    void aSourceThatIsRefusedLeavesNoLabels() throws IOException {
        Path broken = folder.resolve("broken.h5ad");
        float[] values = {1, 2, 3, 4.5f};
        writeCells(broken, List.of(new float[] {1, 2, 3, 4}, values), List.of("monocyte", "monocyte"));

        CorpusReport report = CorpusBuilder.build(
                List.of(labelled(blood), labelled(broken).withValues(ValuesOption.COUNTS), labelled(tumour)),
                out,
                SETTINGS,
                Progress.SILENT);

        assertThat(report.refused()).hasSize(1);
        assertThat(report.manifest().labels()).containsExactly("T cell", "B cell", "NK cell", "malignant");
        hasItsLabels();
    }

    @Test
    void refusesALabelColumnThatIsNotThere() {
        assertThatThrownBy(() -> CorpusBuilder.build(
                        List.of(CorpusSource.of(blood).withLabelColumn("annotation")), out, SETTINGS, Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column 'annotation'")
                .hasMessageContaining("cell_type");
    }

    @Test
    void refusesLabelsThatTheManifestDoesNotName() throws IOException {
        build(blood);
        ObjectNode manifest = manifest();
        manifest.withArray("labels").remove(1);
        write(manifest);

        assertThatThrownBy(() -> Corpus.open(out))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("shard-00000")
                .hasMessageContaining("label")
                .hasMessageContaining("holds 2, manifest.json names 1 labels");
    }

    @Test
    void refusesADamagedLabelAndVerifyNoticesAChangedOne() throws IOException {
        build(blood);
        setLabel(7, 2); // was 1
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems())
                .singleElement()
                .asString()
                .contains("has changed");

        setLabel(7, 40_000);
        assertThatThrownBy(() -> Corpus.open(out))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds 40000");
    }

    @Test
    void verifyCountsLabelledCells() throws IOException {
        build(blood);
        ObjectNode manifest = manifest();
        ((ObjectNode) manifest.path("sources").path(0)).put("labelled", 3);
        write(manifest);

        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems())
                .singleElement()
                .asString()
                .contains("blood", "cells with a label, the manifest says 3");
    }

    @Test
    void aCorpusFromBeforeLabelsHasNone() throws IOException {
        CorpusBuilder.build(List.of(CorpusSource.of(blood)), out, SETTINGS, Progress.SILENT);
        try (SafetensorsFile shard = SafetensorsFile.open(out.resolve("shards/shard-00000.safetensors"))) {
            assertThat(shard.find("label")).isNull();
            assertThat(shard.find("tissue")).isNotNull();
        }
        ObjectNode manifest = manifest();
        manifest.remove("labels");
        for (JsonNode source : manifest.path("sources")) {
            ((ObjectNode) source).remove("labelled");
        }
        write(manifest);

        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
        try (Corpus corpus = Corpus.open(out)) {
            assertThat(corpus.read(0, (int) corpus.cells()).label()).containsOnly(0);
            assertThat(corpus.labelled(Split.TRAIN)).isZero();
            assertThat(corpus.manifest().labels()).isEmpty();
        }

        CorpusBuilder.add(out, List.of(labelled(tumour)), SETTINGS, Progress.SILENT);
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
        try (Corpus corpus = Corpus.open(out)) {
            CellBatch batch = corpus.read(0, (int) corpus.cells());
            assertThat(corpus.manifest().labelled()).isEqualTo(batch.cells() - firstOf(batch, 1));
            assertThat(batch.label()[firstOf(batch, 1) - 1]).isZero();
            assertThat(batch.label()[firstOf(batch, 1)]).isEqualTo(1);
        }
    }

    private CorpusReport build(Path... files) throws IOException {
        return CorpusBuilder.build(
                Arrays.stream(files).map(CorpusLabelsTest::labelled).toList(), out, SETTINGS, Progress.SILENT);
    }

    private static CorpusSource labelled(Path file) {
        return CorpusSource.of(file).withLabelColumn("cell_type");
    }

    private static int firstOf(CellBatch batch, int source) {
        return (int) Arrays.stream(batch.source()).takeWhile(s -> s < source).count();
    }

    /** Checks all cells of the corpus, and that it is sound. */
    private void hasItsLabels() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            hasItsLabels(corpus.read(0, (int) corpus.cells()), corpus);
        }
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
    }

    /** Cells are known by their totals. */
    private static void hasItsLabels(CellBatch batch, Corpus corpus) {
        assertThat(batch.cells()).isPositive();
        for (int cell = 0; cell < batch.cells(); cell++) {
            int total = (int) batch.totals()[cell];
            int row = total % 1000;
            String expected = total < 2000
                    ? List.of("T cell", "B cell", "", "").get(row % 4)
                    : List.of("NK cell", "B cell", "malignant").get(row % 3);
            int label = batch.label()[cell];
            assertThat(label == 0 ? "" : corpus.manifest().labels().get(label - 1))
                    .as("cell with %d counts", total)
                    .isEqualTo(expected);
        }
    }

    /** Writes cells that take turns in their labels; every seventh has a single gene, so the filter removes it. */
    private static void write(Path file, int base, int count, List<String> labels) throws IOException {
        List<float[]> cells = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            int total = base + row;
            cells.add(row % 7 == 3 ? new float[] {total} : new float[] {1, total - 11, 7, 3});
            names.add(labels.get(row % labels.size()));
        }
        writeCells(file, cells, names);
    }

    private static void writeCells(Path file, List<float[]> cells, List<String> labels) throws IOException {
        List<String> genes = List.of("AA1", "AB1", "AC1", "AD1");
        H5adWriter.write(file, h5ad -> {
            h5ad.var(new AnnotationTable(genes, Map.of()));
            for (int row = 0; row < cells.size(); row++) {
                float[] values = cells.get(row);
                h5ad.cells(new CellBlock(
                        row,
                        1,
                        new int[] {0, values.length},
                        IntStream.range(0, values.length).toArray(),
                        values));
            }
            List<String> categories = labels.stream().distinct().sorted().toList();
            int[] codes = labels.stream()
                    // The blank is missing, the empty string is a category.
                    .mapToInt(label -> label.equals(" ") ? -1 : categories.indexOf(label))
                    .toArray();
            h5ad.obs(new AnnotationTable(
                    IntStream.range(0, labels.size()).mapToObj(i -> "cell" + i).toList(),
                    Map.of("cell_type", new Column.Categorical(codes, categories))));
        });
    }

    private ObjectNode manifest() throws IOException {
        return (ObjectNode)
                new ObjectMapper().readTree(out.resolve("manifest.json").toFile());
    }

    private void write(ObjectNode manifest) throws IOException {
        Files.writeString(out.resolve("manifest.json"), manifest.toPrettyString());
    }

    /** Writes another number over a cell's label in the first shard. */
    private void setLabel(int cell, int number) throws IOException {
        Path path = out.resolve("shards/shard-00000.safetensors");
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long begin;
        try (SafetensorsFile shard = SafetensorsFile.open(path)) {
            begin = shard.tensor("label").begin();
        }
        buffer.putChar((int) (8 + buffer.getLong(0) + begin + 2L * cell), (char) number);
        Files.write(path, bytes);
    }
}
