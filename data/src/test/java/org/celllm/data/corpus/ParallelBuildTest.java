package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading different files at the same time gives what reading them in turn does. */
class ParallelBuildTest {
    private static final int FILES = 6;
    private static final int TIMES = 20;

    @TempDir
    Path folder;

    private final List<CorpusSource> sources = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        for (int i = 0; i < FILES - 1; i++) {
            Path file = folder.resolve("file" + i + ".h5ad");
            new Simulator(SimulationSettings.of(700 + 40 * i, 30 + i)
                            .withGenes(150)
                            .withTypes(6))
                    .write(file, Progress.SILENT);
            sources.add(CorpusSource.of(file)
                    .withDiseaseColumn("disease")
                    .withTissueColumn("donor")
                    .withLabelColumn("cell_type"));
        }
        sources.add(CorpusSource.of(table()).withTissue("donor3"));
    }

    @Test
    void hasTheSameBytesEachTime() throws IOException {
        Path one = folder.resolve("one");
        CorpusReport report = build(one, 1);
        assertThat(report.manifest().sources()).hasSize(FILES);
        assertThat(CorpusVerifier.verify(one, Progress.SILENT).problems()).isEmpty();
        for (int time = 0; time < TIMES; time++) {
            Path many = folder.resolve("many");
            build(many, FILES);
            assertThat(Files.readString(many.resolve("manifest.json")))
                    .as("time %s", time)
                    .isEqualTo(Files.readString(one.resolve("manifest.json")));
            for (CorpusManifest.Shard shard : report.manifest().shards()) {
                assertThat(Files.mismatch(
                                one.resolve("shards").resolve(shard.file()),
                                many.resolve("shards").resolve(shard.file())))
                        .as("time %s, %s", time, shard.file())
                        .isEqualTo(-1);
            }
            SafeFiles.deleteTree(many);
        }
    }

    private CorpusReport build(Path out, int threads) throws IOException {
        return CorpusBuilder.build(
                sources,
                out,
                CorpusSettings.DEFAULT.withFilters(1, 0),
                BuildRun.usual().withThreads(threads),
                Progress.SILENT);
    }

    /** A file without the columns of the others. */
    private Path table() throws IOException {
        Simulator cells =
                new Simulator(SimulationSettings.of(60, 99).withGenes(150).withTypes(6));
        Path file = folder.resolve("plain.h5ad");
        List<String> names =
                java.util.stream.IntStream.range(0, 60).mapToObj(i -> "c" + i).toList();
        H5adWriter.write(file, h5ad -> {
            h5ad.var(new AnnotationTable(cells.genes(), Map.of()));
            CellBlock block = cells.cells(0, 60);
            h5ad.cells(block);
            h5ad.obs(new AnnotationTable(names, Map.of()));
        });
        return file;
    }
}
