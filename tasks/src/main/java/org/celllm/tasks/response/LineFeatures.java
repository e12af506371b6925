package org.celllm.tasks.response;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What is known of cell lines: expression, mutation or copy number, a number a line and gene.
 *
 * @param names of the lines, each once
 * @param genes names of the genes, each once
 * @param values [lines, genes] finite
 */
public record LineFeatures(List<String> names, List<String> genes, float[][] values) {
    public LineFeatures {
        NamedFeatures checked = new NamedFeatures(names, genes, values);
        names = checked.names();
        genes = checked.columns();
    }

    /**
     * Reads a csv or tsv, gzipped or not: a header, then a row a line with its name first.
     *
     * @throws org.celllm.data.InputException naming file and line when a field is no finite number or a line stands there
     *     twice
     */
    public static LineFeatures read(Path file) throws IOException {
        return of(NamedFeatures.read(file, "line"));
    }

    /**
     * The features of some lines, in their order.
     *
     * @throws IllegalArgumentException when one has none
     */
    public LineFeatures of(List<String> wanted) {
        return of(new NamedFeatures(names, genes, values).of(wanted));
    }

    private static LineFeatures of(NamedFeatures features) {
        return new LineFeatures(features.names(), features.columns(), features.values());
    }
}
