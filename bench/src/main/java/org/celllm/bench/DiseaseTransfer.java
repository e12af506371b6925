package org.celllm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Method;
import org.celllm.tasks.evaluate.Methods;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;

/**
 * Whether normal and cancer are told apart in a source that was never seen: {@code DiseaseTransfer CORPUS
 * NAME:SOURCE=MODEL…}, each model trained on the corpus without that source.
 *
 * <p>A logistic regression on the embeddings of all other cells is asked about the cells of the source left out; so are
 * the baselines on the same cells. Disease and data set go together, so anything else would tell the data sets apart.
 * Prints a line for each source and method, with tabs: the share told right, by class where a source has both.
 */
public final class DiseaseTransfer {
    private static final int BATCH = 256;

    private DiseaseTransfer() {}

    /** Scores the models. */
    public static void main(String[] args) throws IOException {
        Map<String, Map<String, Path>> models = new LinkedHashMap<>();
        for (int i = 1; i < args.length; i++) {
            String name = args[i].substring(0, args[i].indexOf(':'));
            String source = args[i].substring(name.length() + 1, args[i].indexOf('='));
            models.computeIfAbsent(source, key -> new LinkedHashMap<>())
                    .put(name, Path.of(args[i].substring(args[i].indexOf('=') + 1)));
        }
        try (Corpus corpus = Corpus.open(Path.of(args[0]))) {
            CellBatch cells = corpus.read(0, Math.toIntExact(corpus.cells()));
            for (Map.Entry<String, Map<String, Path>> left : models.entrySet()) {
                score(corpus, cells, left.getKey(), left.getValue());
            }
        }
    }

    private static void score(Corpus corpus, CellBatch cells, String source, Map<String, Path> models)
            throws IOException {
        List<@Nullable String> words = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int cell = 0; cell < cells.cells(); cell++) {
            Disease disease = Disease.of(cells.disease()[cell]);
            words.add(disease == Disease.UNKNOWN ? null : disease.toString());
            names.add(Integer.toString(cell));
        }
        CellLabels labels = CellLabels.of(words);
        int number = number(corpus, source);
        int[] known = labels.labelledCells();
        Split split = new Split(
                source,
                IntStream.of(known)
                        .filter(cell -> cells.source()[cell] != number)
                        .toArray(),
                IntStream.of(known)
                        .filter(cell -> cells.source()[cell] == number)
                        .toArray());
        var genes = ExpressionRows.of(cells, corpus.genes().size());
        boolean baselines = true;
        for (Map.Entry<String, Path> model : models.entrySet()) {
            EvaluationData data = EvaluationData.of(names, labels, genes, embed(model.getValue(), corpus, cells), 1);
            List<Method> methods = new ArrayList<>(Methods.probes().subList(0, 2));
            if (baselines) {
                methods = new ArrayList<>(Methods.probes());
                methods.add(Methods.logisticOnGenes());
                baselines = false;
            }
            for (Method method : methods) {
                boolean embedding = method.name().endsWith("embedding");
                System.out.println(String.join(
                        "\t",
                        source,
                        embedding ? model.getKey() : "-",
                        method.name(),
                        right(labels, split, method.predict(data, split, 1))));
            }
        }
    }

    private static int number(Corpus corpus, String source) {
        for (int i = 0; i < corpus.sources(); i++) {
            if (corpus.manifest().sources().get(i).name().equals(source)) {
                return i;
            }
        }
        throw new IllegalArgumentException(corpus.folder() + " has no source " + source);
    }

    private static DenseRows embed(Path model, Corpus corpus, CellBatch cells) throws IOException {
        float[][] rows = new float[cells.cells()][];
        try (CellEmbedder embedder = CellEmbedder.open(model, EmbedSettings.usual())) {
            if (!embedder.genes().names().equals(corpus.genes().names())) {
                throw new IllegalArgumentException(model + " has another vocabulary than " + corpus.folder());
            }
            for (int first = 0; first < rows.length; first += BATCH) {
                int count = Math.min(BATCH, rows.length - first);
                float[][] some = embedder.embed(corpus.read(first, count));
                System.arraycopy(some, 0, rows, first, count);
            }
        }
        return DenseRows.of(rows);
    }

    private static String right(CellLabels labels, Split split, int[] predicted) {
        int[] right = new int[labels.classes()];
        int[] all = new int[labels.classes()];
        for (int i = 0; i < predicted.length; i++) {
            int code = labels.codes()[split.test()[i]];
            all[code]++;
            right[code] += predicted[i] == code ? 1 : 0;
        }
        List<String> shares = new ArrayList<>();
        for (int code = 0; code < all.length; code++) {
            if (all[code] > 0) {
                shares.add(String.format(
                        Locale.ROOT, "%s %.3f", labels.names().get(code), (double) right[code] / all[code]));
            }
        }
        return String.join("\t", shares);
    }
}
