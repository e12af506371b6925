package org.celllm.tasks.annotate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellSequences;
import org.celllm.network.NetworkConfig;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.CellTokens;
import org.celllm.tasks.embed.ModelHash;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Method;
import org.celllm.tasks.evaluate.Methods;
import org.celllm.tasks.finetune.FineTuneSettings;
import org.celllm.tasks.finetune.FineTuned;
import org.celllm.tasks.finetune.FineTuning;
import org.celllm.tasks.finetune.FrozenStates;
import org.celllm.tasks.finetune.LabelledSequences;
import org.celllm.tasks.finetune.TrainedLayers;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;

/**
 * What fine-tuning an annotator as published came to: the last layer, the final norm and the published classifier trained,
 * the rest frozen (or all layers trained). Scores are of models fine-tuned on the training cells of each split alone, the baselines likewise; the
 * model that is kept is fine-tuned on all labelled cells. Closing it frees that model.
 */
public final class TunedFit implements AutoCloseable {
    private final Path model;
    private final FineTuneSettings settings;
    private final LabelledCells cells;
    private final AnnotationEvaluation evaluation;
    private final FineTuned tuned;
    private final boolean kept;

    private TunedFit(
            Path model,
            FineTuneSettings settings,
            LabelledCells cells,
            AnnotationEvaluation evaluation,
            FineTuned tuned,
            boolean kept) {
        this.model = model;
        this.settings = settings;
        this.cells = cells;
        this.evaluation = evaluation;
        this.tuned = tuned;
        this.kept = kept;
    }

    /**
     * Fine-tunes; nothing is written yet.
     *
     * @param label obs column of the labels
     * @param settings how cells are read and scored
     * @throws org.celllm.data.InputException when model, file or column cannot be used
     */
    public static TunedFit fit(
            Path model, Path file, String label, AnnotatorSettings settings, FineTuneSettings tuning, Progress progress)
            throws IOException {
        List<CellSequences> read = new ArrayList<>();
        LabelledCells cells;
        try (CellEmbedder embedder = CellEmbedder.open(model, settings.embed());
                CellFile opened = CellFile.open(
                        file, settings.embed().values(), settings.embed().identity())) {
            NetworkConfig network = embedder.network();
            cells = LabelledCells.read(
                    embedder,
                    opened,
                    label,
                    settings.mostCells(),
                    tuning.seed(),
                    (CellBatch batch) -> read.add(CellTokens.of(batch, network)),
                    progress);
        }
        CellSequences sequences = CellSequences.joined(read);
        read.clear();
        Precision precision = settings.embed().precision();
        try (Workers workers = new Workers(settings.embed().threads());
                Kept kept = Kept.of(model, precision, sequences, cells.labels(), tuning, workers, progress)) {
            FrozenStates states = kept.states();
            EvaluationData data = EvaluationData.of(cells, tuning.seed());
            List<Method> methods = new ArrayList<>();
            methods.add(new FineTunedMethod(model, precision, sequences, states, tuning, workers));
            methods.addAll(Methods.all());
            AnnotationEvaluation evaluation = AnnotationProtocol.heldOut(
                            cells.labels(), settings.heldOut(), settings.seeds())
                    .run(data, methods, progress);
            int[] labelled = cells.labels().labelledCells();
            LabelledSequences training = new LabelledSequences(
                    sequences.select(labelled),
                    cells.labels().codesOf(labelled),
                    cells.labels().classes());
            FineTuned tuned = FineTuning.run(
                    model,
                    precision,
                    training,
                    states == null ? null : states.select(labelled),
                    tuning,
                    workers,
                    progress);
            return new TunedFit(model, tuning, cells, evaluation, tuned, states != null);
        }
    }

    /** The states of all labelled cells, where they can be kept. */
    private record Kept(@Nullable FrozenStates states) implements AutoCloseable {
        static Kept of(
                Path model,
                Precision precision,
                CellSequences sequences,
                CellLabels labels,
                FineTuneSettings tuning,
                Workers workers,
                Progress progress)
                throws IOException {
            if (tuning.layers() != TrainedLayers.LAST) {
                return new Kept(null);
            }
            try (StoredModel stored = ModelFolder.read(model, precision)) {
                stored.model().trainLastLayerOnly();
                return new Kept(FrozenStates.of(stored.model(), sequences, labels.labelledCells(), workers, progress));
            }
        }

        @Override
        public void close() {
            if (states != null) {
                states.close();
            }
        }
    }

    /** What was read. */
    public LabelledCells cells() {
        return cells;
    }

    /** The held-out scores, the fine-tuned model's first. */
    public AnnotationEvaluation evaluation() {
        return evaluation;
    }

    /** What the epochs of the model that is kept came to. */
    public List<FineTuned.Epoch> epochs() {
        return tuned.epochs();
    }

    /**
     * Writes the annotator: the fine-tuned model with its classifier and the annotator's own files, into a folder that
     * appears under its name when it is whole.
     *
     * @param folder replaced when it exists
     */
    public void save(Path folder) throws IOException {
        SafeFiles.folder(folder, this::writeTo);
    }

    private void writeTo(Path folder) throws IOException {
        Path kept = folder.resolve(AnnotatorFolder.MODEL);
        ObjectNode provenance = JsonNodeFactory.instance.objectNode();
        provenance.put("made_by", "celllm annotate fit");
        provenance.set("fine_tuning", tuningJson());
        provenance.set("from", tuned.stored().provenance());
        ModelFolder.write(
                kept, tuned.stored().model(), tuned.classifier(), tuned.stored().genes(), provenance);
        TrainingCells.of(cells.reading()).write(folder);
        AnnotatorFolder.writeTuned(
                folder, new AnnotatorFolder.Tuned(cells.labels().names(), ModelHash.of(kept)), toJson());
    }

    /** The report for {@code --json} and for pages: the evaluation's fields, and what was fitted on what. */
    public ObjectNode toJson() {
        ObjectNode json = evaluation.toJson();
        json.put("model", model.toString());
        cells.describe(json);
        json.put("fittedOn", cells.labels().labelled());
        json.set("fineTuning", tuningJson());
        return json;
    }

    private JsonNode tuningJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("trained", settings.layers().words())
                .put("optimiser", "Adam")
                .put("learningRate", settings.learningRate())
                .put("batch", settings.batch())
                .put("hide", settings.hide())
                .put("dropout", settings.dropout())
                .put("validation", settings.validation())
                .put("classWeights", settings.classWeights().name().toLowerCase(java.util.Locale.ROOT))
                .put("keptStates", kept)
                .put("seed", settings.seed());
        ArrayNode epochs = json.putArray("epochs");
        for (FineTuned.Epoch epoch : tuned.epochs()) {
            ObjectNode each = epochs.addObject().put("training", epoch.training());
            if (!Double.isNaN(epoch.validation())) {
                each.put("validation", epoch.validation());
            }
        }
        return json;
    }

    @Override
    public void close() {
        tuned.close();
    }
}
