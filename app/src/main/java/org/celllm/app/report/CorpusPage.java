package org.celllm.app.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.celllm.app.report.ReportPage.Bars;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.DataTable;
import org.celllm.app.report.ReportPage.Histogram;
import org.celllm.app.report.ReportPage.Settings;
import org.celllm.data.cells.Disease;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusSummary;
import org.celllm.data.corpus.OctaveHistogram;
import org.celllm.data.progress.Progress;
import org.jspecify.annotations.Nullable;

/** The page of a corpus: what its cells are like, and where they came from. */
public final class CorpusPage {
    /** Sources with a colour of their own: the largest. More cannot be told apart. */
    private static final int MOST_SOURCES = 8;

    private final Corpus corpus;
    private final CorpusSummary summary;

    private CorpusPage(Corpus corpus, CorpusSummary summary) {
        this.corpus = corpus;
        this.summary = summary;
    }

    /**
     * Reads all cells of a corpus.
     *
     * @param map of cells, or {@code null}
     * @param threads that read
     * @throws org.celllm.data.InputException when the folder is no corpus, or damaged
     */
    static ReportPage read(Path folder, @Nullable CellMap map, int threads, Progress progress) throws IOException {
        try (Corpus corpus = Corpus.open(folder)) {
            return new CorpusPage(corpus, CorpusSummary.of(corpus, threads, progress)).page(map);
        }
    }

    private ReportPage page(@Nullable CellMap map) {
        CorpusFigures figures = new CorpusFigures(corpus, summary);
        var manifest = new ObjectMapper().valueToTree(corpus.manifest());
        List<DataTable> tables = new ArrayList<>(figures.tables());
        SourceTables.of(manifest).stream()
                .map(table -> new DataTable("Where the cells came from", table.note(), table.header(), table.rows()))
                .forEach(tables::add);
        return new ReportPage(
                "Corpus " + corpus.folder().toAbsolutePath().normalize().getFileName(),
                Figures.counted(corpus.cells(), "cell") + " of " + Figures.counted(corpus.sources(), "source")
                        + " over " + Figures.whole(corpus.genes().size()) + " genes",
                "",
                figures.facts(),
                null,
                tables,
                List.of(),
                map,
                List.of(),
                List.of(),
                null,
                histograms(),
                List.of(new Settings("Corpus", SourceTables.identity(manifest))),
                "Made by celllm from " + corpus.folder()
                        + ". The file is complete in itself and asks the network for nothing.");
    }

    private List<Histogram> histograms() {
        if (corpus.cells() == 0) {
            return List.of();
        }
        List<Histogram> all = new ArrayList<>();
        Map<String, OctaveHistogram> genes = byDisease(summary::genes);
        all.add(genes("Expressed genes a cell, by disease", genes));
        Map<String, OctaveHistogram> bySource = bySource(summary::genes);
        if (bySource.size() > 1) {
            all.add(genes("Expressed genes a cell, by source", bySource));
        }
        all.add(totals("Total a cell, by disease", byDisease(summary::totals)));
        if (bySource.size() > 1) {
            all.add(totals("Total a cell, by source", bySource(summary::totals)));
        }
        OctaveHistogram detection = summary.detection();
        if (detection.count() > 0) {
            all.add(histogram(
                    "Genes by the number of cells that express them",
                    summary.genesUnexpressed() == 0
                            ? ""
                            : Figures.whole(summary.genesUnexpressed()) + " that no cell expresses are not drawn.",
                    "cells that express the gene, of " + Figures.whole(corpus.cells()),
                    "genes",
                    HistogramBins.ofOctaves(detection, 4),
                    Map.of("genes", detection),
                    false));
        }
        return all;
    }

    private Histogram genes(String title, Map<String, OctaveHistogram> groups) {
        return histogram(
                title,
                "Genes of the vocabulary with a value above zero.",
                "genes",
                "share of the group's cells, %",
                HistogramBins.ofOneWidth(summary.genes()),
                groups,
                true);
    }

    private Histogram totals(String title, Map<String, OctaveHistogram> groups) {
        return histogram(
                title,
                "What a cell's values sum to over all genes of its file, logarithms undone: its counts, where there are"
                        + " counts.",
                "total",
                "share of the group's cells, %",
                HistogramBins.ofOctaves(summary.totals(), 16),
                groups,
                true);
    }

    private static Histogram histogram(
            String title,
            String note,
            String axis,
            String unit,
            HistogramBins bins,
            Map<String, OctaveHistogram> groups,
            boolean shares) {
        List<Bars> bars = new ArrayList<>();
        groups.forEach((name, numbers) -> bars.add(new Bars(name, bins.heights(numbers, shares))));
        return new Histogram(title, note, axis, unit, bins.logarithmic(), bins.edges(), bars);
    }

    private static Map<String, OctaveHistogram> byDisease(Function<Disease, OctaveHistogram> numbers) {
        Map<String, OctaveHistogram> groups = new LinkedHashMap<>();
        for (Disease disease : CorpusFigures.DISEASES) {
            OctaveHistogram of = numbers.apply(disease);
            if (of.count() > 0) {
                groups.put(named(disease.word(), of), of);
            }
        }
        return groups;
    }

    private Map<String, OctaveHistogram> bySource(IntFunction<OctaveHistogram> numbers) {
        List<Integer> largest = IntStream.range(0, corpus.sources())
                .boxed()
                .sorted(Comparator.comparingLong(
                        source -> -corpus.manifest().sources().get(source).cellsKept()))
                .toList();
        Map<String, OctaveHistogram> groups = new LinkedHashMap<>();
        OctaveHistogram others = new OctaveHistogram();
        for (int i = 0; i < largest.size(); i++) {
            OctaveHistogram of = numbers.apply(largest.get(i));
            if (i < MOST_SOURCES) {
                groups.put(named(corpus.manifest().sources().get(largest.get(i)).name(), of), of);
            } else {
                others.add(of);
            }
        }
        if (others.count() > 0) {
            groups.put(named((largest.size() - MOST_SOURCES) + " other sources", others), others);
        }
        return groups;
    }

    private static String named(String name, OctaveHistogram numbers) {
        return String.format(Locale.ROOT, "%s (%,d)", name, numbers.count());
    }
}
