package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusDuplicates;
import org.celllm.data.corpus.CorpusManifest;
import org.celllm.data.corpus.CorpusReport;
import org.celllm.data.corpus.SourceReport;

/** What is printed of a corpus. */
final class CorpusTables {
    private CorpusTables() {}

    static void show(Console console, CorpusReport report) {
        CorpusManifest manifest = report.manifest();
        List<List<String>> rows = new ArrayList<>();
        List<String> removals = new ArrayList<>();
        for (SourceReport source : manifest.sources()) {
            rows.add(List.of(
                    source.name(),
                    source.slot() + " (" + source.state() + ")",
                    Figures.whole(source.cellsRead()),
                    Figures.whole(source.cellsKept()),
                    Figures.whole(source.disease().normal()),
                    Figures.whole(source.disease().cancer()),
                    Figures.whole(source.disease().unknown()),
                    source.genes().kind(),
                    Figures.whole(source.genes().mapped()) + " of "
                            + Figures.whole(source.genes().total())));
            for (Map.Entry<String, Long> removed : source.removed().entrySet()) {
                if (removed.getValue() > 0) {
                    removals.add(source.name() + ": " + Figures.counted(removed.getValue(), "cell") + " removed by "
                            + removed.getKey());
                }
            }
            source.remarks().forEach(remark -> removals.add(source.name() + ": " + remark));
        }
        console.heading("Sources");
        console.table(
                List.of("source", "read", "cells", "kept", "normal", "cancer", "unknown", "gene names", "genes mapped"),
                rows);
        removals.forEach(console::line);
        report.refused().forEach(refused -> console.line("refused: " + refused.reason()));
        if (!report.ignored().isEmpty()) {
            console.line("ignored, as no matrices by their names: "
                    + Figures.counted(report.ignored().size(), "file"));
        }
        console.line("vocabulary: " + Figures.whole(manifest.genes()) + " genes, " + manifest.geneRule());
        if (manifest.labelled() > 0) {
            console.line("labels: " + Figures.whole(manifest.labelled()) + " cells have one of "
                    + Figures.whole(manifest.labels().size()));
        }
        console.line("corpus: " + report.folder() + ", " + Figures.counted(manifest.cells(), "cell") + ", "
                + Figures.counted(manifest.nonzeros(), "value"));
    }

    static ObjectNode figures(CorpusReport report) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode figures = json.createObjectNode();
        figures.put("corpus", report.folder().toString());
        figures.set("manifest", json.valueToTree(report.manifest()));
        report.refused()
                .forEach(refused -> figures.withArray("refused")
                        .addObject()
                        .put("path", refused.path().toString())
                        .put("reason", refused.reason()));
        report.ignored().forEach(path -> figures.withArray("ignored").add(path.toString()));
        return figures;
    }

    /** Cells that are in a corpus more than once. */
    static void show(Console console, Corpus corpus, CorpusDuplicates duplicates) {
        if (!duplicates.pairs().isEmpty()) {
            console.heading("Near-duplicates");
            console.table(
                    List.of("source", "its cells", "like cells of", "its cells"),
                    duplicates.pairs().stream()
                            .map(pair -> List.of(
                                    name(corpus, pair.source()),
                                    Figures.whole(pair.cells()),
                                    name(corpus, pair.other()),
                                    Figures.whole(pair.otherCells())))
                            .toList());
        }
        console.line("near-duplicates: " + Figures.whole(duplicates.cells()) + " of " + Figures.whole(corpus.cells())
                + " cells are like another, " + Figures.whole(duplicates.elsewhere()) + " like one of another source");
    }

    static ObjectNode figures(Corpus corpus, CorpusDuplicates duplicates) {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        figures.put("cells", duplicates.cells()).put("elsewhere", duplicates.elsewhere());
        duplicates
                .pairs()
                .forEach(pair -> figures.withArray("pairs")
                        .addObject()
                        .put("source", name(corpus, pair.source()))
                        .put("cells", pair.cells())
                        .put("other", name(corpus, pair.other()))
                        .put("other_cells", pair.otherCells()));
        return figures;
    }

    private static String name(Corpus corpus, int source) {
        return corpus.manifest().sources().get(source).name();
    }
}
