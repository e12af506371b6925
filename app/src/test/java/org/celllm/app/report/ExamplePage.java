package org.celllm.app.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.celllm.data.random.KeyedRandom;

/** A page with something in every section, made from random numbers. */
final class ExamplePage {
    static final List<String> TYPES = List.of(
            "B cell", "CD4 T cell", "CD8 T cell", "NK cell", "monocyte", "dendritic </script> cell", "malignant \"x\"");

    private ExamplePage() {}

    static ReportPage of(long seed, int cells) {
        float[][] embeddings = new float[cells][16];
        int[] codes = new int[cells];
        List<Double> depth = new ArrayList<>();
        KeyedRandom random = KeyedRandom.of(seed);
        for (int cell = 0; cell < cells; cell++) {
            codes[cell] = random.nextInt(TYPES.size() + 1) - 1;
            KeyedRandom centre = KeyedRandom.of(seed, codes[cell]);
            for (int i = 0; i < 16; i++) {
                embeddings[cell][i] = (float) (2 * centre.nextGaussian() + random.nextGaussian());
            }
            depth.add(cell % 50 == 0 ? null : 1000 * Math.exp(random.nextGaussian()));
        }
        UmapProjection places = UmapProjection.of(embeddings, seed);
        return new ReportPage(
                "Annotator for pbmc </script><b>",
                "tiny model · 400 steps · seed 7",
                "",
                List.of(
                        new ReportPage.Fact("Macro-F1", "0.913", "principal components 0.905"),
                        new ReportPage.Fact("Accuracy", "0.954", "held-out cells"),
                        new ReportPage.Fact("Cells", "2,638", "9 classes"),
                        new ReportPage.Fact("Genes mapped", "98.2%", "13,467 of 13,714")),
                List.of(new ReportPage.DataTable(
                        "Sources",
                        "Every file that the corpus was built from.",
                        List.of("file", "cells", "genes", "state"),
                        List.of(
                                List.of("pbmc3k.h5ad", "2,638", "13,714", "counts"),
                                List.of("glioblastoma/with/a/long/path.h5ad", "182", "36,601", "log1p")))),
                List.of(
                        curves("Total loss", seed, 3.2, true),
                        curves("Masked expression", seed + 1, 1.4, true),
                        curves("Normal against cancer", seed + 2, .7, false)),
                new ReportPage.CellMap(
                        "UMAP of X_celllm.",
                        places.x(),
                        places.y(),
                        List.of(
                                new ReportPage.Colouring("cell_type", TYPES, codes, null),
                                new ReportPage.Colouring("total counts", null, null, depth))),
                List.of(new ReportPage.ScoreBoard(
                        "Held-out cells",
                        "5 seeds; brackets are 95% intervals.",
                        List.of("macro-F1", "accuracy"),
                        List.of(0),
                        List.of(
                                method("CellLM embedding + logistic regression", true, .913),
                                method("logistic regression on genes", false, .877),
                                method("15 principal components", false, .905),
                                new ReportPage.MethodScores(
                                        "majority class",
                                        false,
                                        List.of(
                                                new ReportPage.Score(.04, null, null),
                                                new ReportPage.Score(.43, null, null)))))),
                List.of(confusion(seed)),
                List.of(
                        new ReportPage.Settings(
                                "Training",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("steps", 400)
                                        .put("batch", 512)
                                        .set(
                                                "views",
                                                JsonNodeFactory.instance
                                                        .objectNode()
                                                        .put("hidden", .8)
                                                        .put("temperature", .5))),
                        new ReportPage.Settings(
                                "Versions",
                                JsonNodeFactory.instance.objectNode().put("celllm", "0.1.0"))),
                "Made by celllm from random numbers.");
    }

    private static ReportPage.CurvePanel curves(String title, long seed, double start, boolean validated) {
        KeyedRandom random = KeyedRandom.of(seed);
        List<Long> steps = LongStream.range(0, 80).map(i -> i * 5).boxed().toList();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            values.add(start * (.35 + .65 * Math.exp(-i / 18.0)) + .03 * random.nextGaussian());
        }
        List<ReportPage.Curve> curves = new ArrayList<>();
        curves.add(new ReportPage.Curve("training", false, steps, values));
        if (validated) {
            curves.add(new ReportPage.Curve(
                    "validation", true, List.of(0L, 200L, 395L), List.of(start, start * .5, start * .38)));
        }
        return new ReportPage.CurvePanel(title, "", "nats", curves);
    }

    private static ReportPage.MethodScores method(String name, boolean model, double score) {
        return new ReportPage.MethodScores(
                name,
                model,
                List.of(
                        new ReportPage.Score(score, score - .012, score + .011),
                        new ReportPage.Score(score + .04, score + .03, score + .05)));
    }

    private static ReportPage.Confusion confusion(long seed) {
        KeyedRandom random = KeyedRandom.of(seed, 3);
        List<String> columns = new ArrayList<>(TYPES);
        columns.add("unassigned");
        long[][] counts = IntStream.range(0, TYPES.size())
                .mapToObj(row -> IntStream.range(0, columns.size())
                        .mapToLong(column -> row == column ? 60 + random.nextInt(90) : random.nextInt(8))
                        .toArray())
                .toArray(long[][]::new);
        return new ReportPage.Confusion("Confusion matrix", "Seed 1.", TYPES, columns, counts);
    }
}
