package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.celllm.data.InputException;
import org.celllm.data.cells.Disease;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusSettings;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.corpus.OctaveHistogram;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusPageTest {
    @TempDir
    static Path folder;

    private static Path corpus;

    @BeforeAll
    static void build() throws IOException {
        List<CorpusSource> sources = new java.util.ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Path file = folder.resolve("source" + i + ".h5ad");
            new Simulator(SimulationSettings.of(40 + i, i).withGenes(150)).write(file, Progress.SILENT);
            sources.add(CorpusSource.of(file)
                    .withDisease(i == 0 ? Disease.CANCER : Disease.NORMAL)
                    .withTissue(i < 3 ? "lung" : "blood"));
        }
        corpus = folder.resolve("corpus");
        CorpusBuilder.build(sources, corpus, CorpusSettings.DEFAULT.withFilters(1, 0), Progress.SILENT);
    }

    @Test
    void groupsAreDrawnAsSharesOfTheirOwnCells() throws IOException {
        ReportPage page = ReportPages.of(corpus, null, 2, Progress.SILENT);

        assertThat(page.facts().get(0).value()).isEqualTo("445");
        assertThat(page.tables().get(1).rows())
                .containsExactly(List.of("lung", "83", "40", "0", "123"), List.of("blood", "322", "0", "0", "322"));
        assertThat(page.histograms()).hasSize(5);
        for (ReportPage.Histogram shares : page.histograms().subList(0, 4)) {
            for (ReportPage.Bars group : shares.bars()) {
                assertThat(group.heights().stream()
                                .mapToDouble(height -> height)
                                .sum())
                        .as(shares.title() + ", " + group.name())
                        .isEqualTo(100, Offset.offset(1e-9));
            }
        }
        assertThat(page.histograms().get(1).bars())
                .as("more sources than can be told apart")
                .hasSize(9)
                .last()
                .extracting(ReportPage.Bars::name)
                .isEqualTo("2 other sources (81)");
    }

    @Test
    void drawsItsChartsInABrowser() throws Exception {
        Optional<HeadlessChromium> browser = HeadlessChromium.find(folder);
        assumeThat(browser).as("a chromium on the PATH, to open the report in").isPresent();
        Path page = folder.resolve("corpus.html");
        HtmlReport.write(page, ReportPages.of(corpus, null, 1, Progress.SILENT));

        String dom = browser.get().dom(page);

        assertThat(dom).contains("data-ready=\"yes\"").doesNotContain("id=\"broken\"");
        assertThat(dom).contains("data-charts=\"5\"").contains("id=\"distributions\"");
    }

    @Test
    void aFolderThatIsNothingOfOursIsRefused() {
        assertThatThrownBy(() -> ReportPages.of(folder, null, 1, Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("corpus");
    }

    @RepeatedTest(30)
    void binsHoldEveryNumberOnce(RepetitionInfo repetition) {
        KeyedRandom random = KeyedRandom.of(51, repetition.getCurrentRepetition());
        OctaveHistogram numbers = new OctaveHistogram();
        double scale = Math.exp(random.nextDouble() * 10 - 2);
        double spread = random.nextDouble() * 2;
        int count = 1 + random.nextInt(2000);
        for (int i = 0; i < count; i++) {
            double number = scale * Math.exp(spread * random.nextGaussian());
            numbers.add(scale < 1 ? number : Math.ceil(number));
        }
        for (HistogramBins bins : List.of(HistogramBins.ofOneWidth(numbers), HistogramBins.ofOctaves(numbers, 16))) {
            assertThat(bins.edges()).isSorted().doesNotHaveDuplicates().hasSizeBetween(2, 100);
            assertThat(bins.heights(numbers, false).stream()
                            .mapToDouble(height -> height)
                            .sum())
                    .isEqualTo(count);
        }
    }
}
