package org.celllm.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.genes.GeneReport;
import org.celllm.data.genes.ResolutionRule;

/** Shows what became of the names of a file's genes. */
final class GeneTables {
    private GeneTables() {}

    static void show(Console console, GeneReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<ResolutionRule, Integer> rule : report.rules().entrySet()) {
            rows.add(List.of(
                    rule.getKey().word(),
                    Figures.whole(rule.getValue()),
                    String.join("; ", report.examples().getOrDefault(rule.getKey(), List.of()))));
        }
        if (report.sharing() > 0) {
            rows.add(List.of(
                    "approved, and an old name of others",
                    Figures.whole(report.sharing()),
                    String.join("; ", report.sharingExamples())));
        }
        if (report.duplicated() > 0) {
            rows.add(List.of(
                    "the same gene as an earlier one",
                    Figures.whole(report.duplicated()),
                    String.join("; ", report.duplicatedExamples())));
        }
        console.table(List.of("gene names", "genes", "such as"), rows);
        console.line(Figures.whole(report.approved()) + " of "
                + Figures.whole(report.names().size()) + " genes have an approved symbol");
    }
}
