package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.NearDuplicates;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusDuplicatesTest {
    @TempDir
    Path folder;

    private final Simulator blood = new Simulator(SimulationSettings.of(120, 1).withGenes(400));
    private final Simulator tumour = new Simulator(SimulationSettings.of(120, 2).withGenes(400));
    private Path out;

    /** Three files: 100 cells; 60 others, with copies of the first's 10 to 29 before them; 50 others, the last of which 40 times. */
    @BeforeEach
    void build() throws IOException {
        Path in = Files.createDirectories(folder.resolve("in"));
        write(in.resolve("a.h5ad"), blood.cells(0, 100));
        write(in.resolve("b.h5ad"), scaled(blood.cells(10, 20), 3), tumour.cells(0, 60));
        CellBlock again = tumour.cells(119, 1);
        write(
                in.resolve("c.h5ad"),
                IntStream.range(0, 41)
                        .mapToObj(i -> i == 0 ? tumour.cells(60, 49) : again)
                        .toArray(CellBlock[]::new));
        out = folder.resolve("corpus");
        CorpusBuilder.build(
                List.of(CorpusSource.of(in)), out, CorpusSettings.DEFAULT.withFilters(1, 0), Progress.SILENT);
    }

    @Test
    void findsThePlantedCellsAndNamesTheirSourcesAndRows() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusDuplicates found = CorpusDuplicates.find(corpus, 2, Progress.SILENT);

            assertThat(found.pairs())
                    .containsExactly(new CorpusDuplicates.Pair(0, 1, 20, 20), new CorpusDuplicates.Pair(2, 2, 40, 40));
            assertThat(found.cells()).isEqualTo(80);
            assertThat(found.elsewhere()).isEqualTo(40);
            Path list = folder.resolve("twins.tsv");
            found.list(list);
            List<String> lines = Files.readAllLines(list);
            assertThat(lines).hasSize(81);
            assertThat(lines.get(0)).isEqualTo("cell\tsource\trow\ttwin\ttwin_source\ttwin_row");
            assertThat(lines.get(1)).isEqualTo("10\ta\t10\t100\tb\t0");
            assertThat(lines.get(21)).isEqualTo("100\tb\t0\t10\ta\t10");
            assertThat(lines.get(41)).startsWith("229\tc\t49\t").contains("\tc\t");
        }
    }

    @Test
    void agreesWithTheSearchInABatchWhateverTheThreads() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            int n = (int) corpus.cells();
            CellBatch all = corpus.read(0, n);
            int[] groups = NearDuplicates.groups(all);
            long grouped = Arrays.stream(groups).filter(group -> group >= 0).count();
            for (int threads : new int[] {1, 4}) {
                CorpusDuplicates found = CorpusDuplicates.find(corpus, threads, Progress.SILENT);
                assertThat(found.cells()).isEqualTo(grouped);
                Path list = folder.resolve("twins.tsv");
                found.list(list);
                for (String line : Files.readAllLines(list).subList(1, 1 + (int) grouped)) {
                    String[] fields = line.split("\t");
                    int cell = Integer.parseInt(fields[0]);
                    int twin = Integer.parseInt(fields[3]);
                    assertThat(groups[cell]).isEqualTo(groups[twin]);
                    assertThat(NearDuplicates.overlap(all, cell, all, twin))
                            .isGreaterThanOrEqualTo(NearDuplicates.ALIKE);
                }
            }
        }
    }

    private static CellBlock scaled(CellBlock block, float factor) {
        float[] values = block.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return new CellBlock(block.firstCell(), block.cells(), block.offsets(), block.genes(), values);
    }

    private void write(Path file, CellBlock... blocks) throws IOException {
        int n = Arrays.stream(blocks).mapToInt(CellBlock::cells).sum();
        H5adWriter.write(file, h5ad -> {
            h5ad.var(new AnnotationTable(blood.genes(), Map.of()));
            for (CellBlock block : blocks) {
                h5ad.cells(block);
            }
            h5ad.obs(new AnnotationTable(
                    IntStream.range(0, n).mapToObj(i -> "cell" + i).toList(), Map.of()));
        });
    }
}
