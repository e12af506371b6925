package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabularyFiles;
import org.celllm.data.hdf5.HandmadeAnnData;
import org.celllm.data.hdf5.HandmadeHdf5;
import org.celllm.data.matrix.RandomMatrix;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCellsTest {
    private static final long SEED = 20_261_125;

    @TempDir
    Path folder;

    @Test
    void dealsTheBatchesThatACorpusOfTheSameFilesDeals() throws IOException {
        simulated("a.h5ad", 700, 200, 3);
        simulated("b.h5ad", 300, 260, 4);
        CorpusSource source =
                CorpusSource.of(folder).withDiseaseColumn("disease").withLabelColumn("cell_type");
        sameAsACorpus(source);
    }

    @Test
    void zerosThatAFileStoresAreNoValues() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(SEED, 150, 300);
        RandomMatrix.Compressed arrays = matrix.compressed();
        float[] data = arrays.data().clone();
        for (int i = 0; i < data.length; i += 7) {
            data[i] = 0;
        }
        HandmadeHdf5.write(folder.resolve("zeros.h5ad"), file -> {
            HandmadeAnnData.around(file, matrix.cells(), matrix.genes());
            HandmadeAnnData.sparse(
                    file,
                    "X",
                    new RandomMatrix.Compressed(data, arrays.indices(), arrays.starts()),
                    "csr_matrix",
                    matrix.cells(),
                    matrix.genes());
        });
        sameAsACorpus(CorpusSource.of(folder));
    }

    private void sameAsACorpus(CorpusSource source) throws IOException {
        KeyedRandom random = KeyedRandom.of(SEED);
        try (FileCells files = FileCells.open(List.of(source), GeneIdentity.plain())) {
            Path genes = folder.resolve("genes.list");
            GeneVocabularyFiles.write(genes, files.genes());
            Path built = Files.createTempDirectory(folder, ".corpus").resolve("corpus");
            CorpusBuilder.build(List.of(source), built, CorpusSettings.DEFAULT.withGenes(genes), Progress.SILENT);
            try (Corpus corpus = Corpus.open(built)) {
                assertThat(files.cells()).isEqualTo(corpus.cells());
                assertThat(files.cells(Split.VALIDATION)).isEqualTo(corpus.cells(Split.VALIDATION));
                assertThat(files.trained()).isEqualTo(corpus.diseases(Split.TRAIN));
                assertThat(files.labelled()).isEqualTo(corpus.labelled(Split.TRAIN));
                assertThat(files.reports().stream().map(SourceReport::disease).toList())
                        .isEqualTo(corpus.manifest().sources().stream()
                                .map(SourceReport::disease)
                                .toList());
                for (int trial = 0; trial < 20; trial++) {
                    long step = random.nextInt(100);
                    int size = 1 + random.nextInt(120);
                    assertSame(
                            files.sampler(Split.TRAIN, 5).batch(step, size),
                            corpus.sampler(Split.TRAIN, 5).batch(step, size),
                            step);
                }
                long[] backwards = {corpus.cells() - 1, 3, 3, 0};
                assertSame(files.read(backwards), corpus.read(backwards), -1);
                long[] validation = files.spread(Split.VALIDATION, 20);
                assertSame(files.read(validation), corpus.read(corpus.spread(Split.VALIDATION, 20)), -2);
            }
        }
    }

    private static void assertSame(CellBatch found, CellBatch expected, long step) {
        assertThat(found.rows()).as("step %s", step).isEqualTo(expected.rows());
        assertThat(found.offsets()).as("step %s", step).isEqualTo(expected.offsets());
        int end = expected.offsets()[expected.cells()];
        assertThat(Arrays.copyOf(found.genes(), end)).isEqualTo(Arrays.copyOf(expected.genes(), end));
        assertThat(Arrays.copyOf(found.values(), end)).isEqualTo(Arrays.copyOf(expected.values(), end));
        assertThat(found.totals()).isEqualTo(expected.totals());
        assertThat(found.states()).isEqualTo(expected.states());
        assertThat(found.disease()).isEqualTo(expected.disease());
        assertThat(found.label()).isEqualTo(expected.label());
        assertThat(found.source()).isEqualTo(expected.source());
    }

    @Test
    void leavesOutCellsWithFewValues() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(SEED, 200, 170);
        handmade("few.h5ad", matrix, true);
        List<Integer> enough = new ArrayList<>();
        for (int cell = 0; cell < matrix.cells(); cell++) {
            int values = 0;
            for (float value : matrix.values()[cell]) {
                values += value > 0 ? 1 : 0;
            }
            if (values >= FileCells.MIN_VALUES) {
                enough.add(cell);
            }
        }
        assertThat(enough).as("seed %s", SEED).hasSizeBetween(50, 150);
        try (FileCells cells = FileCells.open(List.of(CorpusSource.of(folder)), GeneIdentity.plain())) {
            assertThat(cells.cells()).isEqualTo(enough.size());
            CellBatch batch = cells.read(new long[] {7});
            float sum = 0;
            for (float value : matrix.values()[enough.get(7)]) {
                sum += value;
            }
            assertThat(batch.totals()[0]).isEqualTo(sum);
            assertThat(cells.reports().get(0).removed()).containsValue(200L - enough.size());
        }
    }

    @Test
    void refusesWhatCannotBeReadCellByCellAndSaysWhatToDo() {
        handmade("columns.h5ad", RandomMatrix.counts(SEED, 60, 300), false);
        refused("columns.h5ad", "does not store its values cell by cell", "celllm corpus build");
    }

    @Test
    void refusesAFileThatIsNamedTwice() throws IOException {
        simulated("a.h5ad", 60, 200, 1);
        assertThatThrownBy(() -> FileCells.open(
                        List.of(CorpusSource.of(folder), CorpusSource.of(folder.resolve("a.h5ad"))),
                        GeneIdentity.plain()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("named twice");
    }

    @Test
    void changesItsHashWithAFile() throws IOException {
        simulated("a.h5ad", 60, 200, 1);
        String first = hash();
        assertThat(hash()).isEqualTo(first);
        simulated("a.h5ad", 60, 200, 2);
        assertThat(hash()).isNotEqualTo(first);
    }

    private String hash() throws IOException {
        try (FileCells cells = FileCells.open(List.of(CorpusSource.of(folder)), GeneIdentity.plain())) {
            return cells.hash();
        }
    }

    private void refused(String file, String... words) {
        assertThatThrownBy(() -> FileCells.open(List.of(CorpusSource.of(folder.resolve(file))), GeneIdentity.plain()))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(words);
    }

    private void handmade(String name, RandomMatrix matrix, boolean byRow) {
        HandmadeHdf5.write(folder.resolve(name), file -> {
            HandmadeAnnData.around(file, matrix.cells(), matrix.genes());
            HandmadeAnnData.sparse(file, "X", matrix, byRow);
        });
    }

    private void simulated(String name, int cells, int genes, long seed) throws IOException {
        new Simulator(SimulationSettings.of(cells, seed).withGenes(genes)).write(folder.resolve(name), Progress.SILENT);
    }
}
