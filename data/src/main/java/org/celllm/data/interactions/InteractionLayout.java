package org.celllm.data.interactions;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a file of interactions mean what, as its first line says.
 *
 * @param tabs whether tabs part the columns; else runs of blanks
 * @param header whether the first line is one
 * @param columns how many
 * @param score the column of the score, or −1 when there is none
 */
record InteractionLayout(boolean tabs, boolean header, int columns, int score) {
    private static final Set<String> SCORES = Set.of("combined_score", "score", "confidence", "weight");
    private static final Set<String> NAMES = Set.of(
            "gene1",
            "gene_1",
            "gene_a",
            "genea",
            "protein1",
            "protein_1",
            "protein_a",
            "symbol1",
            "symbol_1",
            "symbol_a",
            "interactor_a",
            "node1");

    /**
     * The layout. A first line is a header when it begins with {@code #}, its first column is called {@code gene1}, {@code
     * protein1} or the like, or a column {@code combined_score} or the like. Without one, a third column is the score.
     *
     * @return {@code null} when it cannot be told: fewer than two columns, or more than three without a header
     */
    static @Nullable InteractionLayout of(String line) {
        boolean tabs = line.indexOf('\t') >= 0;
        List<String> fields = Arrays.stream(split(line, tabs))
                .map(field -> field.replace("\"", "").strip().toLowerCase(Locale.ROOT))
                .toList();
        if (fields.size() < 2) {
            return null;
        }
        int named = -1;
        for (int i = fields.size() - 1; i >= 2; i--) {
            named = SCORES.contains(fields.get(i)) ? i : named;
        }
        // Of several, STRING's sum of all evidence.
        named = fields.indexOf("combined_score") >= 2 ? fields.indexOf("combined_score") : named;
        String first = fields.get(0);
        if (named >= 0 || first.startsWith("#") || NAMES.contains(first)) {
            return new InteractionLayout(tabs, true, fields.size(), named);
        }
        return fields.size() > 3
                ? null
                : new InteractionLayout(tabs, false, fields.size(), fields.size() == 3 ? 2 : -1);
    }

    private static String[] split(String line, boolean tabs) {
        return tabs ? line.split("\t", -1) : line.strip().split(" +");
    }

    /** The fields of a line, stripped of quotes and blanks; {@code null} when they are not as many as the columns. */
    String @Nullable [] fields(String line) {
        String[] fields = split(line, tabs);
        if (fields.length != columns) {
            return null;
        }
        for (int i = 0; i < fields.length; i++) {
            fields[i] = fields[i].replace("\"", "").strip();
        }
        return fields;
    }
}
