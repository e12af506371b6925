package org.celllm.tasks.embed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.card.ModelCard;
import org.celllm.data.files.SafeFiles;
import org.celllm.network.weights.ModelFolder;

/** A model inside the folder of what was fitted with it. */
public final class ModelCopy {
    private ModelCopy() {}

    /** Copies a model: what {@link ModelHash} is of, and its history where there is one. */
    public static void into(Path model, Path copy) throws IOException {
        Files.createDirectories(copy);
        List<String> files = new ArrayList<>(ModelHash.FILES);
        for (String history : List.of(ModelFolder.PROVENANCE, ModelCard.FILE, "metrics.jsonl")) {
            if (Files.isRegularFile(model.resolve(history))) {
                files.add(history);
            }
        }
        for (String file : files) {
            SafeFiles.write(copy.resolve(file), temporary -> Files.copy(model.resolve(file), temporary));
        }
    }
}
