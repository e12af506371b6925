package org.celllm.data.table;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table are values of the matrix, and which annotate its rows: text does, and so do numbers under a
 * header that is no gene among genes, such as {@code response} or {@code n_counts}.
 *
 * @param values columns of the matrix, in order, counted from the first after the row names
 * @param annotations the others
 */
record ColumnRoles(int[] values, int[] annotations) {
    private static final Set<String> ANNOTATIONS = Set.of(
            "response",
            "label",
            "labels",
            "cell_type",
            "celltype",
            "cluster",
            "clusters",
            "leiden",
            "louvain",
            "batch",
            "donor",
            "sample",
            "condition",
            "n_counts",
            "n_genes",
            "total_counts",
            "ncount_rna",
            "nfeature_rna",
            "percent_mito",
            "percent_mt",
            "pct_counts_mt",
            "size_factor",
            "malignancy",
            "disease",
            "tissue",
            "age",
            "start",
            "end",
            "length",
            "chr",
            "chromosome",
            "strand",
            "gene_length");

    private static final Pattern ENSEMBL = Pattern.compile("ENS[A-Z]*G\\d{11}.*");

    private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

    static ColumnRoles of(TableLayout layout, boolean genesInRows) {
        List<String> names = layout.names();
        Pattern ids = genesInRows ? null : majority(names);
        boolean[] value = new boolean[names.size()];
        for (int i = 0; i < value.length; i++) {
            String name = names.get(i);
            boolean annotates = ids == null
                    ? ANNOTATIONS.contains(name.toLowerCase(Locale.ROOT))
                    : !ids.matcher(name).matches();
            value[i] = layout.numeric()[i] && !annotates;
        }
        return new ColumnRoles(
                IntStream.range(0, value.length).filter(i -> value[i]).toArray(),
                IntStream.range(0, value.length).filter(i -> !value[i]).toArray());
    }

    /** The pattern of ids that nine of ten names follow, or {@code null}. */
    private static @Nullable Pattern majority(List<String> names) {
        for (Pattern pattern : Arrays.asList(ENSEMBL, DIGITS)) {
            long matching =
                    names.stream().filter(n -> pattern.matcher(n).matches()).count();
            if (10 * matching >= 9L * names.size()) {
                return pattern;
            }
        }
        return null;
    }
}
