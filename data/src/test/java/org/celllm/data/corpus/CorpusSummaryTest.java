package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusSummaryTest {
    @TempDir
    static Path folder;

    private static Path out;

    @BeforeAll
    static void build() throws IOException {
        Path one = folder.resolve("one.h5ad");
        Path two = folder.resolve("two.h5ad");
        new Simulator(SimulationSettings.of(1500, 3).withGenes(200)).write(one, Progress.SILENT);
        new Simulator(SimulationSettings.of(700, 4).withGenes(200)).write(two, Progress.SILENT);
        out = folder.resolve("corpus");
        CorpusBuilder.build(
                List.of(
                        CorpusSource.of(one).withDiseaseColumn("disease").withTissue("lung"),
                        CorpusSource.of(two).withDisease(Disease.NORMAL).withLabelColumn("cell_type")),
                out,
                CorpusSettings.DEFAULT.withFilters(40, 0),
                Progress.SILENT);
    }

    @Test
    void countsWhatReadingEveryCellCounts() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            OctaveHistogram genes = new OctaveHistogram();
            OctaveHistogram totals = new OctaveHistogram();
            OctaveHistogram cancer = new OctaveHistogram();
            OctaveHistogram second = new OctaveHistogram();
            long[][] tissues = new long[2][3];
            long[] expressing = new long[corpus.genes().size()];
            for (long cell = 0; cell < corpus.cells(); cell++) {
                CellBatch one = corpus.read(cell, 1);
                genes.add(one.length(0));
                totals.add(one.totals()[0]);
                if (one.disease()[0] == Disease.CANCER.code()) {
                    cancer.add(one.length(0));
                }
                if (one.source()[0] == 1) {
                    second.add(one.totals()[0]);
                }
                tissues[one.source()[0] == 0 ? 1 : 0][one.disease()[0]]++;
                for (int i = 0; i < one.length(0); i++) {
                    expressing[one.genes()[i]]++;
                }
            }
            for (int threads : new int[] {1, 3}) {
                CorpusSummary summary = CorpusSummary.of(corpus, threads, Progress.SILENT);
                same(summary.genes(), genes);
                same(summary.totals(), totals);
                same(summary.genes(Disease.CANCER), cancer);
                same(summary.totals(1), second);
                for (Disease disease : Disease.values()) {
                    assertThat(summary.cells(1, disease)).isEqualTo(tissues[1][disease.code()]);
                    assertThat(summary.cells(0, disease)).isEqualTo(tissues[0][disease.code()]);
                }
                for (int gene = 0; gene < expressing.length; gene++) {
                    assertThat(summary.expressing(gene)).isEqualTo(expressing[gene]);
                }
                assertThat(summary.genesBetween(0, 2)).isEqualTo(expressing.length);
                assertThat(summary.detection().count() + summary.genesUnexpressed())
                        .isEqualTo(expressing.length);
                assertThat(summary.sparsity())
                        .isEqualTo(1
                                - corpus.manifest().nonzeros()
                                        / ((double) corpus.cells()
                                                * corpus.genes().size()));
            }
            assertThat(cancer.count()).isBetween(1L, corpus.cells() - 1);
        }
    }

    @Test
    void everyCellIsTracedToItsFileAndRow() throws IOException {
        try (Corpus corpus = Corpus.open(out);
                ExpressionFile file = ExpressionFiles.open(folder.resolve("two.h5ad"))) {
            Column types = Objects.requireNonNull(file.cells().column("cell_type"));
            for (long cell = 0; cell < corpus.cells(); cell++) {
                TracedCell traced = TracedCell.of(corpus, cell);
                assertThat(traced.split()).isEqualTo(Split.of(cell));
                if (traced.source().equals("two")) {
                    assertThat(traced.path())
                            .isEqualTo(folder.resolve("two.h5ad").toString());
                    int row = (int) traced.row();
                    CellBlock there = file.pick(file.slots().get(0), new int[] {row});
                    double total = 0;
                    for (float value : there.values()) {
                        total += value;
                    }
                    assertThat(traced.total()).isEqualTo(total);
                    assertThat(traced.label()).isEqualTo(types.text(row));
                    assertThat(traced.tissue()).isNull();
                } else {
                    assertThat(traced.tissue()).isEqualTo("lung");
                    assertThat(traced.label()).isNull();
                }
            }
            assertThatThrownBy(() -> TracedCell.of(corpus, corpus.cells()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("0 to " + (corpus.cells() - 1));
            assertThatThrownBy(() -> TracedCell.of(corpus, -1)).isInstanceOf(InputException.class);
        }
    }

    private static void same(OctaveHistogram found, OctaveHistogram expected) {
        assertThat(found.count()).isEqualTo(expected.count());
        assertThat(found.mean()).isEqualTo(expected.mean());
        for (double share = 0; share <= 1; share += 1 / 64.0) {
            assertThat(found.quantile(share)).isEqualTo(expected.quantile(share));
        }
    }
}
