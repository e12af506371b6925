package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.celllm.data.tokens.ValueState;
import org.celllm.data.tokens.ValuesOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusBuilderTest {
    @TempDir
    Path folder;

    private final Simulator blood = new Simulator(SimulationSettings.of(150, 1).withGenes(300));
    private final Simulator tumour = new Simulator(SimulationSettings.of(90, 2).withGenes(300));
    private Path first;
    private Path second;

    @BeforeEach
    void simulate() throws IOException {
        Files.createDirectories(folder.resolve("in"));
        first = folder.resolve("in/blood.h5ad");
        second = folder.resolve("in/tumour.h5ad");
        blood.write(first, Progress.SILENT);
        tumour.write(second, Progress.SILENT);
    }

    @Test
    void keepsEveryCountOfEveryCell() throws IOException {
        Path out = folder.resolve("corpus");
        CorpusReport report = CorpusBuilder.build(
                List.of(CorpusSource.of(folder.resolve("in")).withDiseaseColumn("disease")),
                out,
                CorpusSettings.DEFAULT.withMinCells(1).withFilters(1, 0),
                Progress.SILENT);

        assertThat(report.refused()).isEmpty();
        try (Corpus corpus = Corpus.open(out)) {
            assertThat(corpus.cells()).isEqualTo(240);
            assertThat(corpus.sources()).isEqualTo(2);
            CellBatch batch = corpus.read(0, 240);
            for (int cell = 0; cell < 240; cell++) {
                Simulator from = cell < 150 ? blood : tumour;
                int row = cell < 150 ? cell : cell - 150;
                CellBlock truth = from.cells(row, 1);
                int n = truth.offsets()[1];
                assertThat(batch.length(cell)).isEqualTo(n);
                double total = 0;
                for (int i = 0; i < n; i++) {
                    String gene = from.genes().get(truth.genes()[i]);
                    int place = corpus.genes().indexOf(gene);
                    int at = java.util.Arrays.binarySearch(
                            batch.genes(), batch.offsets()[cell], batch.offsets()[cell + 1], (char) place);
                    assertThat(batch.values()[at]).isEqualTo(truth.values()[i]);
                    total += truth.values()[i];
                }
                assertThat(batch.totals()[cell]).isEqualTo(total);
                assertThat(batch.states()[cell]).isEqualTo(ValueState.COUNTS);
                assertThat(batch.source()[cell]).isEqualTo(cell < 150 ? 0 : 1);
                assertThat(Disease.of(batch.disease()[cell]))
                        .isEqualTo(from.truth(row).malignant() ? Disease.CANCER : Disease.NORMAL);
            }
            assertThat(corpus.genes().names()).isSorted();
        }
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
    }

    @Test
    void givesTheSameBytesForTheSameSources() throws IOException {
        CorpusSource source = CorpusSource.of(folder.resolve("in")).withDisease(Disease.NORMAL);
        CorpusBuilder.build(List.of(source), folder.resolve("a"), CorpusSettings.DEFAULT, Progress.SILENT);
        CorpusBuilder.build(List.of(source), folder.resolve("b"), CorpusSettings.DEFAULT, Progress.SILENT);

        try (Stream<Path> files = Files.walk(folder.resolve("a"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path other = folder.resolve("b").resolve(folder.resolve("a").relativize(file));
                assertThat(Files.mismatch(file, other)).isEqualTo(-1);
            }
        }
    }

    @Test
    void listsARefusedSourceAndGoesOnWithTheOthers() throws IOException {
        Files.writeString(folder.resolve("in/broken.h5ad"), "no HDF5 at all");
        Files.writeString(folder.resolve("in/notes.md"), "# about these files");
        Path out = folder.resolve("corpus");

        CorpusReport report = CorpusBuilder.build(
                List.of(CorpusSource.of(folder.resolve("in"))), out, CorpusSettings.DEFAULT, Progress.SILENT);

        assertThat(report.refused()).hasSize(1);
        assertThat(report.refused().get(0).path().getFileName()).hasToString("broken.h5ad");
        assertThat(report.ignored()).hasSize(1);
        assertThat(report.manifest().sources()).hasSize(2);
        assertThatThrownBy(report::requireNoneRefused)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("broken.h5ad");
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).isSound()).isTrue();
    }

    @Test
    void leavesNothingWhenNoSourceCanBeUsed() throws IOException {
        Path broken = folder.resolve("broken.h5ad");
        Files.writeString(broken, "no HDF5 at all");
        Path out = folder.resolve("corpus");

        assertThatThrownBy(() -> CorpusBuilder.build(
                        List.of(CorpusSource.of(broken), CorpusSource.of(folder.resolve("absent.h5ad"))),
                        out,
                        CorpusSettings.DEFAULT,
                        Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("broken.h5ad")
                .hasMessageContaining("absent.h5ad");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("in", "broken.h5ad");
        }
    }

    @Test
    void saysWhatTheFiltersRemoved() throws IOException {
        CorpusReport report = CorpusBuilder.build(
                List.of(CorpusSource.of(first)),
                folder.resolve("corpus"),
                CorpusSettings.DEFAULT.withFilters(120, 700),
                Progress.SILENT);

        SourceReport source = report.manifest().sources().get(0);
        assertThat(source.removed()).containsOnlyKeys("fewer than 120 genes", "fewer than 700 counts");
        assertThat(source.cellsKept()
                        + source.removed().values().stream().mapToLong(n -> n).sum())
                .isEqualTo(150);
    }

    @Test
    void doesNotReplaceACorpusUnasked() throws IOException {
        Path out = folder.resolve("corpus");
        List<CorpusSource> one = List.of(CorpusSource.of(first));
        CorpusBuilder.build(one, out, CorpusSettings.DEFAULT, Progress.SILENT);
        byte[] before = Files.readAllBytes(out.resolve("manifest.json"));

        assertThatThrownBy(() -> CorpusBuilder.build(
                        List.of(CorpusSource.of(second)), out, CorpusSettings.DEFAULT, Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--force");
        assertThat(out.resolve("manifest.json")).hasBinaryContent(before);

        CorpusBuilder.build(List.of(CorpusSource.of(second)), out, CorpusSettings.DEFAULT.replacing(), Progress.SILENT);
        try (Corpus corpus = Corpus.open(out)) {
            assertThat(corpus.manifest().sources().get(0).name()).isEqualTo("tumour");
        }
        assertThatThrownBy(() -> CorpusBuilder.build(
                        one, folder.resolve("in"), CorpusSettings.DEFAULT.replacing(), Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not a corpus");
    }

    @Test
    void clearsUpAfterABuildThatWasKilled() throws IOException {
        Path left = folder.resolve(".corpus.999999999.building");
        Files.createDirectories(left.resolve("shards"));
        Files.writeString(left.resolve("shards/shard-00000.safetensors"), "half");

        CorpusBuilder.build(
                List.of(CorpusSource.of(first)), folder.resolve("corpus"), CorpusSettings.DEFAULT, Progress.SILENT);

        assertThat(left).doesNotExist();
    }

    @Test
    void addsAndRemovesSources() throws IOException {
        Path out = folder.resolve("corpus");
        CorpusBuilder.build(List.of(CorpusSource.of(first)), out, CorpusSettings.DEFAULT, Progress.SILENT);
        String hash = CorpusManifest.read(out).hash();

        CorpusBuilder.add(
                out, List.of(CorpusSource.of(second).withTissue("breast")), CorpusSettings.DEFAULT, Progress.SILENT);
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
        try (Corpus corpus = Corpus.open(out)) {
            assertThat(corpus.sources()).isEqualTo(2);
            assertThat(corpus.manifest().tissues()).containsExactly("breast");
        }

        CorpusBuilder.remove(out, List.of("tumour"));
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
        assertThat(CorpusManifest.read(out).hash()).isEqualTo(hash);
        assertThatThrownBy(() -> CorpusBuilder.remove(out, List.of("elsewhere")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("blood");
    }

    @Test
    void noticesAChangedByte() throws IOException {
        Path out = folder.resolve("corpus");
        CorpusBuilder.build(List.of(CorpusSource.of(first)), out, CorpusSettings.DEFAULT, Progress.SILENT);
        Path shard = out.resolve("shards/shard-00000.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 1] ^= 1;
        Files.write(shard, bytes);

        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems())
                .singleElement()
                .asString()
                .contains("shard-00000", "has changed");
    }

    @Test
    void refusesADiseaseColumnThatIsNotThere() {
        assertThatThrownBy(() -> CorpusBuilder.build(
                        List.of(CorpusSource.of(first).withDiseaseColumn("malignancy")),
                        folder.resolve("corpus"),
                        CorpusSettings.DEFAULT,
                        Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'malignancy'")
                .hasMessageContaining("drug_response");
    }

    @Test
    void mixesLargeCountsWithLogarithms() throws IOException {
        float[] counts = {1, 65_534, 65_535, 65_536, 185_176, 7};
        float[] logarithms = {0.5f, 1.25f, 3.75f, 8.5f, 10.125f, 2.5f};
        Path large = folder.resolve("large.h5ad");
        Path log = folder.resolve("log.h5ad");
        write(large, counts);
        write(log, logarithms);
        Path out = folder.resolve("corpus");

        CorpusBuilder.build(
                List.of(CorpusSource.of(large), CorpusSource.of(log).withValues(ValuesOption.LOG2P1)),
                out,
                CorpusSettings.DEFAULT.withMinCells(1).withFilters(1, 0),
                Progress.SILENT);

        try (Corpus corpus = Corpus.open(out)) {
            CellBatch batch = corpus.read(new long[] {25, 3});
            assertThat(batch.states()).containsExactly(ValueState.LOG2P1, ValueState.COUNTS);
            assertThat(batch.values()).startsWith(logarithms).endsWith(counts);
            assertThat(batch.rows()).containsExactly(25, 3);
        }
        assertThat(CorpusVerifier.verify(out, Progress.SILENT).problems()).isEmpty();
    }

    @Test
    void valuesThatAreNoNumbersAreReported() throws IOException {
        Path holes = folder.resolve("holes.h5ad");
        write(holes, new float[] {1, Float.NaN, 2, 1, Float.NaN, 3});

        CorpusReport report = CorpusBuilder.build(
                List.of(CorpusSource.of(holes)),
                folder.resolve("corpus"),
                CorpusSettings.DEFAULT.withMinCells(1).withFilters(1, 0),
                Progress.SILENT);

        assertThat(report.manifest().sources().get(0).remarks())
                .containsExactly("values that are not numbers (NaN), read as 0: 40");
    }

    /** Twenty cells that are all the same, over genes in alphabetical order. */
    private static void write(Path file, float[] values) throws IOException {
        List<String> genes = List.of("AA1", "AB1", "AC1", "AD1", "AE1", "AF1");
        List<String> names = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> "cell" + i)
                .toList();
        H5adWriter.write(file, h5ad -> {
            h5ad.var(new AnnotationTable(genes, Map.of()));
            for (int i = 0; i < 20; i++) {
                h5ad.cells(new CellBlock(i, 1, new int[] {0, 6}, new int[] {0, 1, 2, 3, 4, 5}, values));
            }
            h5ad.obs(new AnnotationTable(names, Map.of()));
        });
    }
}
