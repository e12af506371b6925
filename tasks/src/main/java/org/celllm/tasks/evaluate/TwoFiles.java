package org.celllm.tasks.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.celllm.data.features.AbsentGenes;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.features.SparseRows;
import org.celllm.tasks.annotate.HeadFeatures;
import org.celllm.tasks.annotate.HeadInputs;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.labels.CellLabels;

/**
 * Learning on one file and being tested on another: another technology, another laboratory, lines and then tumour cells. Everything that is
 * fitted without labels (components, scaling, the graph that labels are spread over) sees the first file alone, as it is
 * when a fitted annotator or predictor meets a new file, and genes that the second lacks are filled in as they are then ({@link AbsentGenes}).
 * Baselines are given what somebody careful would give them: the genes that both files have.
 *
 * @param data the first file's cells and then the second's
 * @param first how many cells the first has
 */
public record TwoFiles(EvaluationData data, int first) {
    /**
     * Puts two files together.
     *
     * @param training its own genes and classes count
     * @param test over the training file's genes and classes
     * @param seed of the components' random start
     */
    public static TwoFiles of(LabelledCells training, LabelledCells test, long seed) {
        if (!test.genes().names().equals(training.genes().names())
                || !test.labels().names().equals(training.labels().names())) {
            throw new IllegalArgumentException(
                    "the test cells are to be read over the training cells' genes and classes");
        }
        HeadInputs inputs = HeadInputs.fit(training, seed);
        SparseRows filled = training.expression()
                .followedBy(AbsentGenes.fill(test.expression(), test.measured(), inputs.components()));
        DenseRows embedding = training.embedding().followedBy(test.embedding());
        PrincipalComponents own = PrincipalComponents.fit(training.expression(), HeadInputs.COMPONENTS, seed);
        HeadFeatures features = inputs.features(filled, embedding).withUsual(own.apply(filled));
        int[] shared = test.measured().stream().toArray();
        SparseRows genes = training.expression().columnsOf(shared);
        PrincipalComponents usual = PrincipalComponents.fit(genes, HeadInputs.COMPONENTS, seed);
        genes = genes.followedBy(test.expression().columnsOf(shared));
        List<String> names = new ArrayList<>(training.names());
        names.addAll(test.names());
        int first = training.names().size();
        int[] codes =
                Arrays.copyOf(training.labels().codes(), first + test.names().size());
        System.arraycopy(test.labels().codes(), 0, codes, first, codes.length - first);
        CellLabels labels = new CellLabels(training.labels().names(), codes);
        return new TwoFiles(EvaluationData.beside(names, labels, features, embedding, genes, usual), first);
    }

    /**
     * The same cells for baselines that may look at the second file before they are asked: their genes and components are of both
     * files' cells.
     *
     * @param seed of the components' random start
     */
    public EvaluationData together(long seed) {
        return EvaluationData.beside(
                data.cellNames(),
                data.labels(),
                data.head(),
                data.encoded(),
                data.genes(),
                PrincipalComponents.fit(data.genes(), HeadInputs.COMPONENTS, seed));
    }

    /** The labels of the first file. */
    public CellLabels own() {
        return new CellLabels(data.labels().names(), Arrays.copyOf(data.labels().codes(), first));
    }

    /** Trains once on all labelled cells of the first file and tests on all of the second. */
    public AnnotationProtocol all() {
        Split split = new Split("one file, then the other", own().labelledCells(), tested());
        return new AnnotationProtocol(
                "all labels of one file, tested on the other", List.of(new Trial("all", 0, List.of(split))));
    }

    /**
     * Trains on some labelled cells of the first file at a time and tests on all of the second.
     *
     * @param what is drawn, in words: {@code "5 cells a class"}
     * @param draws how many
     * @param draw a split of the first file by number, of which the training cells count
     */
    public AnnotationProtocol draws(String what, int draws, IntFunction<Split> draw) {
        int[] test = tested();
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < draws; i++) {
            Split drawn = draw.apply(i);
            Split split = new Split(drawn.name() + ", other file", drawn.train(), test);
            trials.add(new Trial("draw " + i, i, List.of(split)));
        }
        return new AnnotationProtocol(what + " of one file × " + draws + " draws, tested on the other", trials);
    }

    private int[] tested() {
        int[] codes = data.labels().codes();
        return IntStream.range(first, codes.length).filter(i -> codes[i] >= 0).toArray();
    }
}
