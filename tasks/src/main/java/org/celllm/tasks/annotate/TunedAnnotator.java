package org.celllm.tasks.annotate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellSequences;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.PublishedClassifier;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.CellTokens;
import org.celllm.tasks.embed.Computation;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.embed.ModelHash;
import org.celllm.tasks.finetune.FineTuned;
import org.celllm.tasks.pieces.RunBasis;
import org.jspecify.annotations.Nullable;

/** An annotator as published: a model that was fine-tuned, or imported, with the published classifier on top. */
public final class TunedAnnotator extends Annotator {
    private final FineTuned tuned;
    private final List<String> labels;
    private final String hash;
    private final EmbedSettings settings;
    private final Workers workers;

    private TunedAnnotator(
            FineTuned tuned,
            List<String> labels,
            String hash,
            EmbedSettings settings,
            @Nullable TrainingCells trained) {
        super(trained);
        this.tuned = tuned;
        this.hash = hash;
        this.labels = List.copyOf(labels);
        this.settings = settings;
        this.workers = new Workers(settings.threads());
    }

    static TunedAnnotator read(Path folder, EmbedSettings settings) throws IOException {
        AnnotatorFolder.Tuned stored = AnnotatorFolder.readTuned(folder);
        TrainingCells trained = TrainingCells.read(folder);
        Path path = folder.resolve(AnnotatorFolder.MODEL);
        StoredModel model = ModelFolder.read(path, settings.precision());
        try {
            PublishedClassifier classifier = PublishedClassifier.read(path, model.model());
            FineTuned tuned = new FineTuned(model, classifier, List.of(), settings.memory());
            if (!ModelHash.of(path).equals(stored.modelHash())
                    || classifier.classes() != stored.labels().size()) {
                classifier.close();
                throw otherModel(path);
            }
            return new TunedAnnotator(tuned, stored.labels(), AnnotatorHash.of(folder), settings, trained);
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public List<GeneVocabulary> vocabularies() {
        return List.of(tuned.stored().genes());
    }

    @Override
    public double[][] probabilities(List<CellBatch> cells) {
        return probabilities(cells.get(0));
    }

    @Override
    public EmbedSettings settings() {
        return settings;
    }

    /** What names the cells. */
    public FineTuned tuned() {
        return tuned;
    }

    /**
     * Probabilities of some cells.
     *
     * @param batch the cells over the model's genes
     * @return [cells][classes]
     */
    public double[][] probabilities(CellBatch batch) {
        CellSequences sequences = CellTokens.of(batch, tuned.stored().model().config());
        double[][] chances = tuned.logProbabilities(sequences, workers);
        Naming.exponentials(chances);
        Naming.level(chances, batch);
        return chances;
    }

    @Override
    FileEmbedding chances(CellFile file, int from, Chances sink, Progress progress) throws IOException {
        EmbeddingStream.Encoder encoder = new EmbeddingStream.Encoder(
                "Naming the cells of",
                tuned.stored().genes(),
                tuned.stored().model().config().dim(),
                tuned.stored().model().options().pooling(),
                batch -> new float[0][]);
        return EmbeddingStream.run(
                encoder, file, from, (batch, rows) -> sink.accept(batch, probabilities(batch)), progress);
    }

    @Override
    RunBasis basis(CellFile file) throws IOException {
        return RunBasis.of("annotator", hash)
                .and(Computation.basis(settings.precision()))
                .and(file.basis(file.map(tuned.stored().genes())));
    }

    @Override
    public void close() {
        workers.close();
        tuned.close();
    }
}
