package org.celllm.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.isotropy.IsotropyFigure;
import org.celllm.tasks.isotropy.IsotropyScores;
import org.celllm.tasks.isotropy.RepresentationScores;
import org.celllm.tasks.metrics.Interval;

/** How embeddings spread, beside each other. */
final class IsotropyTables {
    private IsotropyTables() {}

    static void show(Console console, IsotropyScores scores, Path file) {
        console.heading("Isotropy: " + Figures.whole(scores.cells()) + " cells of " + file + ", "
                + Figures.counted(scores.settings().seeds(), "seed") + ", ± half of the 95% interval");
        table(
                console,
                scores,
                true,
                IsotropyFigure.MEAN_COSINE,
                IsotropyFigure.EFFECTIVE_RANK,
                IsotropyFigure.ALIGNMENT,
                IsotropyFigure.UNIFORMITY);
        console.line("spread out: mean cosine near 0, effective rank near dim; a narrow cone: mean cosine near 1");
        console.line("good views: low alignment (a cell's two views lie close), low uniformity (cells lie apart)");
        console.heading("Singular spectrum: as it is, and with the mean direction subtracted");
        table(
                console,
                scores,
                false,
                IsotropyFigure.FIRST_SHARE,
                IsotropyFigure.PARTICIPATION,
                IsotropyFigure.CENTRED_FIRST_SHARE,
                IsotropyFigure.CENTRED_EFFECTIVE_RANK,
                IsotropyFigure.CENTRED_PARTICIPATION);
        if (!scores.sameViews()) {
            console.line("note: the models differ in genes or longest sequence, so their views show different genes");
        }
        scores.representations().stream()
                .map(RepresentationScores::mapping)
                .distinct()
                .forEach(mapping -> console.line("genes: " + mapping));
    }

    private static void table(Console console, IsotropyScores scores, boolean sizes, IsotropyFigure... figures) {
        List<String> header = new ArrayList<>(sizes ? List.of("", "pool", "dim") : List.of(""));
        for (IsotropyFigure figure : figures) {
            header.add(figure.title());
        }
        List<List<String>> rows = new ArrayList<>();
        for (RepresentationScores one : scores.representations()) {
            List<String> row = new ArrayList<>(List.of(one.name()));
            if (sizes) {
                row.add(one.pooling() == null ? "–" : one.pooling().word());
                row.add(Figures.whole(one.dim()));
            }
            for (IsotropyFigure figure : figures) {
                Interval interval = one.of(figure);
                row.add(Figures.interval(interval.mean(), interval.low(), figure.decimals()));
            }
            rows.add(row);
        }
        console.table(header, rows);
    }
}
