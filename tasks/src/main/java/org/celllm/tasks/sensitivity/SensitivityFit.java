package org.celllm.tasks.sensitivity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.annotate.FewLabelFitting;
import org.celllm.tasks.annotate.HeadFeatures;
import org.celllm.tasks.annotate.HeadFitting;
import org.celllm.tasks.annotate.HeadInputs;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;

/** Fits a predictor of sensitivity on labelled cells. */
public final class SensitivityFit {
    private SensitivityFit() {}

    /** Where labels come from: a column of values, or of lines. */
    @FunctionalInterface
    public interface Labelling {
        /** Labels, −1 for none, of a file's cells; the classes are {@link SensitivityLabels#NAMES}. */
        CellLabels of(Path file, AnnotationTable cells) throws IOException;
    }

    /**
     * Reads the cells of a file with their labels.
     *
     * @param over the genes wanted of the file; {@code null} for all that it has
     * @throws org.celllm.data.InputException when model, file or labels cannot be used
     */
    public static LabelledCells read(
            Path model,
            Path file,
            Labelling labelling,
            org.celllm.data.genes.@Nullable GeneVocabulary over,
            AnnotatorSettings settings,
            Progress progress)
            throws IOException {
        try (CellEmbedder embedder = CellEmbedder.open(model, settings.embed());
                CellFile opened = CellFile.open(
                        file, settings.embed().values(), settings.embed().identity())) {
            return LabelledCells.read(
                    embedder,
                    opened,
                    labelling.of(file, opened.cells()),
                    over,
                    settings.mostCells(),
                    settings.head().seed(),
                    progress);
        }
    }

    /**
     * Fits; nothing is written yet. With a budget, scores are of that many draws of labels, each tested on all the others,
     * and the predictor that is kept is the first draw's. Without one, they are of stratified splits and the predictor that
     * is kept is fitted on all labels; a class with a single label leaves nothing to score.
     *
     * @param cells what {@link #read} gave
     * @param budget labels that may be used, {@code null} for all
     * @return what saves itself as an annotator
     * @throws IllegalArgumentException when the budget asks for more labels than there are
     */
    public static AnnotatorFit fit(
            Path model,
            LabelledCells cells,
            @Nullable LabelBudget budget,
            AnnotatorSettings settings,
            Progress progress) {
        CellLabels labels = cells.labels();
        long seed = settings.head().seed();
        AnnotationProtocol protocol = null;
        int[] kept = labels.labelledCells();
        if (budget != null) {
            protocol = budget.protocol(labels, settings.seeds(), seed);
            Split first = protocol.trials().get(0).splits().get(0);
            kept = first.train();
        } else if (Arrays.stream(labels.counts()).allMatch(count -> count > 1)) {
            protocol = AnnotationProtocol.heldOut(labels, settings.heldOut(), settings.seeds());
        }
        HeadInputs inputs = HeadInputs.fit(cells, seed);
        HeadFeatures features = inputs.features(cells.expression(), cells.embedding());
        AnnotationEvaluation evaluation = AnnotationEvaluation.none(labels);
        EvaluationData data = EvaluationData.beside(
                cells.names(),
                labels,
                features,
                cells.embedding(),
                cells.expression(),
                PrincipalComponents.fit(cells.expression(), HeadInputs.COMPONENTS, seed));
        if (protocol != null) {
            evaluation =
                    protocol.run(data, SensitivityMethods.all(features.rows(), !cells.valuesAreScaled()), progress);
        }
        int[] codes = new int[features.rows()];
        Arrays.fill(codes, -1);
        IntStream.of(kept).forEach(cell -> codes[cell] = labels.codes()[cell]);
        try (Progress.Task task = progress.start("Fitting the head", "cells", kept.length)) {
            HeadFitting.Result head = FewLabelFitting.fit(
                    data.head(),
                    codes,
                    labels.classes(),
                    settings.head().withMembers(SensitivityMethods.members(!cells.valuesAreScaled())));
            task.advance(kept.length);
            return new AnnotatorFit(model, settings, cells, inputs, head, kept.length, evaluation);
        }
    }
}
