package org.celllm.tasks.annotate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellSequences;
import org.celllm.network.NetworkConfig;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.PublishedClassifier;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.CellTokens;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.finetune.FineTuned;

/** An annotator as published: a model that was fine-tuned, or imported, with the published classifier on top. */
public final class TunedAnnotator extends Annotator {
    private final FineTuned tuned;
    private final List<String> labels;
    private final EmbedSettings settings;
    private final Workers workers;

    private TunedAnnotator(FineTuned tuned, List<String> labels, EmbedSettings settings) {
        this.tuned = tuned;
        this.labels = List.copyOf(labels);
        this.settings = settings;
        this.workers = new Workers(settings.threads());
    }

    static TunedAnnotator read(Path folder, EmbedSettings settings) throws IOException {
        AnnotatorFolder.Tuned stored = AnnotatorFolder.readTuned(folder);
        Path path = folder.resolve(AnnotatorFolder.MODEL);
        StoredModel model = ModelFolder.read(path, settings.precision());
        try {
            PublishedClassifier classifier = PublishedClassifier.read(path, model.model());
            FineTuned tuned = new FineTuned(model, classifier, List.of());
            if (!ModelHash.of(path).equals(stored.modelHash())
                    || classifier.classes() != stored.labels().size()) {
                classifier.close();
                throw otherModel(path);
            }
            return new TunedAnnotator(tuned, stored.labels(), settings);
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
    EmbedSettings settings() {
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
        return chances;
    }

    @Override
    public Predictions predict(Path path, double threshold, Progress progress) throws IOException {
        long started = System.nanoTime();
        NetworkConfig network = tuned.stored().model().config();
        try (CellFile file = CellFile.open(path, settings.values(), settings.identity())) {
            Naming naming = new Naming(file.cells().size(), threshold);
            EmbeddingStream.Encoder encoder = new EmbeddingStream.Encoder(
                    "Naming the cells of",
                    tuned.stored().genes(),
                    network.dim(),
                    tuned.stored().model().options().pooling(),
                    batch -> {
                        naming.add(probabilities(batch));
                        return new float[0][];
                    });
            FileEmbedding reading = EmbeddingStream.run(encoder, file, (batch, rows) -> {}, progress);
            return new Predictions(
                    file.cells().names(),
                    labels,
                    naming.codes(),
                    naming.probabilities(),
                    reading,
                    reading.mapping(),
                    (System.nanoTime() - started) / 1e9);
        }
    }

    @Override
    public void close() {
        workers.close();
        tuned.close();
    }
}
