package org.celllm.data.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorTest {
    @TempDir
    Path folder;

    private final Simulator simulator =
            new Simulator(SimulationSettings.of(400, 1).withGenes(300));

    @Test
    void makesACellTheSameWhateverIsMadeBesideIt() {
        CellBlock many = simulator.cells(0, 40);
        for (int cell : new int[] {0, 7, 39}) {
            CellBlock one = simulator.cells(cell, 1);
            int from = many.offsets()[cell];
            int to = many.offsets()[cell + 1];
            assertThat(Arrays.copyOf(one.genes(), one.offsets()[1]))
                    .isEqualTo(Arrays.copyOfRange(many.genes(), from, to));
            assertThat(Arrays.copyOf(one.values(), one.offsets()[1]))
                    .isEqualTo(Arrays.copyOfRange(many.values(), from, to));
        }
    }

    @Test
    void sharesItsTissueWithAnotherSeedButNotItsCells() {
        Simulator other = new Simulator(SimulationSettings.of(400, 2).withGenes(300));

        assertThat(other.genes()).isEqualTo(simulator.genes());
        assertThat(other.types()).isEqualTo(simulator.types());
        assertThat(other.cells(0, 1).values())
                .isNotEqualTo(simulator.cells(0, 1).values());
    }

    @Test
    void writesTheSameBytesWithAnyNumberOfThreadsAtAnyTime() throws Exception {
        Simulator many = new Simulator(SimulationSettings.of(1500, 9).withGenes(120));
        Path one = folder.resolve("one.h5ad");
        many.write(one, 1, Progress.SILENT);
        // HDF5 would keep the time in seconds.
        Thread.sleep(1100);
        for (int threads : new int[] {2, 5}) {
            Path other = folder.resolve("other.h5ad");
            many.write(other, threads, Progress.SILENT);
            assertThat(java.nio.file.Files.mismatch(one, other))
                    .as("%s threads", threads)
                    .isEqualTo(-1);
        }
    }

    @Test
    void dividesCellsAmongSourcesWithSeedsOfTheirOwn() {
        List<SimulationSettings> parts = SimulationSettings.of(11, 5).split(3);

        assertThat(parts).extracting(SimulationSettings::cells).containsExactly(4, 4, 3);
        assertThat(parts).extracting(SimulationSettings::seed).containsExactly(5L, 6L, 7L);
        assertThatThrownBy(() -> SimulationSettings.of(2, 5).split(3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--sources");
    }

    @Test
    void namesEveryGeneOnce() {
        List<String> genes = new Simulator(SimulationSettings.of(1, 1).withGenes(20_000)).genes();

        assertThat(new HashSet<>(genes)).hasSize(20_000);
        assertThat(genes).allMatch(name -> name.matches("[A-Z]{2,4}\\d{1,2}[A-D]?"));
    }

    @Test
    void putsMalignantCellsIntoPatientsOnly() {
        int malignant = 0;
        for (int cell = 0; cell < 400; cell++) {
            CellTruth truth = simulator.truth(cell);
            assertThat(truth.malignant()).isIn(false, truth.donor() >= 3);
            assertThat(truth.resistant()).isIn(false, truth.malignant());
            malignant += truth.malignant() ? 1 : 0;
        }
        assertThat(malignant).isBetween(50, 110);
        Simulator healthy =
                new Simulator(SimulationSettings.of(50, 1).withGenes(60).withMalignant(0));
        for (int cell = 0; cell < 50; cell++) {
            assertThat(healthy.truth(cell).malignant()).isFalse();
        }
    }

    @Test
    void drawsCountsOfTheStatedMeanAndSpread() {
        KeyedRandom random = KeyedRandom.of(3);
        for (double mean : new double[] {0.05, 1, 20, 300}) {
            double sum = 0;
            double squares = 0;
            int n = 40_000;
            for (int i = 0; i < n; i++) {
                double count = Draws.negativeBinomial(random.nextDouble(), mean, 2.5);
                sum += count;
                squares += count * count;
            }
            double found = sum / n;
            double variance = squares / n - found * found;
            assertThat(found).isBetween(mean * 0.93, mean * 1.07);
            assertThat(variance / (mean + mean * mean / 2.5)).isBetween(0.85, 1.15);
        }
    }

    @Test
    void streamsToAFileThatReadsBackAsItWasMade() throws IOException {
        Path path = folder.resolve("cells.h5ad");
        simulator.write(path, Progress.SILENT);

        try (ExpressionFile file = ExpressionFiles.open(path)) {
            assertThat(file.genes(file.slots().get(0)).names()).isEqualTo(simulator.genes());
            AnnotationTable cells = file.cells();
            AnnotationTable truth = simulator.description();
            assertThat(cells.names()).isEqualTo(truth.names());
            for (String column : truth.columns().keySet()) {
                for (int cell = 0; cell < 400; cell++) {
                    assertThat(cells.columns().get(column).text(cell))
                            .isEqualTo(truth.columns().get(column).text(cell));
                }
            }
            try (CellReader reader = file.read(file.slots().get(0), 100)) {
                CellBlock read = reader.next();
                CellBlock made = simulator.cells(0, read.cells());
                int n = made.offsets()[made.cells()];
                assertThat(read.offsets()).isEqualTo(made.offsets());
                assertThat(Arrays.copyOf(read.genes(), n)).isEqualTo(Arrays.copyOf(made.genes(), n));
                assertThat(Arrays.copyOf(read.values(), n)).isEqualTo(Arrays.copyOf(made.values(), n));
            }
        }
    }

    @Test
    void refusesWhatItCannotSimulate() {
        assertThatThrownBy(() -> SimulationSettings.of(0, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--cells");
        assertThatThrownBy(() -> SimulationSettings.of(10, 1).withTypes(1)).isInstanceOf(InputException.class);
    }
}
