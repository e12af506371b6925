package org.celllm.tasks.response;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What is known of drugs: fingerprints or descriptors, a number a drug and feature.
 *
 * @param names of the drugs, each once
 * @param features names of the features, such as bits of a fingerprint, each once
 * @param values [drugs, features] finite
 */
public record DrugFeatures(List<String> names, List<String> features, float[][] values) {
    public DrugFeatures {
        NamedFeatures checked = new NamedFeatures(names, features, values);
        names = checked.names();
        features = checked.columns();
    }

    /**
     * Reads a csv or tsv, gzipped or not: a header, then a row a drug with its name first.
     *
     * @throws org.celllm.data.InputException naming file and line when a field is no finite number or a drug stands there
     *     twice
     */
    public static DrugFeatures read(Path file) throws IOException {
        return of(NamedFeatures.read(file, "drug"));
    }

    /**
     * The features of some drugs, in their order.
     *
     * @throws IllegalArgumentException when one has none
     */
    public DrugFeatures of(List<String> wanted) {
        return of(new NamedFeatures(names, features, values).of(wanted));
    }

    private static DrugFeatures of(NamedFeatures features) {
        return new DrugFeatures(features.names(), features.columns(), features.values());
    }
}
