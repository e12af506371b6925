package org.celllm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Method;
import org.celllm.tasks.evaluate.MethodScores;
import org.celllm.tasks.evaluate.Methods;

/**
 * What the embeddings of many models are worth, for experiments over settings: macro-F1 by five folds and by five labelled
 * cells a class over 20 draws, of logistic regression and nearest neighbours on the embedding. A line for every model, file and
 * method, with tabs; of the first model also the baselines.
 *
 * <pre>EmbeddingScores FILE:LABEL,FILE:LABEL,… MODEL…</pre>
 */
public final class EmbeddingScores {
    private static final int DRAWS = 20;

    private EmbeddingScores() {}

    /** Scores the models. */
    public static void main(String[] args) throws IOException {
        List<String> models = Arrays.asList(args).subList(1, args.length);
        for (String pair : args[0].split(",", -1)) {
            Path file = Path.of(pair.substring(0, pair.lastIndexOf(':')));
            String label = pair.substring(pair.lastIndexOf(':') + 1);
            for (String model : models) {
                List<Method> methods = new ArrayList<>(Methods.probes());
                if (!model.equals(models.get(0))) {
                    methods = methods.subList(0, 2);
                }
                score(Path.of(model), file, label, methods);
            }
        }
    }

    private static void score(Path model, Path file, String label, List<Method> methods) throws IOException {
        EmbedSettings settings = EmbedSettings.usual();
        LabelledCells cells;
        try (CellEmbedder embedder = CellEmbedder.open(model, settings);
                CellFile opened = CellFile.open(file, settings.values(), settings.identity())) {
            cells = LabelledCells.read(embedder, opened, label, Integer.MAX_VALUE, 1, Progress.SILENT);
        }
        EvaluationData data = EvaluationData.of(cells, 1);
        AnnotationProtocol folds = AnnotationProtocol.folds(cells.labels(), 5, 1);
        AnnotationProtocol few = AnnotationProtocol.fewShot(cells.labels(), 5, DRAWS, 1);
        List<MethodScores> ofFolds = folds.run(data, methods, Progress.SILENT).scores();
        List<MethodScores> ofFew = few.run(data, methods, Progress.SILENT).scores();
        for (int i = 0; i < ofFolds.size(); i++) {
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%s\t%s\t%.3f\t%.3f%n",
                    model.getFileName(),
                    file.getFileName(),
                    ofFolds.get(i).method(),
                    ofFolds.get(i).macroF1().mean(),
                    ofFew.get(i).macroF1().mean());
        }
    }
}
