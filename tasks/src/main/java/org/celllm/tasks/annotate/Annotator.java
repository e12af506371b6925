package org.celllm.tasks.annotate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.pieces.RunBasis;
import org.jspecify.annotations.Nullable;

/**
 * A fitted annotator that was read from its folder: names the cells of any file, of other genes and another
 * normalisation than those it was fitted on, as long as enough genes are known to it.
 *
 * <p>Thread safe; {@link #close()} frees the model and must come last.
 */
public abstract class Annotator implements AutoCloseable {
    private final @Nullable TrainingCells trained;

    /** @param trained what it was fitted on, {@code null} where its folder does not say */
    Annotator(@Nullable TrainingCells trained) {
        this.trained = trained;
    }

    /** What the cells were like that it was fitted on, {@code null} where its folder does not say. */
    public final @Nullable TrainingCells trained() {
        return trained;
    }

    /**
     * Opens an annotator's folder.
     *
     * @param settings of the encoder; the pooling is the one it was fitted with, whatever they say
     * @throws InputException when the folder is no annotator, or its model is not the one it was fitted with
     */
    public static Annotator open(Path folder, EmbedSettings settings) throws IOException {
        return AnnotatorFolder.isTuned(folder)
                ? TunedAnnotator.read(folder, settings)
                : HeadAnnotator.read(folder, settings);
    }

    /** The classes' names. */
    public abstract List<String> labels();

    /**
     * Names the cells of a file.
     *
     * @param threshold cells whose likeliest class is less probable than this are left unassigned
     * @return a few bytes a cell and the cells' names: for large files there is {@link PredictionFiles}
     * @throws InputException when the file cannot be used, or too few of its genes are known
     */
    public Predictions predict(Path path, double threshold, Progress progress) throws IOException {
        long started = System.nanoTime();
        EmbedSettings settings = settings();
        try (CellFile file = CellFile.open(path, settings.values(), settings.identity())) {
            int[] codes = new int[file.cellCount()];
            float[] probabilities = new float[codes.length];
            FileEmbedding reading = chances(
                    file,
                    0,
                    (batch, chances) -> {
                        int first = (int) batch.rows()[0];
                        for (int i = 0; i < chances.length; i++) {
                            CellCalls.Call call = Naming.of(chances[i], threshold);
                            codes[first + i] = call.code();
                            probabilities[first + i] = call.number();
                        }
                    },
                    progress);
            return new Predictions(
                    file.cells().names(), labels(), codes, probabilities, reading, (System.nanoTime() - started) / 1e9);
        }
    }

    /** The genes of each path that reads the cells: the model's first, then those of the wide path where there is one. */
    public abstract List<GeneVocabulary> vocabularies();

    /**
     * Probabilities of some cells.
     *
     * @param cells the same cells over each of {@link #vocabularies()}
     * @return [cells][classes]
     */
    public abstract double[][] probabilities(List<CellBatch> cells);

    /**
     * Probabilities of some cells of a file that may lack genes: on the wide path these count as what the others let expect, and not as
     * genes that are not expressed.
     *
     * @param cells the same cells over each of {@link #vocabularies()}
     * @param measured for each of them, which of its genes the file has
     * @return [cells][classes]
     */
    public double[][] probabilities(List<CellBatch> cells, List<BitSet> measured) {
        return probabilities(cells);
    }

    /** How files are read. */
    public abstract EmbedSettings settings();

    /** Takes the probabilities of cells in the file's order. */
    @FunctionalInterface
    interface Chances {
        /** @param chances [cells][classes] of the batch's cells */
        void accept(CellBatch batch, double[][] chances) throws IOException;
    }

    /**
     * Gives the probabilities of a file's cells.
     *
     * @param from the first cell of a batch; those before it count as done
     */
    abstract FileEmbedding chances(CellFile file, int from, Chances sink, Progress progress) throws IOException;

    /**
     * What the probabilities of a file's cells depend on.
     *
     * @throws InputException when too few of its genes are known
     */
    abstract RunBasis basis(CellFile file) throws IOException;

    /** Frees the model. */
    @Override
    public abstract void close();

    static InputException otherModel(Path model) {
        return InputException.about(model)
                .found("is not the model that the annotator was fitted with")
                .remedy("Fit the annotator again")
                .build();
    }
}
