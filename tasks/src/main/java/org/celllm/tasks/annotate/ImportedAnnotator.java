package org.celllm.tasks.annotate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.network.runtime.Precision;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.PublishedClassifier;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.embed.ModelCopy;
import org.celllm.tasks.embed.ModelHash;

/** Makes an annotator of a model that was imported with the published classifier: only the classes' names were missing. */
public final class ImportedAnnotator {
    private static final long LARGEST_LABELS = 1 << 20;

    private ImportedAnnotator() {}

    /**
     * Writes the annotator, into a folder that appears under its name when it is whole.
     *
     * @param model a folder that {@code celllm import} wrote
     * @param labels one class's name a line, in the order of the classifier
     * @param out replaced when it exists
     * @return the names
     * @throws InputException when the model has no classifier, or the names do not fit it
     */
    public static List<String> write(Path model, Path labels, Path out) throws IOException {
        int classes = classes(model);
        List<String> names = names(labels, classes);
        SafeFiles.folder(out, folder -> {
            Path copy = folder.resolve(AnnotatorFolder.MODEL);
            ModelCopy.into(model, copy);
            ObjectNode report = JsonNodeFactory.instance.objectNode().put("model", model.toString());
            ArrayNode said = report.putArray("labels");
            names.forEach(said::add);
            AnnotatorFolder.writeTuned(folder, new AnnotatorFolder.Tuned(names, ModelHash.of(copy)), report);
        });
        return names;
    }

    private static int classes(Path model) throws IOException {
        try (StoredModel stored = ModelFolder.read(model, Precision.FLOAT32)) {
            if (!PublishedClassifier.isIn(model)) {
                throw InputException.about(model.resolve(ModelFolder.WEIGHTS))
                        .found("has no classifier")
                        .expected("conv.* and pred_head.*, as the published cell-type checkpoint has them")
                        .remedy("Import the classifier's checkpoint, or fit one: `celllm annotate fit`")
                        .build();
            }
            try (PublishedClassifier classifier = PublishedClassifier.read(model, stored.model())) {
                return classifier.classes();
            }
        }
    }

    private static List<String> names(Path labels, int classes) throws IOException {
        if (!Files.isRegularFile(labels) || Files.size(labels) > LARGEST_LABELS) {
            throw InputException.about(labels)
                    .found(Files.exists(labels) ? "is too large for names of classes" : "does not exist")
                    .expected("a text file with one name a line")
                    .build();
        }
        List<String> names;
        try {
            names = Files.readAllLines(labels).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (CharacterCodingException e) {
            throw InputException.about(labels).found("is not text in UTF-8").build(e);
        }
        if (names.size() != classes) {
            throw InputException.about(labels)
                    .found(names.size() + " names")
                    .expected(classes + ", one for each class of the classifier")
                    .build();
        }
        if (new HashSet<>(names).size() < classes) {
            throw InputException.about(labels).found("names a class twice").build();
        }
        return names;
    }
}
