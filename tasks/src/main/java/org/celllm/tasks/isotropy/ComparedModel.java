package org.celllm.tasks.isotropy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.celllm.data.InputException;

/**
 * A model of a comparison.
 *
 * @param name in tables, unlike the others'
 * @param folder of the model
 */
public record ComparedModel(String name, Path folder) {
    /** The name of the reference rows of log-normalised expression. */
    public static final String GENES = "genes";

    /** The name of the reference rows of a network with random weights. */
    public static final String UNTRAINED = "untrained";

    /**
     * Names models by their folders, by their whole paths where those are alike.
     *
     * @throws InputException when a folder is given twice
     */
    public static List<ComparedModel> of(List<Path> folders) {
        List<Path> paths = folders.stream()
                .map(folder -> folder.toAbsolutePath().normalize())
                .toList();
        List<String> names = new ArrayList<>(List.of(GENES, UNTRAINED));
        paths.forEach(path -> names.add(String.valueOf(path.getFileName())));
        List<ComparedModel> models = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            if (paths.subList(0, i).contains(paths.get(i))) {
                throw InputException.about(folders.get(i))
                        .found("is given twice")
                        .remedy("Name each model once")
                        .build();
            }
            String name = names.get(2 + i);
            boolean alike = Collections.frequency(names, name) > 1;
            models.add(new ComparedModel(alike ? paths.get(i).toString() : name, folders.get(i)));
        }
        return models;
    }
}
