package org.celllm.tasks.sensitivity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.features.SparseRows;
import org.celllm.tasks.annotate.HeadFeatures;
import org.celllm.tasks.annotate.HeadInputs;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Trial;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;

/**
 * Learning on one file and being tested on another: another technology, lines and then tumour cells. Everything that is
 * fitted without labels (components, scaling, the graph that labels are spread over) sees the first file alone, as it is
 * when a fitted predictor meets a new file.
 *
 * @param data the first file's cells and then the second's
 * @param first how many cells the first has
 */
public record TwoFiles(EvaluationData data, int first) {
    /**
     * Puts two files together.
     *
     * @param training its own genes count
     * @param test over the training file's genes
     * @param seed of the components' random start
     */
    public static TwoFiles of(LabelledCells training, LabelledCells test, long seed) {
        if (!test.genes().names().equals(training.genes().names())) {
            throw new IllegalArgumentException("the test cells are to be read over the training cells' genes");
        }
        HeadInputs inputs = HeadInputs.fit(training, seed);
        PrincipalComponents usual = PrincipalComponents.fit(training.expression(), HeadInputs.COMPONENTS, seed);
        SparseRows expression = below(training.expression(), test.expression());
        DenseRows embedding = below(training.embedding(), test.embedding());
        HeadFeatures features = inputs.features(expression, embedding);
        List<String> names = new ArrayList<>(training.names());
        names.addAll(test.names());
        int first = training.names().size();
        int[] codes =
                Arrays.copyOf(training.labels().codes(), first + test.names().size());
        System.arraycopy(test.labels().codes(), 0, codes, first, codes.length - first);
        CellLabels labels = new CellLabels(training.labels().names(), codes);
        return new TwoFiles(EvaluationData.beside(names, labels, features, embedding, usual), first);
    }

    /**
     * Trains on the first file and tests on all labelled cells of the second.
     *
     * @param budget labels of the first file that are drawn; {@code null} for all of them, once
     */
    public AnnotationProtocol protocol(@Nullable LabelBudget budget, int draws, long seed) {
        int[] codes = data.labels().codes();
        int[] test =
                IntStream.range(first, codes.length).filter(i -> codes[i] >= 0).toArray();
        if (budget == null) {
            int[] train = IntStream.range(0, first).filter(i -> codes[i] >= 0).toArray();
            Split split = new Split("one file, then the other", train, test);
            return new AnnotationProtocol(
                    "all labels of one file, tested on the other", List.of(new Trial("all", seed, List.of(split))));
        }
        CellLabels own = new CellLabels(data.labels().names(), Arrays.copyOf(codes, first));
        List<Trial> trials = new ArrayList<>();
        for (int draw = 0; draw < draws; draw++) {
            Split drawn = budget.draw(own, seed, draw);
            trials.add(new Trial(
                    "draw " + draw, draw, List.of(new Split(drawn.name() + ", other file", drawn.train(), test))));
        }
        return new AnnotationProtocol(
                budget.description() + " of one file × " + draws + " draws, tested on the other", trials);
    }

    private static DenseRows below(DenseRows a, DenseRows b) {
        float[][] rows = Arrays.copyOf(a.values(), a.rows() + b.rows());
        System.arraycopy(b.values(), 0, rows, a.rows(), b.rows());
        return new DenseRows(rows, a.columns());
    }

    private static SparseRows below(SparseRows a, SparseRows b) {
        int held = a.offsets()[a.rows()];
        int[] offsets = Arrays.copyOf(a.offsets(), a.rows() + b.rows() + 1);
        for (int row = 1; row <= b.rows(); row++) {
            offsets[a.rows() + row] = Math.addExact(held, b.offsets()[row]);
        }
        int more = b.offsets()[b.rows()];
        int[] indices = Arrays.copyOf(a.indices(), held + more);
        System.arraycopy(b.indices(), 0, indices, held, more);
        float[] values = Arrays.copyOf(a.values(), held + more);
        System.arraycopy(b.values(), 0, values, held, more);
        return new SparseRows(a.columns(), offsets, indices, values);
    }
}
