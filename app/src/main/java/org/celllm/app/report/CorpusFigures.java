package org.celllm.app.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.app.report.ReportPage.DataTable;
import org.celllm.app.report.ReportPage.Fact;
import org.celllm.data.cells.Disease;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusManifest;
import org.celllm.data.corpus.CorpusSummary;
import org.celllm.data.corpus.OctaveHistogram;
import org.celllm.data.corpus.SourceReport;
import org.celllm.data.corpus.Split;

/** The figures of a corpus: in tables, for the command and the page alike, and as JSON. */
public final class CorpusFigures {
    /** The order that people expect. */
    static final List<Disease> DISEASES = List.of(Disease.NORMAL, Disease.CANCER, Disease.UNKNOWN);

    private static final double[] QUANTILES = {.05, .25, .5, .75, .95};
    private static final double[] DETECTION = {0, .001, .01, .1, .5, 1.01};

    private final Corpus corpus;
    private final CorpusManifest manifest;
    private final CorpusSummary summary;

    /**
     * @param corpus open
     * @param summary of its cells
     */
    public CorpusFigures(Corpus corpus, CorpusSummary summary) {
        this.corpus = corpus;
        this.manifest = corpus.manifest();
        this.summary = summary;
    }

    /** The whole in a few figures. */
    public List<Fact> facts() {
        return List.of(
                new Fact(
                        "Cells",
                        Figures.whole(corpus.cells()),
                        Figures.whole(corpus.cells(Split.TRAIN)) + " to train on, "
                                + Figures.whole(corpus.cells(Split.VALIDATION)) + " to validate with"),
                new Fact(
                        "Genes",
                        Figures.whole(manifest.genes()),
                        summary.genesUnexpressed() == 0
                                ? "each expressed by some cell"
                                : Figures.whole(summary.genesUnexpressed()) + " expressed by no cell"),
                new Fact(
                        "Values",
                        Figures.whole(manifest.nonzeros()),
                        "sparsity " + Figures.share(summary.sparsity()) + ", the share of zeros"),
                new Fact(
                        "On disk",
                        String.format(Locale.ROOT, "%.1f MB", summary.bytes() / 1e6),
                        String.format(Locale.ROOT, "%.2f bytes a value", bytesPerValue())),
                new Fact(
                        "Genes a cell",
                        Figures.plain(summary.genes().quantile(.5)),
                        "median; mean " + Figures.plain(summary.genes().mean())),
                new Fact(
                        "Total a cell",
                        Figures.plain(summary.totals().quantile(.5)),
                        "median; mean " + Figures.plain(summary.totals().mean())));
    }

    /** Everything else, in the order it is shown. */
    public List<DataTable> tables() {
        return List.of(sources(), tissues(), quantiles(), detection());
    }

    private DataTable sources() {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < manifest.sources().size(); i++) {
            SourceReport source = manifest.sources().get(i);
            rows.add(List.of(
                    source.name(),
                    source.state(),
                    Figures.whole(source.cellsKept()),
                    Figures.whole(source.disease().normal()),
                    Figures.whole(source.disease().cancer()),
                    Figures.whole(source.disease().unknown()),
                    Figures.whole(source.labelled()),
                    Figures.whole(source.nonzeros()),
                    Figures.share(summary.sparsity(i)),
                    Figures.plain(summary.genes(i).quantile(.5)),
                    Figures.plain(summary.totals(i).quantile(.5))));
        }
        return new DataTable(
                "Sources",
                "Medians of the expressed genes of the vocabulary and of the total: what a cell's values sum to over all"
                        + " genes of its file, logarithms undone.",
                List.of(
                        "source",
                        "values",
                        "cells",
                        "normal",
                        "cancer",
                        "unknown",
                        "labelled",
                        "above zero",
                        "sparsity",
                        "genes a cell",
                        "total a cell"),
                rows);
    }

    private DataTable tissues() {
        List<List<String>> rows = new ArrayList<>();
        for (int tissue = 1; tissue <= manifest.tissues().size(); tissue++) {
            addTissue(rows, manifest.tissues().get(tissue - 1), tissue);
        }
        addTissue(rows, "unknown", 0);
        return new DataTable(
                "Disease and tissue", "Cells.", List.of("tissue", "normal", "cancer", "unknown", "all"), rows);
    }

    private void addTissue(List<List<String>> rows, String name, int tissue) {
        List<String> row = new ArrayList<>(List.of(name));
        long all = 0;
        for (Disease disease : DISEASES) {
            row.add(Figures.whole(summary.cells(tissue, disease)));
            all += summary.cells(tissue, disease);
        }
        row.add(Figures.whole(all));
        if (all > 0) {
            rows.add(row);
        }
    }

    private DataTable quantiles() {
        return new DataTable(
                "Genes and totals a cell",
                "Shares of the cells at or below a number; exact for whole numbers below 512, else to 0.2%.",
                List.of("of a cell", "mean", "least", "5%", "25%", "50%", "75%", "95%", "most"),
                List.of(row("expressed genes", summary.genes()), row("total", summary.totals())));
    }

    private static List<String> row(String name, OctaveHistogram numbers) {
        List<String> row =
                new ArrayList<>(List.of(name, Figures.plain(numbers.mean()), Figures.plain(numbers.least())));
        for (double share : QUANTILES) {
            row.add(Figures.plain(numbers.quantile(share)));
        }
        row.add(Figures.plain(numbers.most()));
        return row;
    }

    private DataTable detection() {
        return new DataTable(
                "Genes by the share of cells that express them",
                "",
                List.of("expressed by", "genes"),
                List.of(
                        List.of("no cell", Figures.whole(summary.genesUnexpressed())),
                        List.of("up to 0.1% of the cells", genes(0)),
                        List.of("0.1% to 1%", genes(1)),
                        List.of("1% to 10%", genes(2)),
                        List.of("10% to 50%", genes(3)),
                        List.of("50% and more", genes(4))));
    }

    private String genes(int step) {
        long found = summary.genesBetween(DETECTION[step], DETECTION[step + 1]);
        return Figures.whole(step == 0 ? found - summary.genesUnexpressed() : found);
    }

    /** All figures for programs, {@code celllm-corpus-summary/1}. */
    public ObjectNode json() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("schema", "celllm-corpus-summary/1")
                .put("corpus", corpus.folder().toString())
                .put("hash", corpus.hash())
                .put("cells", corpus.cells())
                .put("train", corpus.cells(Split.TRAIN))
                .put("validation", corpus.cells(Split.VALIDATION))
                .put("genes", manifest.genes())
                .put("genes_unexpressed", summary.genesUnexpressed())
                .put("values", manifest.nonzeros());
        put(all, "sparsity", summary.sparsity());
        all.put("bytes", summary.bytes());
        put(all, "bytes_per_value", bytesPerValue());
        all.set("genes_per_cell", json(summary.genes()));
        all.set("total_per_cell", json(summary.totals()));
        ArrayNode sources = all.putArray("sources");
        for (int i = 0; i < manifest.sources().size(); i++) {
            SourceReport source = manifest.sources().get(i);
            ObjectNode one = sources.addObject();
            one.put("name", source.name())
                    .put("path", source.path())
                    .put("state", source.state())
                    .put("cells", source.cellsKept())
                    .put("normal", source.disease().normal())
                    .put("cancer", source.disease().cancer())
                    .put("unknown", source.disease().unknown())
                    .put("labelled", source.labelled())
                    .put("values", source.nonzeros());
            put(one, "sparsity", summary.sparsity(i));
            one.set("genes_per_cell", json(summary.genes(i)));
            one.set("total_per_cell", json(summary.totals(i)));
        }
        ArrayNode tissues = all.putArray("tissues");
        for (int tissue = 0; tissue <= manifest.tissues().size(); tissue++) {
            ObjectNode one = tissues.addObject();
            // The unknown tissue has no name.
            one.put("tissue", tissue == 0 ? null : manifest.tissues().get(tissue - 1));
            for (Disease disease : DISEASES) {
                one.put(disease.word(), summary.cells(tissue, disease));
            }
        }
        ArrayNode expressing = all.putArray("cells_expressing");
        for (int gene = 0; gene < manifest.genes(); gene++) {
            expressing.add(summary.expressing(gene));
        }
        return all;
    }

    private static ObjectNode json(OctaveHistogram numbers) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        put(one, "mean", numbers.mean());
        put(one, "least", numbers.least());
        for (double share : QUANTILES) {
            put(one, "q" + Math.round(100 * share), numbers.quantile(share));
        }
        put(one, "most", numbers.most());
        return one;
    }

    /** JSON has no NaN: a figure that does not exist is null. */
    private static void put(ObjectNode node, String name, double figure) {
        if (Double.isFinite(figure)) {
            node.put(name, figure);
        } else {
            node.putNull(name);
        }
    }

    private double bytesPerValue() {
        return summary.bytes() / (double) manifest.nonzeros();
    }
}
