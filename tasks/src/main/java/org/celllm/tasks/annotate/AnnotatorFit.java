package org.celllm.tasks.annotate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.ModelCopy;
import org.celllm.tasks.embed.ModelHash;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Methods;

/**
 * What fitting an annotator came to. Scores are of heads fitted on 80% of the labelled cells and asked about the other
 * 20%, the baselines likewise on the same splits; the head that is kept is fitted on all labelled cells, or those of a budget.
 *
 * @param model the folder it was fitted on
 * @param settings how
 * @param cells what was read
 * @param inputs how the head's features are made
 * @param head the head that is kept, and why it looks so
 * @param fittedOn labelled cells that the kept head was fitted on
 * @param evaluation the held-out scores, the model's first; none when there were too few labels to hold any out
 */
public record AnnotatorFit(
        Path model,
        AnnotatorSettings settings,
        LabelledCells cells,
        HeadInputs inputs,
        HeadFitting.Result head,
        int fittedOn,
        AnnotationEvaluation evaluation) {
    /**
     * Fits an annotator; nothing is written yet.
     *
     * @param label obs column of the labels
     * @throws InputException when model, file or column cannot be used
     */
    public static AnnotatorFit fit(Path model, Path file, String label, AnnotatorSettings settings, Progress progress)
            throws IOException {
        LabelledCells cells;
        try (CellEmbedder embedder = CellEmbedder.open(model, settings.embed());
                CellFile opened = CellFile.open(
                        file, settings.embed().values(), settings.embed().identity())) {
            cells = LabelledCells.read(
                    embedder,
                    opened,
                    label,
                    settings.mostCells(),
                    settings.head().seed(),
                    progress);
        }
        HeadInputs inputs = HeadInputs.fit(cells, settings.head().seed());
        HeadFeatures features = inputs.features(cells.expression(), cells.embedding());
        EvaluationData data = EvaluationData.beside(
                cells.names(),
                cells.labels(),
                features,
                cells.embedding(),
                cells.expression(),
                PrincipalComponents.fit(
                        cells.expression(),
                        HeadInputs.COMPONENTS,
                        settings.head().seed()));
        AnnotationEvaluation evaluation = AnnotationProtocol.heldOut(
                        cells.labels(), settings.heldOut(), settings.seeds())
                .run(data, Methods.all(settings.head().classWeights()), progress);
        int[] labelled = cells.labels().labelledCells();
        try (Progress.Task task = progress.start("Fitting the head", "cells", labelled.length)) {
            HeadFitting.Result head = FewLabelFitting.fit(
                    data.head(), cells.labels().codes(), cells.labels().classes(), settings.head());
            task.advance(labelled.length);
            return new AnnotatorFit(model, settings, cells, inputs, head, labelled.length, evaluation);
        }
    }

    /**
     * Writes the annotator: its own files and a copy of the model, into a folder that appears under its name when it is
     * whole.
     *
     * @param folder replaced when it exists
     */
    public void save(Path folder) throws IOException {
        SafeFiles.folder(folder, this::writeTo);
    }

    /** Cells without a label that the kept head learned from as well, as labels are few; 0 where they are not. */
    public int taughtWithout() {
        boolean spread =
                head.choices().stream().anyMatch(choice -> choice.member().isSpread() && choice.weight() > 0);
        return spread ? FewLabelFitting.cellsWithout(cells.names().size(), fittedOn) : 0;
    }

    /** The report for {@code --json} and for pages: the evaluation's fields, and what was fitted on what. */
    public ObjectNode toJson() {
        ObjectNode json = evaluation.toJson();
        json.put("model", model.toString());
        cells.describe(json);
        json.put("fittedOn", fittedOn);
        ObjectNode fitted = json.putObject("head")
                .put("innerFolds", head.innerFolds())
                .put("classWeights", settings.head().classWeights().name().toLowerCase(Locale.ROOT));
        ArrayNode members = fitted.putArray("members");
        for (HeadFitting.Choice choice : head.choices()) {
            ObjectNode member = members.addObject()
                    .put("member", choice.member().word())
                    .put("strength", choice.strength())
                    .put("weight", choice.weight());
            if (Double.isNaN(choice.innerLoss())) {
                member.putNull("innerLoss");
            } else {
                member.put("innerLoss", choice.innerLoss());
            }
        }
        return json;
    }

    private void writeTo(Path folder) throws IOException {
        Path copy = folder.resolve(AnnotatorFolder.MODEL);
        ModelCopy.into(model, copy);
        TrainingCells.of(cells.reading()).write(folder);
        AnnotatorFolder.write(
                folder,
                new AnnotatorFolder.Stored(
                        cells.labels().names(),
                        head.head(),
                        inputs,
                        cells.reading().pooling(),
                        ModelHash.of(copy)),
                toJson());
    }
}
