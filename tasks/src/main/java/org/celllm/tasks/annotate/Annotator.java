package org.celllm.tasks.annotate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.EmbedSettings;

/**
 * A fitted annotator that was read from its folder: names the cells of any file, of other genes and another
 * normalisation than those it was fitted on, as long as enough genes are known to it.
 *
 * <p>Thread safe; {@link #close()} frees the model and must come last.
 */
public abstract class Annotator implements AutoCloseable {
    Annotator() {}

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
     * @throws InputException when the file cannot be used, or too few of its genes are known
     */
    public abstract Predictions predict(Path path, double threshold, Progress progress) throws IOException;

    /** How files are read. */
    abstract EmbedSettings settings();

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
